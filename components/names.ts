/** Every string that two files must agree on. */
export const names = {
  /** Folder on the host in which links to the disks appear, and that the provisioner watches. */
  folder: "/mnt/fast-disks",
  /** Folder of Bottlerocket's own links to local disks. */
  udevFolder: "/dev/disk/ephemeral",
  /** Bottlerocket's name of the bootstrap container. */
  bootstrapContainer: "fast-disks",
  /** StorageClass of a pool's volumes unless the pool sets another. */
  defaultClass: "fast-disks",
  /** Node label and taint key; the value is the StorageClass of the node's volumes. */
  classLabel: "eks-fast-disks/class",
  /** Node label: how the disks of the node were found, see `Discovery`. */
  discoveryLabel: "eks-fast-disks/discovery",
  /** Pod label of consumers; their anti-affinity uses it, so no two of them run on one node. */
  consumerLabel: "eks-fast-disks/consumer",
  /** Taint key: no other consumer can get a disk of the node. The disk controller adds and removes the taint. */
  takenTaint: "eks-fast-disks/disks-taken",
  /** Resource for one disk if disks are counted; the disk controller writes how many a node has. */
  diskResource: "eks-fast-disks/disk",
  /** Tag by which Karpenter finds subnets and security groups; the value is the cluster's name. */
  discoveryTag: "karpenter.sh/discovery",
  /** Label that Karpenter sets on each of its nodes. */
  nodePoolLabel: "karpenter.sh/nodepool",
  /** Karpenter's service account, which the Pod Identity association names before it exists. */
  karpenterServiceAccount: "karpenter",
  karpenterNamespace: "kube-system",
  /** Provisioner of volumes that are not created on demand. */
  noProvisioner: "kubernetes.io/no-provisioner",
  localNvmeLabel: "karpenter.k8s.aws/instance-local-nvme",
  instanceTypeLabel: "node.kubernetes.io/instance-type",
  /** The page that has a section per alert. */
  runbook: "https://github.com/eks-fast-disks/eks-fast-disks/blob/HEAD/docs/runbook.md",
} as const;
