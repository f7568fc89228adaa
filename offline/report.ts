import type { Capacity } from "../components/manifests/capacity";
import { catalogueDate } from "../catalogue/instance-types";
import { names } from "../components/names";
import { exposureOf } from "./exposure";
import type { Graph, Resource } from "./graph";
import { capacityOfManifest, holdsDrift, poolsOf, replacedAtATime, specOf } from "./planned-pool";
import { judge } from "./policies";
import type { Verdict } from "./policies";

/** What a person wants to know of a plan. */
export interface Report {
  stack: string;
  /** Resources with their depth, parents first. */
  tree: { depth: number; type: string; name: string; note?: string }[];
  /** Capacity by pool. */
  pools: Record<string, Capacity>;
  internet: string[];
  data: Record<string, string[]>;
  policies: Verdict[];
  warnings: string[];
  placeholders: Record<string, string[]>;
}

/** What remote components make, by their documentation: the plan sees them as one resource. */
const insides: Record<string, string> = {
  "eks:index:Cluster": "control plane, its IAM role, a Kubernetes provider of its own",
};

export function reportOf(stack: string, graph: Graph, placeholders: Record<string, string[]>): Report {
  const pools = poolsOf(graph);
  return {
    stack,
    tree: treeOf(graph.resources),
    pools: Object.fromEntries(pools.map((pool) => [pool.name, capacityOfManifest(pool)])),
    internet: exposureOf(graph.resources),
    data: Object.fromEntries(pools.map(({ name, nodePool }) => [name, dataOf(nodePool, graph.resources)])),
    policies: judge(stack, graph),
    warnings: graph.warnings.map((warning) => underPool(warning, graph)),
    placeholders,
  };
}

/** A component's warning under the key in the stack file. */
function underPool(warning: string, graph: Graph): string {
  const pool = poolsOf(graph).find(({ nodePool }) => warning.startsWith(`${nameOf(nodePool.parent)}.`));
  return pool ? warning.replace(nameOf(pool.nodePool.parent), `pools.${pool.name}`) : warning;
}

function nameOf(key: string | undefined): string {
  return key?.split("::")[1] ?? "";
}

export function renderReport(report: Report): string {
  const section = (title: string, lines: string[]) => [title, ...lines.map((line) => `  ${line}`), ""];
  return [
    ...section(
      `${report.stack}: ${report.tree.length} resources`,
      report.tree.map(
        ({ depth, type, name, note }) => `${"  ".repeat(depth)}${name}  ${type}${note ? `  [${note}]` : ""}`,
      ),
    ),
    ...section(`pools, by the catalogue of ${catalogueDate}`, capacityTable(report.pools)),
    ...section("reached from the internet", report.internet),
    ...section(
      "what destroys data, and when",
      Object.entries(report.data).flatMap(([pool, lines]) => [pool, ...lines.map((line) => `  ${line}`)]),
    ),
    ...section("policies", report.policies.flatMap(verdictOf)),
    ...section("warnings", report.warnings.length > 0 ? report.warnings : ["none"]),
    ...section(
      "placeholder values for what only AWS knows",
      Object.entries(report.placeholders).map(([kind, value]) => `${kind}: ${value.join(" ")}`),
    ),
  ].join("\n");
}

function verdictOf({ group, policies, notApplicable, violations }: Verdict): string[] {
  // Of remote components the plan sees one resource; the engine shows policies what they make.
  if (notApplicable === policies) return [`${group}: nothing to judge before preview (${policies} policies)`];
  const verdict =
    violations.length === 0 ? "passed" : violations.length === 1 ? "1 violation" : `${violations.length} violations`;
  return [
    `${group}: ${verdict} (${policies} policies)`,
    ...violations.map(({ policy, level, message }) => `  ${level} ${policy}: ${message}`),
  ];
}

function treeOf(all: Resource[], parent?: string, depth = 0): Report["tree"] {
  return all
    .filter((resource) => resource.parent === parent)
    .flatMap((resource) => {
      const { key, type, name } = resource;
      const note = noteOf(resource, all);
      return [{ depth, type, name, ...(note !== undefined && { note }) }, ...treeOf(all, key, depth + 1)];
    });
}

