import { DiskNodeGroup, Karpenter, LocalVolumes, Network, NodePool, SystemNodes } from "../../components";
import type { FastDisksArgs } from "../../components";
import { validateConfig } from "../../stacks/settings";

type Values = Record<string, unknown>;

export function settings(): FastDisksArgs & Values {
  return {
    network: { newVpc: {} },
    cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["8.8.8.0/24"] },
    bottlerocket: { version: "1.66.0" },
    karpenter: { version: "1.14.0" },
    pools: { fast: { instanceTypes: ["c8gd.xlarge"] } },
    nodeGroups: { base: { instanceTypes: ["c8gd.xlarge"] } },
  };
}

export function set(target: object, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at = target as Values;
  for (const key of keys) at = (at[key] ??= {}) as Values;
  at[last] = value;
}

/** A component by itself, with the rest of what it needs, and the path at which its spec stands in the whole. */
export interface Single {
  path: string;
  type: string;
  args: (spec: object) => object;
  create: (spec: object) => unknown;
}

function single<Args extends object>(
  path: string,
  Component: new (name: string, args: Args) => unknown,
  args: (spec: object) => Args,
): Single {
  const type = `eks-fast-disks:index:${Component.name}`;
  return { path, type, args, create: (spec) => new Component("single", args(spec)) };
}

const pool = single("pools.fast", NodePool, (spec) => ({
  ...spec,
  bootImage: `registry.example/boot@sha256:${"0".repeat(64)}`,
  bottlerocketVersion: "1.66.0",
  role: "node",
  subnetSelectorTerms: [{ tags: { a: "b" } }],
  securityGroupSelectorTerms: [{ tags: { a: "b" } }],
}));
const group = single("nodeGroups.base", DiskNodeGroup, (spec) => ({
  instanceTypes: ["c8gd.xlarge"],
  ...spec,
  bootImage: `registry.example/boot@sha256:${"0".repeat(64)}`,
  bottlerocketVersion: "1.66.0",
  clusterName: "dev",
  subnetIds: ["subnet-0123456789abcdef0"],
}));
const network = single("network", Network, (spec) => ({ ...spec, clusterName: "dev" }));
const classes = single("storageClasses", LocalVolumes, (spec) => ({ storageClasses: { ...spec } }));
const system = single("systemNodes", SystemNodes, (spec) => ({
  ...spec,
  clusterName: "dev",
  subnetIds: ["subnet-0123456789abcdef0"],
  kubernetesVersion: "1.35",
  bottlerocketVersion: "1.66.0",
}));
const karpenter = single("karpenter", Karpenter, (spec) => ({
  version: "",
  ...spec,
  clusterName: "dev",
  interruptionQueue: "queue",
}));

/** Wrong specs: where, what, and whether the place takes an Output. */
export const wrongSpecs: [single: Single, key: string, value: unknown, plain?: "plain"][] = [
  [pool, "limits", { cpu: 100 }],
  [pool, "limits", { cpu: "0" }],
  [pool, "limits", { nodes: "5" }],
  [pool, "capacityTypes", ["onDemand"]],
  [pool, "capacityTypes", ["on-demand"]],
  [pool, "disks", 2],
  [pool, "disks", "1"],
  [pool, "onDrift", "keep"],
  [pool, "consolidateAfter", 300],
  [pool, "consolidateAfter", "5 minutes"],
  [pool, "expireAfter", "30d"],
  [pool, "instanceTypes", ["m7i.large"]],
  [pool, "requirements", [{ key: "a", operator: "gt" }]],
  [pool, "labels", { "karpenter.sh/x": "y" }],
  [pool, "taint", "no"],
  [pool, "rootVolumeGiB", 2],
  [pool, "bottlerocket", { kernel: { sysctl: { "a..b": "1" } } }],
  [pool, "bottlerocket", { hostContainers: { contrl: { enabled: true } } }],
  [pool, "discovery", "uuid", "plain"],
  [pool, "taints", true, "plain"],
  [group, "instanceTypes", ["c8g.xlarge"]],
  [group, "instanceTypes", "c8gd.xlarge"],
  [group, "capacityType", "SPOT"],
  [group, "minSize", 0],
  [group, "minSize", "3"],
  [group, "maxSize", 0],
  [group, "maxUnavailable", 0],
  [group, "labels", { "eks-fast-disks/class": "a" }],
  [group, "labels", { a: "" }],
  [group, "taint", "no"],
  [group, "rootVolumeGiB", 2],
  [group, "bottlerocket", { kernel: { sysctl: { "a..b": "1" } } }],
  [group, "capacityTypes", ["spot"], "plain"],
  [network, "newVpc.cidrBlock", "11.0.0.0/16"],
  [network, "newVpc.cidrBlock", "10.0.0.1/16"],
  [network, "newVpc.zones", 9, "plain"],
  [network, "newVPC", {}, "plain"],
  [network, "existingVpc", { vpcId: "x", subnetIds: ["subnet-0123456789abcdef0"] }, "plain"],
  [classes, "fast-disks", { reclaimPolicy: "delete" }, "plain"],
  [classes, "fast-disks", { volumeMode: "Block", fileSystem: "xfs" }, "plain"],
  [system, "minSize", 1],
  [system, "instanceTypes", ["m7i.large"]],
  [karpenter, "version", 1.14],
  [karpenter, "version", "1.13.0"],
];

export function at(target: object, path: string): object {
  return path.split(".").reduce((inner, key) => (inner as Record<string, object>)[key] ?? {}, target);
}

/** The errors of a stack file with these settings. */
export function errorsInFile(args: object): string[] {
  const config = Object.entries(args).map(([name, section]) => [`eks-fast-disks:${name}`, JSON.stringify(section)]);
  return validateConfig(Object.fromEntries(config) as Record<string, string>, "eks-fast-disks");
}

/** The stack file's errors as a single component has them: from where its own spec starts. */
export function errorsOfSingle({ path }: Single, inFile: string[]): string[] {
  return path === "storageClasses" ? inFile : inFile.map((error) => error.replaceAll(`${path}.`, ""));
}
