import { capacityOf } from "../components/manifests/capacity";
import type { Capacity } from "../components/manifests/capacity";
import type { Requirement } from "../catalogue/requirements";
import { catalogueDate } from "../catalogue/instance-types";
import { names } from "../components/names";
import type { Graph, Resource } from "./graph";
import { judge } from "./policies";
import type { Verdict } from "./policies";

/** What a person wants to know of a plan. */
export interface Report {
  stack: string;
  /** Resources with their depth, parents first. */
  tree: { depth: number; type: string; name: string; inside?: string }[];
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
  const pools = graph.resources.filter(({ inputs }) => inputs.kind === "NodePool");
  return {
    stack,
    tree: treeOf(graph.resources),
    pools: Object.fromEntries(pools.map((pool) => [poolName(pool), capacityOfManifest(pool)])),
    internet: internetOf(graph.resources),
    data: Object.fromEntries(pools.map((pool) => [poolName(pool), dataOf(pool, graph.resources)])),
    policies: judge(stack, graph),
    warnings: graph.warnings,
    placeholders,
  };
}

/** The pool's component: what its NodePool and EC2NodeClass are called after. */
function poolName({ name }: Resource): string {
  return name.replace(/-pool$/, "");
}

export function renderReport(report: Report): string {
  const section = (title: string, lines: string[]) => [title, ...lines.map((line) => `  ${line}`), ""];
  return [
    ...section(
      `${report.stack}: ${report.tree.length} resources`,
      report.tree.map(
        ({ depth, type, name, inside }) =>
          `${"  ".repeat(depth)}${name}  ${type}${inside ? `  [made inside by its provider: ${inside}]` : ""}`,
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

function verdictOf({ group, policies, notApplicable, faults }: Verdict): string[] {
  // Of remote components the plan sees one resource; the engine shows policies what they make.
  if (notApplicable === policies) return [`${group}: nothing to judge before preview (${policies} policies)`];
  return [
    `${group}: ${faults.length > 0 ? `${faults.length} broken` : "kept"} (${policies} policies)`,
    ...faults.map(({ policy, level, message }) => `  ${level} ${policy}: ${message}`),
  ];
}

function treeOf(resources: Resource[], parent?: string, depth = 0): Report["tree"] {
  return resources
    .filter((resource) => resource.parent === parent)
    .flatMap(({ key, type, name }) => [
      { depth, type, name, ...(insides[type] && { inside: insides[type] }) },
      ...treeOf(resources, key, depth + 1),
    ]);
}

interface NodePoolSpec {
  template: {
    metadata: { labels: Record<string, string> };
    spec: { requirements: Requirement[]; expireAfter: string; terminationGracePeriod: string };
  };
  disruption: { consolidateAfter: string; budgets: { nodes: string; reasons?: string[] }[] };
}

function specOf(pool: Resource): NodePoolSpec {
  return pool.inputs.spec as NodePoolSpec;
}

function capacityOfManifest(pool: Resource): Capacity {
  const { requirements } = specOf(pool).template.spec;
  const sold = requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values ?? [];
  return capacityOf(requirements, sold.includes("spot"));
}

function capacityTable(pools: Record<string, Capacity>): string[] {
  const rows = Object.entries(pools).map(([pool, capacity]) => [
    pool,
    String(capacity.types.length),
    span(capacity.disks),
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

function internetOf(resources: Resource[]): string[] {
  const lines = resources
    .filter(({ type }) => type === "eks:index:Cluster")
    .map(({ inputs }) => {
      const cidrs = (inputs.publicAccessCidrs ?? []) as string[];
      return inputs.endpointPublicAccess
        ? `Kubernetes API: from ${cidrs.join(", ")}, and from inside the VPC`
        : "Kubernetes API: from inside the VPC only; pulumi up has to run there";
    });
  const gateways = resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway").length;
  lines.push(
    gateways > 0
      ? `new VPC: nothing; nodes are in private subnets and go out by ${gateways} NAT gateway${gateways > 1 ? "s" : ""}`
      : "existing VPC: as its own subnets and routes decide",
  );
  lines.push("nodes: nothing; sessions go out to SSM (control container)");
  return lines;
}

function dataOf(pool: Resource, resources: Resource[]): string[] {
  const { template, disruption } = specOf(pool);
  const className = template.metadata.labels[names.classLabel] ?? "";
  const storageClass = resources.find(
    ({ inputs }) => inputs.kind === "StorageClass" && (inputs.metadata as { name: string }).name === className,
  );
  const held = disruption.budgets.some(({ nodes, reasons }) => nodes === "0" && reasons?.includes("Drifted"));
  const drifted = held
    ? "held: nodes stay as they are until they go for another reason"
    : `replaced, ${disruption.budgets.at(-1)?.nodes ?? ""} of the nodes at a time, with all data on them`;
  return [
    "a spot interruption: data is gone two minutes after the warning",
    `an upgrade of Bottlerocket or Kubernetes, a changed boot image, changed settings: ${drifted}`,
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
