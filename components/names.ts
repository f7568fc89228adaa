/** Every string that two files must agree on. */
export const names = {
  /** Folder on the host in which links to the disks appear, and which the provisioner watches. */
  folder: "/mnt/fast-disks",
  /** Folder of Bottlerocket's own links to local disks. */
  udevFolder: "/dev/disk/ephemeral",
  /** Bottlerocket's name of the bootstrap container. */
  bootstrapContainer: "fast-disks",
  /** StorageClass of a pool's volumes unless the pool names another. */
  defaultClass: "fast-disks",
  /** Node label and taint key; the value is the StorageClass of the node's volumes. */
  classLabel: "eks-fast-disks/class",
  /** Node label: how the disks of the node were found, see `Discovery`. */
  discoveryLabel: "eks-fast-disks/discovery",
  /** Pod label of consumers; their anti-affinity uses it, so that two of them do not run on one node. */
  consumerLabel: "eks-fast-disks/consumer",
  /** Taint key: every disk of the node is taken, and no pod uses one. The disk controller adds and removes the taint. */
  takenTaint: "eks-fast-disks/disks-taken",
  /** Resource that stands for one disk where disks are counted; the disk controller writes how many a node has. */
  diskResource: "eks-fast-disks/disk",
  /** Tag by which Karpenter finds subnets and security groups; the value is the cluster's name. */
  discoveryTag: "karpenter.sh/discovery",
  /** Label that Karpenter puts on each node it makes. */
  nodePoolLabel: "karpenter.sh/nodepool",
  /** Karpenter's service account, which the Pod Identity association names before it exists. */
  karpenterServiceAccount: "karpenter",
  karpenterNamespace: "kube-system",
  /** Provisioner of volumes that are not made on demand. */
  noProvisioner: "kubernetes.io/no-provisioner",
  localNvmeLabel: "karpenter.k8s.aws/instance-local-nvme",
  instanceTypeLabel: "node.kubernetes.io/instance-type",
  /** The page that has a section per alert. */
  runbook: "https://github.com/eks-fast-disks/eks-fast-disks/blob/HEAD/docs/runbook.md",
} as const;
