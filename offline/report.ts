import type { Capacity } from "../components/manifests/capacity";
import { catalogueDate } from "../catalogue/instance-types";
import { names } from "../components/names";
import { Section, diskNodesOf } from "./disk-nodes";
import type { DiskNodes } from "./disk-nodes";
import { exposureOf } from "./exposure";
import type { Graph, Resource } from "./graph";
import { judge } from "./policies";
import type { Verdict } from "./policies";

/** The report of a plan. */
export interface Report {
  stack: string;
  /** Resources with their depth, parents first. */
  tree: { depth: number; type: string; name: string; note?: string }[];
  /** Capacity by pool and by node group. */
  pools: Record<string, Capacity>;
  internet: string[];
  data: Record<string, string[]>;
  policies: Verdict[];
  warnings: string[];
  placeholders: Record<string, string[]>;
}

/** Resources inside remote components, by their documentation: the plan sees a component as one resource. */
const insides: Record<string, string> = {
  "eks:index:Cluster": "control plane, its IAM role, its own Kubernetes provider",
};

export function reportOf(stack: string, graph: Graph, placeholders: Record<string, string[]>): Report {
  const nodes = diskNodesOf(graph.resources);
  return {
    stack,
    tree: treeOf(graph.resources, nodes),
    pools: Object.fromEntries(nodes.map(({ name, capacity }) => [name, capacity])),
    internet: exposureOf(graph.resources),
    data: Object.fromEntries(nodes.map(({ name, risks }) => [name, risks])),
    policies: judge(stack, graph),
    warnings: [...graph.warnings.map((warning) => underKey(warning, nodes)), ...sizeWarnings(nodes)],
    placeholders,
  };
}

/** A component's warning under the key in the stack file. */
function underKey(warning: string, nodes: DiskNodes[]): string {
  const found = nodes.find(({ component }) => warning.startsWith(`${nameOf(component)}.`));
  return found ? warning.replace(nameOf(found.component), `${found.section}.${found.name}`) : warning;
}

/** Warnings about node groups whose class has no pool. */
function sizeWarnings(nodes: DiskNodes[]): string[] {
  const classOf = ({ labels }: DiskNodes) => labels[names.classLabel] ?? "";
  const started = nodes.filter(({ section }) => section === Section.pools).map(classOf);
  return nodes
    .filter((one) => one.section === Section.nodeGroups && !started.includes(classOf(one)))
    .map(
      (one) =>
        `nodeGroups.${one.name}: ${classOf(one)} has no pool, so no node is started for a pod; if every disk is taken, pods wait until you raise minSize`,
    );
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
    ...section(`pools and node groups, by the catalogue of ${catalogueDate}`, capacityTable(report.pools)),
    ...section("reached from the internet", report.internet),
    ...section(
      "what destroys data, and when",
      Object.entries(report.data).flatMap(([pool, lines]) => [pool, ...lines.map((line) => `  ${line}`)]),
    ),
    ...section("policies", report.policies.flatMap(verdictOf)),
    ...section("warnings", report.warnings.length > 0 ? report.warnings : ["none"]),
    ...section(
      "placeholders for values that only AWS knows",
      Object.entries(report.placeholders).map(([kind, value]) => `${kind}: ${value.join(" ")}`),
    ),
  ].join("\n");
}

function verdictOf({ group, policies, notApplicable, violations }: Verdict): string[] {
  // The plan sees a remote component as one resource; the engine shows its resources to the policies.
  if (notApplicable === policies) return [`${group}: nothing to check before preview (${policies} policies)`];
  const verdict =
    violations.length === 0 ? "passed" : violations.length === 1 ? "1 violation" : `${violations.length} violations`;
  return [
    `${group}: ${verdict} (${policies} policies)`,
    ...violations.map(({ policy, level, message }) => `  ${level} ${policy}: ${message}`),
  ];
}

function treeOf(all: Resource[], nodes: DiskNodes[], parent?: string, depth = 0): Report["tree"] {
  return all
    .filter((resource) => resource.parent === parent)
    .flatMap((resource) => {
      const { key, type, name } = resource;
      const note = noteOf(resource, nodes);
      return [{ depth, type, name, ...(note !== undefined && { note }) }, ...treeOf(all, nodes, key, depth + 1)];
    });
}

/** A note on a resource that its type does not show. */
function noteOf(resource: Resource, nodes: DiskNodes[]): string | undefined {
  const { type, inputs } = resource;
  if (insides[type] !== undefined) return `created by its provider: ${insides[type]}`;
  if (type === "pulumi:index:Stash") return `stores the first value: ${JSON.stringify(inputs.input)}`;
  const discovery = discoveryOf(resource);
  const { nodeSelector } = (inputs.values ?? {}) as ProvisionerValues;
  const fed = nodes.some(({ labels }) =>
    Object.entries(nodeSelector ?? {}).every(([label, value]) => labels[label] === value),
  );
  return discovery === undefined || fed ? undefined : `idle: no nodes have discovery ${discovery}`;
}

interface ProvisionerValues {
  nodeSelector?: Record<string, string>;
}

/** The kind of discovery of the nodes on which a release of the provisioner runs. */
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
  const table = [["name", "types", "disks", "GB each", "largest claim", "USD per GB-month, on demand"], ...rows];
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
