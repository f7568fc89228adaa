import type { ExistingVpcArgs, FastDisksArgs } from "../components";

/** A possible change of a stack's settings. */
export interface SettingChange {
  /** As in the README's table; `<name>` for the user's own names. */
  setting: string;
  what: string;
  from: Start;
  apply: (settings: WholeArgs) => void;
}

/** What exists before the stack is created. */
export const Start = { nothing: "nothing", vpc: "VPC", cluster: "cluster", monitored: "with monitoring" } as const;
export type Start = (typeof Start)[keyof typeof Start];

/** A chain that creates its cluster, with pools. */
export type WholeArgs = FastDisksArgs & Required<Pick<FastDisksArgs, "network" | "cluster" | "karpenter" | "pools">>;

const image = (digit: string) => `registry.example.com/boot@sha256:${digit.repeat(64)}`;
const network = "network.newVpc";
const pool = "pools.<name>";
const nodeGroup = "nodeGroups.<name>";
const storageClass = "storageClasses.<name>";

/** A stack before the changes. */
export function settingsBefore(from: Start): FastDisksArgs {
  const { network, cluster, systemNodes, karpenter, ...others } = wholeChain(from);
  if (from !== Start.cluster) return { ...others, network, cluster, systemNodes, karpenter };
  return { ...others, existingCluster: { name: "dev" }, existingKarpenter: { nodeRole: "KarpenterNodeRole-dev" } };
}

function wholeChain(from: Start): WholeArgs {
  return {
    ...(from === Start.monitored && { monitoring: true, prometheus: { namespace: "monitoring" } }),
    network: from === Start.vpc ? { existingVpc: existingVpc({}) } : { newVpc: { cidrBlock: "10.0.0.0/16", zones: 3 } },
    cluster: {
      name: "dev",
      kubernetesVersion: "1.34",
      publicAccessCidrs: ["8.8.8.0/24"],
      admins: { ops: "arn:aws:iam::123456789012:role/ops" },
    },
    bottlerocket: { version: "1.66.0" },
    systemNodes: {},
    karpenter: { version: "1.14.0" },
    pools: {
      fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge"] },
      other: { instanceTypes: ["c8gd.xlarge", "c8gd.12xlarge"], disks: 1 },
      dense: { instanceTypes: ["i8g.xlarge"], storageClass: "dense" },
    },
    nodeGroups: { base: { instanceTypes: ["c8gd.xlarge"], minSize: 2 } },
    storageClasses: { "fast-disks": {}, dense: {} },
    nodeCleanup: {},
  };
}

function change(setting: string, what: string, apply: (settings: WholeArgs) => void): SettingChange {
  return { setting, what, from: Start.nothing, apply };
}

function inExistingVpc(setting: string, what: string, apply: (settings: WholeArgs) => void): SettingChange {
  return { setting, what, from: Start.vpc, apply };
}

function inExistingCluster(setting: string, what: string, apply: (settings: WholeArgs) => void): SettingChange {
  return { setting, what, from: Start.cluster, apply };
}

function withMonitoring(setting: string, what: string, apply: (settings: WholeArgs) => void): SettingChange {
  return { setting, what, from: Start.monitored, apply };
}

function existingVpc({ vpcId = "vpc-0123456789abcdef0", subnets = 3 }): ExistingVpcArgs {
  return { vpcId, subnetIds: Array.from({ length: subnets }, (_, index) => `subnet-0123456789abcdef${index}`) };
}

function poolChange(key: string, what: string, apply: (pool: WholeArgs["pools"][string]) => void): SettingChange {
  return change(`${pool}.${key}`, what, ({ pools }) => {
    if (pools.fast) apply(pools.fast);
  });
}

function groupChange(
  key: string,
  what: string,
  apply: (group: NonNullable<FastDisksArgs["nodeGroups"]>[string]) => void,
): SettingChange {
  return change(`${nodeGroup}.${key}`, what, ({ nodeGroups }) => {
    if (nodeGroups?.base) apply(nodeGroups.base);
  });
}

