import { foundBy } from "./mutation";

const spec = "consumer.spec";
const pod = `${spec}.template.spec`;
const retention = `${spec}.persistentVolumeClaimRetentionPolicy`;
const claim = {
  type: "kubernetes:core/v1:PersistentVolumeClaim",
  props: { metadata: { name: "cache" }, spec: { storageClassName: "fast-disks" } },
};
const deployment = (volume: object) => ({
  type: "kubernetes:apps/v1:Deployment",
  props: {
    spec: { replicas: 1, template: { spec: { containers: [{ name: "x", image: "x:1.0.0" }], volumes: [volume] } } },
  },
});

export const consumers = [
  ...foundBy(
    "consumer-claims",
    ["must set whenDeleted and whenScaled to Delete, got nothing, which means Retain", { [retention]: undefined }],
    ["got nothing, which means Retain", { [retention]: null }],
    ['whenScaled must be Delete, got "Retain"', { [`${retention}.whenScaled`]: "Retain" }],
    ["whenDeleted must be Delete, got nothing", { [`${retention}.whenDeleted`]: undefined }],
  ),
  ...foundBy(
    "consumer-placement",
    ["nodeSelector must select nodes with fast disks, got nothing", { [`${pod}.nodeSelector`]: undefined }],
    ['got {"kubernetes.io/arch":"arm64"}', { [`${pod}.nodeSelector`]: { "kubernetes.io/arch": "arm64" } }],
    ['got {"eks-fast-disks/class":"dense"}', { [`${pod}.nodeSelector`]: { "eks-fast-disks/class": "dense" } }],
    ["tolerations must tolerate the taints of nodePool", { [`${pod}.tolerations`]: undefined }],
    ["tolerations must tolerate the taints of nodePool", { [`${pod}.tolerations.0.value`]: "dense" }],
    ["tolerations must tolerate the taints of nodePool", { [`${pod}.tolerations.0.effect`]: "NoExecute" }],
    [
      "must keep its pods on separate hosts, or request a counted disk, got neither",
      { [`${pod}.affinity`]: undefined },
    ],
    [
      "got neither",
      {
        [`${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey`]:
          "topology.kubernetes.io/zone",
      },
    ],
    [
      "got neither",
      { [`${pod}.affinity`]: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } },
    ],
    [
      "nodeSelector must select nodes with fast disks",
      { job: deployment({ name: "cache", persistentVolumeClaim: { claimName: "cache" } }), claim },
    ],
    [
      "nodeSelector must select nodes with fast disks",
      {
        job: deployment({
          name: "cache",
          ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "raw-disks" } } },
        }),
      },
    ],
  ),
];
