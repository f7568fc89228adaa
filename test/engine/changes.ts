type Section = Record<string, unknown>;

/** Settings of a stack by key, without the project's prefix. */
export interface Settings {
  network: { newVpc: Section };
  cluster: Section;
  bottlerocket: Section;
  bootImage: Section;
  diskController: Section;
  karpenter: Section;
  pools: Record<string, Section>;
  storageClasses: Record<string, Section>;
  nodeCleanup: Section;
  systemNodes: Section;
  tags: Section;
}

/** A change of a stack that is up, and all that it may touch. */
export interface Change {
  what: string;
  edit: (settings: Settings) => void;
  /** What the engine says where the change is refused; then nothing is touched, also by `up --skip-preview`. */
  refused?: RegExp;
  /** Replaced resources, `type::name`. */
  replaced?: string[];
  created?: string[];
  deleted?: string[];
  updated?: string[];
}

const bootImage = "docker:index/image:Image::fast-disks-boot-image-image";
const nodeClass = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass::fast-disks-fast-class";
const nodePool = "kubernetes:karpenter.sh/v1:NodePool::fast-disks-fast-pool";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup::fast-disks-system-group";
const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass::fast-disks-volumes-fast-disks";
const repository = "aws:ecr/repository:Repository::fast-disks-boot-image-repository";
const provisioners = ["", "-udev"].map((it) => `kubernetes:helm.sh/v3:Release::fast-disks-volumes-fast-disks${it}`);
const cleanup = "kubernetes:apps/v1:Deployment::fast-disks-cleanup-controller";
const controllerImage = "docker:index/image:Image::fast-disks-disk-controller-image";
const controllerRepository = "aws:ecr/repository:Repository::fast-disks-disk-controller-repository";
const controller = "kubernetes:apps/v1:Deployment::fast-disks-disk-controller-deployment";
const controlPlane = "aws:eks/cluster:Cluster::fast-disks-cluster-eks-eksCluster";