function classChange(
  key: string,
  what: string,
  apply: (of: NonNullable<FastDisksArgs["storageClasses"]>[string]) => void,
): SettingChange {
  return change(`${storageClass}.${key}`, what, ({ storageClasses }) => {
    const of = storageClasses?.["fast-disks"];
    if (of) apply(of);
  });
}

/** At least one change of every setting. */
export const settingChanges: SettingChange[] = [
  change(
    `${network}.cidrBlock`,
    "another range",
    ({ network }) => (network.newVpc = { cidrBlock: "10.1.0.0/16", zones: 3 }),
  ),
  change(`${network}.zones`, "one more", ({ network }) => (network.newVpc = { zones: 4 })),
  change(`${network}.zones`, "one fewer", ({ network }) => (network.newVpc = { zones: 2 })),
  change(
    `${network}.zoneNames`,
    "the zones in use, by name",
    ({ network }) => (network.newVpc = { zoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"] }),
  ),
  change(
    `${network}.zoneNames`,
    "another zone",
    ({ network }) => (network.newVpc = { zoneNames: ["us-east-1a", "us-east-1b", "us-east-1d"] }),
  ),
  change(
    `${network}.natGateways`,
    "`Single` to `OnePerAz`",
    ({ network }) => (network.newVpc = { zones: 3, natGateways: "OnePerAz" }),
  ),
  inExistingVpc(
    "network.existingVpc.vpcId",
    "another VPC",
    ({ network }) => (network.existingVpc = existingVpc({ vpcId: "vpc-0fedcba9876543210" })),
  ),
  inExistingVpc(
    "network.existingVpc.subnetIds",
    "one more",
    ({ network }) => (network.existingVpc = existingVpc({ subnets: 4 })),
  ),
  inExistingVpc(
    "network.existingVpc.subnetIds",
    "one fewer",
    ({ network }) => (network.existingVpc = existingVpc({ subnets: 2 })),
  ),
  inExistingVpc("network.existingVpc.subnets", "terms that find another subnet", ({ network }) => {
    network.existingVpc = { vpcId: existingVpc({}).vpcId, subnets: [{ tags: { Name: "a" } }] };
  }),
  change("cluster.name", "another name", ({ cluster }) => (cluster.name = "other")),
  change("cluster.kubernetesVersion", "upgrade", ({ cluster }) => (cluster.kubernetesVersion = "1.35")),
  change("cluster.publicAccessCidrs", "another range", ({ cluster }) => (cluster.publicAccessCidrs = ["8.8.4.0/24"])),
  change("cluster.privateOnly", "on, in a new VPC", ({ cluster }) => {
    delete cluster.publicAccessCidrs;
    cluster.privateOnly = true;
  }),
  inExistingVpc("cluster.privateOnly", "on, in an existing VPC", ({ cluster }) => {
    delete cluster.publicAccessCidrs;
    cluster.privateOnly = true;
  }),
  change(
    "cluster.admins.<name>",
    "another role",
    ({ cluster }) => (cluster.admins = { ops: "arn:aws:iam::123456789012:role/other" }),
  ),
  change("cluster.logTypes", "fewer", ({ cluster }) => (cluster.logTypes = ["audit"])),
  change("cluster.logRetentionDays", "longer", ({ cluster }) => (cluster.logRetentionDays = 90)),
  change("cluster.deletionProtection", "on", ({ cluster }) => (cluster.deletionProtection = true)),
  change("cluster.awsProfile", "another profile", ({ cluster }) => (cluster.awsProfile = "work")),
  ...(["vpcCni", "kubeProxy", "podIdentityAgent", "coredns"] as const).map((key) =>
    change(
      `cluster.addOns.${key}`,
      "another version",
      ({ cluster }) => (cluster.addOns = { [key]: "v1.2.3-eksbuild.1" }),
    ),
  ),
  inExistingCluster("existingCluster.name", "another name", (settings) => (settings.existingCluster = { name: "b" })),
  inExistingCluster(
    "existingCluster.awsProfile",
    "another profile",
    (settings) => (settings.existingCluster = { name: "dev", awsProfile: "work" }),
  ),
  inExistingCluster(
    "existingCluster.deletionProtection",
    "on",
    (settings) => (settings.existingCluster = { name: "dev", deletionProtection: true }),
  ),
  change("bottlerocket.version", "another release", ({ bottlerocket }) => (bottlerocket.version = "1.65.0")),
  change(
    "bottlerocket.settings",
    "any",
    ({ bottlerocket }) => (bottlerocket.settings = { kernel: { lockdown: "integrity" } }),
  ),
  change("systemNodes.instanceTypes", "another type", ({ systemNodes }) =>
    Object.assign(systemNodes ?? {}, { instanceTypes: ["c7g.large"] }),
  ),
  change("systemNodes.minSize", "one more", ({ systemNodes }) => Object.assign(systemNodes ?? {}, { minSize: 3 })),
  change("systemNodes.maxSize", "one more", ({ systemNodes }) => Object.assign(systemNodes ?? {}, { maxSize: 4 })),
  change("systemNodes.rootVolumeGiB", "larger", ({ systemNodes }) =>
    Object.assign(systemNodes ?? {}, { rootVolumeGiB: 8 }),
  ),
  change("systemNodes.dataVolumeGiB", "larger", ({ systemNodes }) =>
    Object.assign(systemNodes ?? {}, { dataVolumeGiB: 40 }),
  ),
  change("systemNodes.bottlerocket", "any", ({ systemNodes }) =>
    Object.assign(systemNodes ?? {}, { bottlerocket: { kernel: { lockdown: "integrity" } } }),
  ),
  change("bootImage.reference", "a ready-made image", (settings) => (settings.bootImage = { reference: image("0") })),
  change("bootImage.forceDelete", "on", (settings) => (settings.bootImage = { forceDelete: true })),
  change(
    "diskController.reference",
    "a ready-made image",
    (settings) => (settings.diskController = { reference: image("0") }),
  ),
  change("diskController.forceDelete", "on", (settings) => (settings.diskController = { forceDelete: true })),
  change("karpenter.version", "another release", ({ karpenter }) => (karpenter.version = "1.14.1")),
  change("karpenter.onMaintenance", "`replace` to `hold`", ({ karpenter }) => (karpenter.onMaintenance = "hold")),
  inExistingCluster(
    "existingKarpenter.nodeRole",
    "another role",
    (settings) => (settings.existingKarpenter = { nodeRole: "other" }),
  ),
  change("capacity", "`exclusive` to `counted`", (settings) => (settings.capacity = "counted")),
  change(pool, "renamed or removed", ({ pools }) => delete pools.fast),
  change(pool, "added", ({ pools }) => (pools.more = { instanceTypes: ["c8gd.xlarge"] })),
  poolChange("instanceTypes", "one more", (of) => (of.instanceTypes = ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"])),
  poolChange("requirements", "in place of types", (of) => {
    delete of.instanceTypes;
    of.requirements = [{ key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["c8gd"] }];
  }),
  change(`${pool}.disks`, "left out", ({ pools }) => delete pools.other?.disks),
  change(`${pool}.disks`, "another number", ({ pools }) => Object.assign(pools.other ?? {}, { disks: 3 })),
  poolChange("capacityTypes", "with on-demand", (of) => (of.capacityTypes = ["spot", "on-demand"])),
  poolChange("limits", "higher", (of) => (of.limits = { cpu: "200" })),
  poolChange("storageClass", "another class", (of) => (of.storageClass = "dense")),
  poolChange("labels", "one more", (of) => (of.labels = { team: "a" })),
  poolChange("taint", "off", (of) => (of.taint = false)),
  poolChange("consolidateAfter", "longer", (of) => (of.consolidateAfter = "10m")),
  poolChange("expireAfter", "an age", (of) => (of.expireAfter = "720h")),
  poolChange("terminationGracePeriod", "longer", (of) => (of.terminationGracePeriod = "1h")),
  poolChange("onDrift", "`hold` to `replace`", (of) => (of.onDrift = "replace")),
  poolChange("discovery", "`bootstrap` to `udev`", (of) => (of.discovery = "udev")),
  poolChange("onMissing", "`fail` to `continue`", (of) => (of.onMissing = "continue")),
  poolChange("instanceProfile", "a ready-made one", (of) => (of.instanceProfile = "nodes")),
  poolChange("rootVolumeGiB", "larger", (of) => (of.rootVolumeGiB = 8)),
  poolChange("dataVolumeGiB", "larger", (of) => (of.dataVolumeGiB = 40)),
  poolChange("bottlerocket", "any", (of) => (of.bottlerocket = { kernel: { lockdown: "integrity" } })),
  change(nodeGroup, "renamed or removed", (settings) => delete settings.nodeGroups),
  change(
    nodeGroup,
    "added",
    (settings) => (settings.nodeGroups = { ...settings.nodeGroups, more: { instanceTypes: ["c8gd.xlarge"] } }),
  ),
  groupChange("instanceTypes", "one more", (of) => (of.instanceTypes = ["c8gd.xlarge", "m8gd.xlarge"])),
  groupChange("capacityType", "`on-demand` to `spot`", (of) => (of.capacityType = "spot")),
  groupChange("minSize", "one more", (of) => (of.minSize = 3)),
  groupChange("minSize", "one fewer", (of) => (of.minSize = 1)),
  groupChange("maxSize", "set", (of) => (of.maxSize = 4)),
  groupChange("maxUnavailable", "more", (of) => (of.maxUnavailable = 2)),
  groupChange("forceUpdateVersion", "on", (of) => (of.forceUpdateVersion = true)),
  groupChange("storageClass", "another class", (of) => (of.storageClass = "dense")),
  groupChange("labels", "one more", (of) => (of.labels = { team: "a" })),
  groupChange("taint", "off", (of) => (of.taint = false)),
  groupChange("discovery", "`bootstrap` to `udev`", (of) => (of.discovery = "udev")),
  groupChange("onMissing", "`fail` to `continue`", (of) => (of.onMissing = "continue")),
  groupChange("rootVolumeGiB", "larger", (of) => (of.rootVolumeGiB = 8)),
  groupChange("dataVolumeGiB", "larger", (of) => (of.dataVolumeGiB = 40)),
  groupChange("bottlerocket", "any", (of) => (of.bottlerocket = { kernel: { lockdown: "integrity" } })),
  classChange("reclaimPolicy", "`Delete` to `Retain`", (of) => (of.reclaimPolicy = "Retain")),
  classChange("volumeMode", "`Filesystem` to `Block`", (of) => (of.volumeMode = "Block")),
  classChange("fileSystem", "`ext4` to `xfs`", (of) => (of.fileSystem = "xfs")),
  classChange("mountOptions", "one more", (of) => (of.mountOptions = ["noatime"])),
  classChange("namePattern", "another", (of) => (of.namePattern = "nvme*")),
  classChange("wipe", "`discard` to `zero`", (of) => (of.wipe = "zero")),
  change(storageClass, "added, with a pool", (settings) => {
    settings.storageClasses = { ...settings.storageClasses, more: {} };
    settings.pools.more = { instanceTypes: ["c8gd.xlarge"], storageClass: "more" };
  }),
  change(
    "nodeCleanup.claimDeletionDelay",
    "longer",
    (settings) => (settings.nodeCleanup = { claimDeletionDelay: "60s" }),
  ),
  change(
    "nodeCleanup.discoveryInterval",
    "shorter",
    (settings) => (settings.nodeCleanup = { discoveryInterval: "5s" }),
  ),
  change("monitoring", "on", (settings) => (settings.monitoring = true)),
  withMonitoring("prometheus.namespace", "another one", ({ prometheus }) =>
    Object.assign(prometheus ?? {}, { namespace: "observability" }),
  ),
  withMonitoring("prometheus.labels.<name>", "one more", ({ prometheus }) =>
    Object.assign(prometheus ?? {}, { labels: { release: "kube-prometheus-stack" } }),
  ),
  withMonitoring("prometheus.dashboardLabel", "another one", ({ prometheus }) =>
    Object.assign(prometheus ?? {}, { dashboardLabel: "dashboard" }),
  ),
  change("tags.<key>", "one more", (settings) => (settings.tags = { team: "a" })),
];
