import { base64 } from "../chain";
import { foundBy } from "./mutation";

const values = "provisioner.values";
const classes = `${values}.classes.0`;
const daemonSet = "handmade.spec.template.spec";
const release = (change: object) => ({
  type: "kubernetes:helm.sh/v3:Release",
  props: {
    chart: "local-static-provisioner",
    version: "2.9.0",
    values: {
      classes: [{ name: "fast-disks", hostDir: "/mnt/fast-disks", blockCleanerCommand: ["/scripts/blkdiscard.sh"] }],
      nodeSelector: { "eks-fast-disks/class": "fast-disks" },
    },
    ...change,
  },
});
const map = (folder: string, cleaner = "/scripts/quick_reset.sh", name = "raw-disks") =>
  `${name}:\n  hostDir: ${folder}\n  mountDir: ${folder}\n  blockCleanerCommand:\n    - "${cleaner}"\n`;
const driver = "aws-ec2-local-instance-store-csi-driver";

export const storage = [
  ...foundBy(
    "provisioner-pinned",
    ["version must be an exact release, got nothing", { "provisioner.version": undefined }],
    ['version must be an exact release, got "^2.9.0"', { "provisioner.version": "^2.9.0" }],
    ["version must be an exact release, got null", { "provisioner.version": null }],
    [
      "values.image must be a release",
      { [`${values}.image`]: "registry.k8s.io/sig-storage/local-volume-provisioner:latest" },
    ],
    [
      "values.image must be a release",
      { [`${values}.image`]: "gcr.io/k8s-staging-sig-storage/local-volume-provisioner:v2.9.0" },
    ],
    ["image must be a release", { [`${daemonSet}.containers.0.image`]: "x/local-volume-provisioner:canary" }],
  ),
  ...foundBy(
    "provisioner-startup-taint",
    ["values.removeNodeNotReadyTaint must be false, got true", { [`${values}.removeNodeNotReadyTaint`]: true }],
    ['values.removeNodeNotReadyTaint must be false, got "true"', { [`${values}.removeNodeNotReadyTaint`]: "true" }],
    [
      "values.removeNodeNotReadyTaint must be false, got true",
      {
        "provisioner.chart": "https://example.com/charts/local-static-provisioner-2.9.0.tgz",
        "provisioner.version": undefined,
        [`${values}.removeNodeNotReadyTaint`]: true,
      },
    ],
  ),
  ...foundBy(
    "provisioner-nodes",
    [
      "values.nodeSelector must select nodes with fast disks",
      { [`${values}.nodeSelector`]: { "kubernetes.io/os": "linux" } },
    ],
    [
      "values.nodeSelector must select nodes with fast disks, got nothing",
      {
        [`${values}.nodeSelector`]: undefined,
        "handmade.spec.template.spec.nodeSelector": { "eks-fast-disks/class": "none" },
        "handmadeConfig.data.storageClassMap": map("/mnt/raw"),
      },
    ],
    ["got null", { [`${values}.nodeSelector`]: null }],
    [
      "spec.template.spec.nodeSelector must select nodes with fast disks",
      { [`${daemonSet}.nodeSelector`]: { "kubernetes.io/arch": "arm64" } },
    ],
  ),
  ...foundBy(
    "provisioner-classes",
    ['its classes must have StorageClasses, got none for "dense"', { [`${classes}.name`]: "dense" }],
    ['got none for "raw"', { "handmadeConfig.data.storageClassMap": map("/dev/disk/kubernetes", undefined, "raw") }],
    [
      'got none for "third"',
      {
        third: release({
          values: {
            classes: [{ name: "third", hostDir: "/mnt/third" }],
            nodeSelector: { "karpenter.sh/nodepool": "third" },
          },
        }),
      },
    ],
  ),
  ...foundBy(
    "provisioner-wipe",
    [
      'blockCleanerCommand of class "fast-disks" must not be shred.sh',
      { [`${classes}.blockCleanerCommand`]: ["/scripts/shred.sh", "2"] },
    ],
    ["values.classes must be set, got nothing", { [`${values}.classes`]: undefined }],
    ["values.classes must be set, got nothing", { [`${values}.classes`]: null }],
    [
      'blockCleanerCommand of class "raw-disks" must not be shred.sh',
      { "handmadeConfig.data.storageClassMap": map("/dev/disk/kubernetes", "/scripts/shred.sh") },
    ],
  ),
  ...foundBy(
    "provisioner-overlap",
    [
      "must not watch the folder of provisioner on the same nodes, got /mnt/fast-disks for both",
      { second: release({}) },
    ],
    ["must not watch the folder of provisioner", { second: release({ chart: "./charts/local-static-provisioner" }) }],
    [
      "must not watch the folder of provisioner",
      {
        second: release({
          values: {
            classes: [
              { name: "fast-disks", hostDir: "/mnt/fast-disks", blockCleanerCommand: ["/scripts/blkdiscard.sh"] },
            ],
            nodeSelector: { "karpenter.sh/nodepool": "databases" },
          },
        }),
      },
    ],
    [
      "must not watch the folder of provisioner",
      { second: release({ chart: "https://example.com/local-static-provisioner-2.9.0.tgz", version: undefined }) },
    ],
    [
      "must not watch the folder of provisioner",
      {
        "handmade.spec.template.spec.nodeSelector": {
          "kubernetes.io/os": "linux",
          "eks-fast-disks/class": "fast-disks",
        },
        "handmadeConfig.data.storageClassMap": map("/mnt/fast-disks"),
      },
    ],
    [
      "each of its classes must have its own folder, got /mnt/fast-disks twice",
      {
        [`${values}.classes.1`]: {
          name: "raw-disks",
          hostDir: "/mnt/fast-disks",
          blockCleanerCommand: ["/scripts/blkdiscard.sh"],
        },
      },
    ],
  ),
  ...foundBy(
    "provisioner-folder",
    [
      "its nodes must have the bootstrap container fast-disks, got none in nodeClass",
      { "nodeClass.spec.userData": "[settings.kubernetes]\nlog-level = 2\n" },
    ],
    ["got no user data in nodeClass", { "nodeClass.spec.userData": undefined }],
    ["got no user data in nodeClass", { "nodeClass.spec.userData": "" }],
    ["got no user data in nodeClass", { "nodeClass.spec.userData": null }],
    [
      "got no user data in nodeClass",
      {
        "nodeClass.spec.userData": undefined,
        "nodeClass.spec.amiFamily": "AL2023",
        "nodeClass.spec.amiSelectorTerms": [{ alias: "al2023@v20260901" }],
      },
    ],
    [
      "its nodes must have the bootstrap container fast-disks, got none in diskTemplate",
      { "diskTemplate.userData": base64('[settings.kubernetes.node-labels]\n"eks-fast-disks/class" = "fast-disks"\n') },
    ],
  ),
  ...foundBy(
    "storage-class-binding",
    [
      'volumeBindingMode must be WaitForFirstConsumer, got "Immediate"',
      { "storageClass.volumeBindingMode": "Immediate" },
    ],
    ["volumeBindingMode must be WaitForFirstConsumer, got nothing", { "storageClass.volumeBindingMode": undefined }],
    [
      'provisioner must be kubernetes.io/no-provisioner, got "ebs.csi.aws.com"',
      { "storageClass.provisioner": "ebs.csi.aws.com" },
    ],
    ['got "Immediate"', { "rawClass.volumeBindingMode": "Immediate" }],
  ),
  ...foundBy(
    "storage-class-reclaim-policy",
    ["reclaimPolicy must be Delete or Retain, got nothing", { "storageClass.reclaimPolicy": undefined }],
    ["reclaimPolicy must be Delete or Retain, got null", { "storageClass.reclaimPolicy": null }],
    ['got "Recycle"', { "storageClass.reclaimPolicy": "Recycle" }],
    [
      "class fast-disks: storageClass.reclaimPolicy must be Delete or Retain, got nothing",
      { [`${classes}.storageClass`]: true },
    ],
  ),
  ...foundBy(
    "storage-engines",
    [
      "must not run on the nodes of the static provisioner provisioner",
      {
        "addOn.addonName": driver,
        "addOn.configurationValues": JSON.stringify({
          node: { nodeSelector: { "eks-fast-disks/class": "fast-disks" } },
        }),
        handmade: undefined,
        handmadeConfig: undefined,
        rawClass: undefined,
      },
    ],
    [
      "must not run on the nodes of the static provisioner provisioner",
      {
        csi: { type: "kubernetes:helm.sh/v3:Release", props: { chart: driver } },
        handmade: undefined,
        handmadeConfig: undefined,
        rawClass: undefined,
      },
    ],
    [
      "must not run on the nodes of the static provisioner provisioner",
      {
        csi: { type: "kubernetes:storage.k8s.io/v1:CSIDriver", props: { metadata: { name: "lis.csi.aws.com" } } },
        handmade: undefined,
        handmadeConfig: undefined,
        rawClass: undefined,
      },
    ],
    [
      "must not run on the nodes of the static provisioner handmade",
      {
        csi: {
          type: "kubernetes:apps/v1:DaemonSet",
          props: {
            spec: {
              template: {
                spec: {
                  nodeSelector: { "eks-fast-disks/class": "none" },
                  containers: [{ image: `public.ecr.aws/eks/${driver}:v1.0.0` }],
                },
              },
            },
          },
        },
      },
    ],
    [
      "must not run on the nodes of the static provisioner provisioner",
      {
        csi: { type: "aws-native:eks:Addon", props: { addonName: driver } },
        handmade: undefined,
        handmadeConfig: undefined,
        rawClass: undefined,
      },
    ],
  ),
  ...foundBy(
    "overlay-advertiser",
    [
      "a program must advertise eks-fast-disks/disk, got no Deployment, DaemonSet or release that names it",
      { advertiser: undefined },
    ],
    [
      "a program must advertise eks-fast-disks/disk, got no Deployment, DaemonSet or release that names it",
      { "advertiser.spec.template.spec.containers.0.args": ["--storage-classes=fast-disks"] },
    ],
    [
      "a program must advertise eks-fast-disks/disk, got no Deployment, DaemonSet or release that names it",
      { "advertiser.spec.template.spec.containers.0.args": ["--taint=eks-fast-disks/disks-taken"] },
    ],
    ["a program must advertise example.com/nvme", { "overlay.spec.capacity": { "example.com/nvme": "2" } }],
  ),
];