/** Changes of the stack `dev`. */
export const changes: Change[] = [
  {
    what: "the cluster's name",
    edit: ({ cluster }) => (cluster.name = "another"),
    refused: /name: cannot change while the cluster exists, was "fast-disks-dev", got "another"/,
  },
  {
    what: "the VPC's range",
    edit: ({ network }) => (network.newVpc.cidrBlock = "10.1.0.0/16"),
    refused: /newVpc\.cidrBlock: cannot change while the cluster exists, was "10\.0\.0\.0\/16", got "10\.1\.0\.0\/16"/,
  },
  {
    what: "the range that the API answers to, into one that EKS refuses",
    edit: ({ cluster }) => (cluster.publicAccessCidrs = ["203.0.113.0/24"]),
    refused: /publicAccessCidrs/,
  },
  {
    what: "the number of zones, upwards",
    edit: ({ network }) => (network.newVpc.zones = 4),
    created: [
      "aws:ec2/subnet:Subnet::fast-disks-network-private-3",
      "aws:ec2/subnet:Subnet::fast-disks-network-public-3",
      "aws:ec2/routeTable:RouteTable::fast-disks-network-private-3",
      "aws:ec2/routeTableAssociation:RouteTableAssociation::fast-disks-network-private-3",
      "aws:ec2/routeTableAssociation:RouteTableAssociation::fast-disks-network-public-3",
      "aws:ec2/route:Route::fast-disks-network-private-3",
    ],
    updated: ["aws:ec2/vpcEndpoint:VpcEndpoint::fast-disks-network-s3", nodeClass],
  },
  {
    what: "the number of zones, downwards",
    edit: ({ network }) => (network.newVpc.zones = 2),
    refused: /newVpc\.zones: must be 3 or more while the cluster exists, the first value, got 2/,
  },
  {
    what: "the number of NAT gateways",
    edit: ({ network }) => (network.newVpc.natGateways = "OnePerAz"),
    created: [1, 2].flatMap((zone) => [
      `aws:ec2/eip:Eip::fast-disks-network-nat-${zone}`,
      `aws:ec2/natGateway:NatGateway::fast-disks-network-nat-${zone}`,
    ]),
    updated: [1, 2].map((zone) => `aws:ec2/route:Route::fast-disks-network-private-${zone}`),
  },
  {
    what: "a class's reclaimPolicy",
    edit: ({ storageClasses }) => (storageClasses["fast-disks"] = { reclaimPolicy: "Retain", wipe: "discard" }),
    replaced: [storageClass],
  },
  {
    what: "a class's way to wipe",
    edit: ({ storageClasses }) => (storageClasses["fast-disks"] = { reclaimPolicy: "Delete", wipe: "quick" }),
    updated: provisioners,
  },
  {
    what: "a pool's name",
    edit: (settings) => (settings.pools = { quick: settings.pools.fast ?? {} }),
    created: [nodeClass, nodePool].map((name) => name.replace("fast-disks-fast", "fast-disks-quick")),
    deleted: [nodeClass, nodePool],
  },
  {
    what: "a class's name",
    edit: (settings) => {
      settings.pools.fast = { ...settings.pools.fast, storageClass: "other" };
      settings.storageClasses = { other: { reclaimPolicy: "Delete", wipe: "discard" } };
    },
    created: [storageClass, ...provisioners].map((name) => name.replace("volumes-fast-disks", "volumes-other")),
    updated: [cleanup, controller, nodePool],
    deleted: [storageClass, ...provisioners],
  },
  {
    what: "a pool's discovery",
    edit: ({ pools }) => (pools.fast = { ...pools.fast, discovery: "udev" }),
    updated: [nodeClass, nodePool],
    deleted: [bootImage, repository],
  },
  {
    what: "the boot image, into a ready-made one",
    edit: (settings) => (settings.bootImage = { reference: `registry.example/fast@sha256:${"a".repeat(64)}` }),
    updated: [nodeClass],
    deleted: [bootImage, repository],
  },
  {
    what: "the disk controller's image, into a ready-made one",
    edit: (settings) => (settings.diskController = { reference: `registry.example/disks@sha256:${"a".repeat(64)}` }),
    updated: [controller],
    deleted: [controllerImage, controllerRepository],
  },
  {
    what: "a pool's instance profile",
    edit: ({ pools }) => (pools.fast = { ...pools.fast, instanceProfile: "ready-made" }),
    updated: [nodeClass, "aws:iam/policy:Policy::fast-disks-karpenter-identity-iam"],
  },
  {
    what: "Bottlerocket's version",
    edit: ({ bottlerocket }) => (bottlerocket.version = "1.65.0"),
    updated: [nodeGroup, nodeClass],
  },
  {
    what: "Kubernetes' version",
    edit: ({ cluster }) => (cluster.kubernetesVersion = "1.36"),
    updated: [controlPlane, nodeGroup],
  },
  {
    what: "what Karpenter does on maintenance",
    edit: ({ karpenter }) => (karpenter.onMaintenance = "hold"),
    updated: ["aws:iam/policy:Policy::fast-disks-karpenter-identity-discovery"],
    deleted: [
      "aws:cloudwatch/eventRule:EventRule::fast-disks-interruption-health",
      "aws:cloudwatch/eventTarget:EventTarget::fast-disks-interruption-health-target",
    ],
  },
  {
    what: "the system nodes' instance types",
    edit: (settings) => (settings.systemNodes = { instanceTypes: ["m8g.large"] }),
    replaced: [nodeGroup],
  },
  {
    what: "the number of system nodes",
    edit: (settings) => (settings.systemNodes = { minSize: 3 }),
    updated: [nodeGroup],
  },
  {
    what: "the cluster's admins",
    edit: ({ cluster }) => (cluster.admins = { ops: "arn:aws:iam::123456789012:role/ops" }),
    created: [
      "aws:eks/accessEntry:AccessEntry::fast-disks-cluster-ops-admin",
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation::fast-disks-cluster-ops-admin",
    ],
  },
  {
    what: "how long logs are there",
    edit: ({ cluster }) => (cluster.logRetentionDays = 7),
    updated: ["aws:cloudwatch/logGroup:LogGroup::fast-disks-cluster-logs"],
  },
  {
    what: "the delay before claims of a lost node are deleted",
    edit: (settings) => (settings.nodeCleanup = { claimDeletionDelay: "30s" }),
    updated: [cleanup],
  },
];