/** What the type of a resource does not tell. */
function noteOf(resource: Resource, all: Resource[]): string | undefined {
  const { type, inputs } = resource;
  if (insides[type] !== undefined) return `made inside by its provider: ${insides[type]}`;
  if (type === "pulumi:index:Stash") return `remembers the first value: ${JSON.stringify(inputs.input)}`;
  const discovery = discoveryOf(resource);
  const { nodeSelector } = (inputs.values ?? {}) as ProvisionerValues;
  const fed = all.some((pool) => {
    if (pool.inputs.kind !== "NodePool") return false;
    const { labels } = specOf(pool).template.metadata;
    return Object.entries(nodeSelector ?? {}).every(([label, value]) => labels[label] === value);
  });
  return discovery === undefined || fed ? undefined : `idle: no pool has discovery ${discovery}`;
}

interface ProvisionerValues {
  nodeSelector?: Record<string, string>;
}

/** How the disks of the nodes are found that a release of the provisioner serves. */
function discoveryOf({ inputs }: Resource): string | undefined {
  return ((inputs.values ?? {}) as ProvisionerValues).nodeSelector?.[names.discoveryLabel];
}

function capacityTable(pools: Record<string, Capacity>): string[] {
  const rows = Object.entries(pools).map(([pool, capacity]) => [
    pool,
    String(capacity.types.length),
    `${span(capacity.disks)}${capacity.counted ? ", counted" : ""}`,
    span({ min: capacity.diskBytes.min / 1e9, max: capacity.diskBytes.max / 1e9 }),
    `${capacity.largestClaimGi}Gi`,
    capacity.usdPerGBMonth ? span(capacity.usdPerGBMonth, 2) : "unknown",
  ]);
  const table = [["pool", "types", "disks", "GB each", "largest claim", "USD per GB-month, on demand"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    ),
    ...Object.entries(pools).map(([pool, { types }]) => `${pool}: ${types.join(" ")}`),
  ];
}

function span({ min, max }: { min: number; max: number }, digits = 0): string {
  return min === max ? min.toFixed(digits) : `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}

/** What destroys data of a pool, and when, in sentences. */
export function dataOf(pool: Resource, resources: Resource[]): string[] {
  const { template, disruption } = specOf(pool);
  const className = template.metadata.labels[names.classLabel] ?? "";
  const storageClass = resources.find(
    ({ inputs }) => inputs.kind === "StorageClass" && (inputs.metadata as { name: string }).name === className,
  );
  const discovery = template.metadata.labels[names.discoveryLabel] ?? "";
  const hears = resources.some(({ inputs }) => String(inputs.eventPattern).includes("aws.health"));
  const drifted = holdsDrift(pool)
    ? "held: nodes stay as they are until they go for another reason"
    : `replaced, ${replacedAtATime(pool)} of the nodes at a time, with all data on them`;
  return [
    "a spot interruption: data is gone two minutes after the warning",
    hears
      ? "maintenance of AWS, a reboot included, or failed status checks: the node is drained and terminated, with all data on it"
      : "maintenance of AWS: held, a node stays until AWS stops it, and its data is gone then",
    `an upgrade of Bottlerocket or Kubernetes, a changed boot image, changed settings: ${drifted}`,
    `another discovery than ${discovery}: counts as changed settings; nodes stay with theirs, so no disk is offered twice`,
    template.spec.expireAfter === "Never"
      ? "age: never"
      : `age: ${template.spec.expireAfter}, forcefully, whatever the node holds`,
    `scaling to zero: ${disruption.consolidateAfter} after its last pod a node goes with its data, bound claims or not`,
    storageClass?.inputs.reclaimPolicy === "Retain"
      ? `a deleted claim of ${className}: data stays until the volume is deleted by hand, and comes back unwiped`
      : `a deleted claim of ${className}: the disk is wiped and offered again`,
    `pulumi destroy: all data, after a drain of at most ${template.spec.terminationGracePeriod}`,
  ];
}
