import { base64, groupUserData } from "../chain";
import { foundBy } from "./mutation";

const spec = "nodeClass.spec";
const options = `${spec}.metadataOptions`;
const mappings = `${spec}.blockDeviceMappings`;
const dense = (change: object) => ({
  type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
  props: {
    apiVersion: "karpenter.k8s.aws/v1",
    metadata: { name: "other" },
    spec: { amiSelectorTerms: [{ alias: "bottlerocket@v1.66.0" }], role: "nodes", ...change },
  },
});
const native = (data: object) => ({
  type: "aws-native:ec2:LaunchTemplate",
  props: {
    launchTemplateName: "native",
    launchTemplateData: {
      userData: base64("[settings.host-containers.admin]\nenabled = false\n"),
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvdb", ebs: { volumeType: "gp3", encrypted: true } }],
      ...data,
    },
  },
});
const evictionOf = (...signals: string[]) =>
  `[settings.kubernetes.eviction-hard]\n${signals.map((one) => `"${one}" = "5%"\n`).join("")}[settings.bootstrap-containers.fast-disks]\nsource = "x@sha256:${"a".repeat(64)}"\nmode = "always"\nessential = true\n`;

export const nodes = [
  ...foundBy(
    "node-class-bottlerocket",
    ["must have a bottlerocket alias", { [`${spec}.amiSelectorTerms`]: [{ alias: "al2023@v20260901" }] }],
    ['spec.amiFamily must be Bottlerocket, got "AL2023"', { [`${spec}.amiFamily`]: "AL2023" }],
    ['spec.amiFamily must be Bottlerocket, got "Custom"', { other: dense({ amiFamily: "Custom" }) }],
    [
      "spec.amiFamily must be Bottlerocket, got null",
      { [`${spec}.amiFamily`]: null, [`${spec}.amiSelectorTerms`]: [{ id: "ami-0123456789abcdef0" }] },
    ],
  ),
  ...foundBy(
    "node-class-identity",
    ['must set exactly one of role and instanceProfile, got ["role","instanceProfile"]', { [`${spec}.role`]: "nodes" }],
    ["got []", { [`${spec}.instanceProfile`]: undefined }],
    ["got []", { [`${spec}.instanceProfile`]: "" }],
    ["got []", { [`${spec}.instanceProfile`]: null }],
    ["got []", { other: dense({ role: undefined }) }],
  ),
  ...foundBy(
    "node-class-instance-store",
    [
      'spec.instanceStorePolicy must be unset with fast disks, got "RAID0"',
      { [`${spec}.instanceStorePolicy`]: "RAID0" },
    ],
    [
      'got "RAID0"',
      {
        [`${spec}.instanceStorePolicy`]: "RAID0",
        "nodePool.spec.template.metadata.labels": {},
        "provisioner.values.nodeSelector": { "karpenter.sh/nodepool": "databases" },
        "consumer.spec.template.spec.nodeSelector": { "karpenter.sh/nodepool": "databases" },
      },
    ],
  ),
  ...foundBy(
    "node-class-pinned-image",
    ["must pin a release", { [`${spec}.amiSelectorTerms.0.alias`]: "bottlerocket@latest" }],
    ["must pin a release", { [`${spec}.amiSelectorTerms.0.alias`]: "bottlerocket@1.66.0" }],
    ["must pin a release", { [`${spec}.amiSelectorTerms.0`]: { name: "bottlerocket-*" } }],
    ["must pin a release, got []", { [`${spec}.amiSelectorTerms`]: [] }],
    ["must pin a release, got nothing", { [`${spec}.amiSelectorTerms`]: undefined }],
    ["must pin a release, got null", { [`${spec}.amiSelectorTerms`]: null }],
  ),
  ...foundBy(
    "node-eviction",
    [
      "spec.kubelet.evictionHard must set all hard eviction signals or none, got only memory.available",
      { [`${spec}.kubelet`]: { evictionHard: { "memory.available": "5%" } } },
    ],
    [
      "spec.userData must set all hard eviction signals or none, got only memory.available",
      { [`${spec}.userData`]: evictionOf("memory.available") },
    ],
    [
      "got only memory.available and nodefs.available and nodefs.inodesFree",
      { [`${spec}.userData`]: evictionOf("memory.available", "nodefs.available", "nodefs.inodesFree") },
    ],
    [
      "userData must set all hard eviction signals or none, got only memory.available",
      {
        "diskTemplate.userData": base64(
          evictionOf("memory.available") + '[settings.kubernetes.node-labels]\n"example.com/disks" = "raw"\n',
        ),
      },
    ],
  ),
  ...foundBy(
    "node-metadata-imdsv2",
    ['spec.metadataOptions.httpTokens must be required, got "optional"', { [`${options}.httpTokens`]: "optional" }],
    ["spec.metadataOptions.httpPutResponseHopLimit must be 1, got 2", { [`${options}.httpPutResponseHopLimit`]: 2 }],
    [
      "metadataOptions.httpTokens must be required, got nothing",
      { "launchTemplate.metadataOptions.httpTokens": undefined },
    ],
    [
      "metadataOptions.httpPutResponseHopLimit must be 1, got null",
      { "launchTemplate.metadataOptions.httpPutResponseHopLimit": null },
    ],
    [
      "launchTemplateData.metadataOptions.httpPutResponseHopLimit must be 1, got 2",
      { native: native({ metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } }) },
    ],
  ),
  ...foundBy(
    "node-volumes-encrypted",
    ["of /dev/xvda: ebs.encrypted must be true, got false", { [`${mappings}.0.ebs.encrypted`]: false }],
    ["of /dev/xvdb: ebs.encrypted must be true, got nothing", { [`${mappings}.1.ebs.encrypted`]: undefined }],
    ['of /dev/xvdb: ebs.volumeType must be gp3, got "gp2"', { [`${mappings}.1.ebs.volumeType`]: "gp2" }],
    [
      "must map /dev/xvdb, got no such device",
      { [`${mappings}.1`]: { deviceName: "/dev/xvdc", ebs: { volumeType: "gp3", encrypted: true } } },
    ],
    ["must map /dev/xvdb, got no such device", { "launchTemplate.blockDeviceMappings": undefined }],
    [
      'of /dev/xvdb: ebs.encrypted must be true, got "false"',
      { "launchTemplate.blockDeviceMappings.0.ebs.encrypted": "false" },
    ],
    ["launchTemplateData.blockDeviceMappings must map /dev/xvdb", { native: native({ blockDeviceMappings: [] }) }],
  ),
  ...foundBy(
    "node-group-bottlerocket",
    ["amiType must be a Bottlerocket type, got nothing", { "nodeGroup.amiType": undefined }],
    ['got "AL2023_ARM_64_STANDARD"', { "nodeGroup.amiType": "AL2023_ARM_64_STANDARD" }],
    ["got null", { "nodeGroup.amiType": null }],
  ),
  ...foundBy(
    "node-group-disruption",
    ["nodeRepairConfig.enabled must be false, got true", { "diskGroup.nodeRepairConfig.enabled": true }],
    ["forceUpdateVersion must be false, got true", { "diskGroup.forceUpdateVersion": true }],
    ["forceUpdateEnabled must be false, got true", { "diskGroup.forceUpdateEnabled": true }],
    [
      "forceUpdateVersion must be false, got true",
      {
        "diskGroup.forceUpdateVersion": true,
        "diskGroup.labels": { "eks-fast-disks/class": "raw-disks" },
        "diskTemplate.userData": base64("[settings.host-containers.admin]\nenabled = false\n"),
      },
    ],
    [
      "forceUpdateVersion must be false, got true",
      {
        "diskGroup.forceUpdateVersion": true,
        "diskTemplate.userData": base64(groupUserData({ "eks-fast-disks/class": "raw-disks" })),
      },
    ],
  ),
  ...foundBy(
    "node-group-instance-types",
    [
      "instanceTypes must have local NVMe, got c8g.xlarge",
      { "diskGroup.instanceTypes": ["c8gd.xlarge", "c8g.xlarge"] },
    ],
    ["instanceTypes must list types with local NVMe, got nothing", { "diskGroup.instanceTypes": undefined }],
    [
      "instanceTypes must have local NVMe, got m7g.large",
      { "diskGroup.instanceTypes": undefined, "diskTemplate.instanceType": "m7g.large" },
    ],
  ),
  ...foundBy(
    "node-group-image",
    [
      'imageId must be unset for a node group, got "ami-0123456789abcdef0"',
      { "launchTemplate.imageId": "ami-0123456789abcdef0" },
    ],
    [
      "launchTemplateData.imageId must be unset for a node group",
      {
        native: native({ imageId: "ami-0123456789abcdef0" }),
        group: {
          type: "aws-native:eks:Nodegroup",
          props: {
            nodegroupName: "native",
            amiType: "BOTTLEROCKET_x86_64",
            releaseVersion: "1.66.0-18d04e52",
            launchTemplate: { name: "native", version: "1" },
          },
        },
      },
    ],
  ),
  ...foundBy(
    "node-group-launch-template",
    ['launchTemplate.version must be a number, got "$Latest"', { "nodeGroup.launchTemplate.version": "$Latest" }],
    ['got "$Default"', { "nodeGroup.launchTemplate.version": "$Default" }],
    ["got nothing", { "nodeGroup.launchTemplate": undefined }],
  ),
  ...foundBy(
    "node-group-pinned-release",
    ["releaseVersion must be <version>-<commit>, got nothing", { "nodeGroup.releaseVersion": undefined }],
    ['got "1.66.0"', { "nodeGroup.releaseVersion": "1.66.0" }],
    ['got "latest"', { "nodeGroup.releaseVersion": "latest" }],
  ),
];
