import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FastDisks } from "../components";
import type { FastDisksArgs } from "../components";
import { compareGraphs } from "./changes";
import type { Change } from "./changes";
import { Section } from "./disk-nodes";
import { Effect } from "./effects";
import { recordGraph } from "./graph";
import type { Graph } from "./graph";
import { Placeholders } from "./placeholders";
import { outcomesOf } from "./outcomes";
import { heldNodes } from "./pool-outcome";
import type { NodesOutcome } from "./pool-outcome";
import { Start, settingChanges, settingsBefore } from "./setting-changes";
import type { SettingChange, WholeArgs } from "./setting-changes";

/** What a change of a setting does. */
export interface ChangeRow {
  setting: string;
  what: string;
  /** The message that refuses it; undefined if the change is allowed. */
  refused?: string;
  changes: Change[];
  outcomes: NodesOutcome[];
}

const region = "us-east-1";

/** A setting's change with the plans before and after it, or with the error that refuses it. */
export interface PlannedChange {
  setting: string;
  what: string;
  before: Graph;
  after: Graph;
  refused?: string;
}

/** The rows of docs/changes.md: each change is planned on the stack before the change. */
export async function changeRows(): Promise<ChangeRow[]> {
  return (await planChanges()).map(({ setting, what, refused, before, after }) => {
    const changes = knownChanges(before, after);
    const outcomes = outcomesOf(before, after, changes);
    return { setting, what, ...(refused !== undefined && { refused }), changes, outcomes };
  });
}

/** Every change in the table must have a rule: the effect `unknown` is an error. */
function knownChanges(before: Graph, after: Graph): Change[] {
  const changes = compareGraphs(before, after);
  const unknown = changes.filter(({ effect }) => effect === Effect.unknown);
  const errors = unknown.map(({ type, paths }) => `${type} ${paths.join(", ")}`);
  if (errors.length > 0)
    throw new Error(`no rule says what a change does; add one to offline/effects.ts:\n  ${errors.join("\n  ")}`);
  return changes;
}

/** Every resource that a change of a setting changes, before and after it. */
export async function changedResources() {
  return (await planChanges()).flatMap(({ setting, before, after }) =>
    compareGraphs(before, after).flatMap((change) => {
      const [was, is] = [before, after].map(({ resources }) => resources.find(({ key }) => key === change.key));
      return was && is ? [{ setting, ...change, before: was.inputs, after: is.inputs }] : [];
    }),
  );
}

/** Each change of a setting with the plans before and after it. */
export async function planChanges(): Promise<PlannedChange[]> {
  // Pulumi takes a stack trace of every promise, which needs most of a plan's time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const starts = {
      [Start.nothing]: await startFrom(settingsBefore(Start.nothing)),
      [Start.vpc]: await startFrom(settingsBefore(Start.vpc)),
      [Start.cluster]: await startFrom(settingsBefore(Start.cluster)),
      [Start.monitored]: await startFrom(settingsBefore(Start.monitored)),
    };
    const planned: PlannedChange[] = [];
    for (const one of settingChanges) planned.push(await planChange(one, starts[one.from]));
    return planned;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function planChange({ setting, what, from, apply }: SettingChange, start: Planned): Promise<PlannedChange> {
  const settings = settingsBefore(from);
  apply(settings as WholeArgs);
  try {
    return { setting, what, before: start.graph, after: await plan(settings, start.remembered) };
  } catch (error) {
    const [, reason = ""] = (error as Error).message.split("\n  ");
    if (reason === "") throw error;
    return { setting, what, before: start.graph, after: start.graph, refused: reason.replace(/^[^:]*: /, "") };
  }
}

interface Planned {
  graph: Graph;
  remembered: Record<string, unknown>;
}

/** A stack before a change, and the values of its Stashes. */
async function startFrom(settings: FastDisksArgs): Promise<Planned> {
  const graph = await plan(settings, {});
  const stashes = graph.resources.filter(({ type }) => type === "pulumi:index:Stash");
  return { graph, remembered: Object.fromEntries(stashes.map(({ name, outputs }) => [name, outputs.output])) };
}

function plan(settings: FastDisksArgs, remembered: Record<string, unknown>): Promise<Graph> {
  const program = async () => {
    new FastDisks("fast-disks", settings);
    return Promise.resolve({});
  };
  const config = { "aws:region": region };
  const mocks = new Placeholders(region, remembered);
  return recordGraph(program, { project: "eks-fast-disks", stack: "changes", config, mocks });
}

/** What a row does to existing volumes. */
export function dataOf({ refused, changes, outcomes }: ChangeRow): string {
  const has = (effect: Effect, type: string) => changes.some((one) => one.effect === effect && one.type.includes(type));
  const any = (...effects: Effect[]) => changes.some(({ effect }) => effects.includes(effect));
  if (refused !== undefined) return "nothing is changed";
  const effects = [
    ...(has(Effect.deleted, ":NodePool") ? ["**lost** with the pool's nodes, after their drain"] : []),
    ...(any(Effect.drift, Effect.driftOfSome, Effect.upgrade)
      ? ["`onDrift: hold`: stays until the node ends for another reason; `replace`: **lost** with each drifted node"]
      : []),
    ...(outcomes.some(({ nodes }) => nodes === heldNodes)
      ? ["**lost** with each node that is already out of date"]
      : []),
    ...outcomes
      .filter(({ section, atRisk }) => section === Section.nodeGroups && atRisk)
      .map(({ data }) => `node groups: ${data.replace("lost", "**lost**")}`),
    ...(has(Effect.replaced, ":StorageClass") ? ["stays; existing volumes do not change"] : []),
    ...(has(Effect.rollsPods, ":Release") ? ["stays; existing volumes do not change"] : []),
    ...(has(Effect.deleted, ":StorageClass") ? ["stays, but is no longer wiped and offered again"] : []),
  ];
  return effects.length > 0 ? effects.join("; ") : "stays";
}

const order = Object.values(Effect);

export function renderChanges(rows: ChangeRow[]): string {
  const cells = rows.map((row) => [`\`${row.setting}\``, row.what, effectsOf(row), dataOf(row), sourcesOf(row)]);
  const table = [
    ["setting", "change", "what happens", "data on the disks", "source"],
    ["---", "---", "---", "---", "---"],
    ...cells,
  ];
  return `# What happens when I change X

<!-- Written by \`npm run changes\` from plans of a stack before and after each change. -->

[Contents](README.md)

Each row is a change of one setting of a running stack, and what \`pulumi up\` does then. "Nodes drift" means that Karpenter
regards the nodes of the pool as out of date: with \`onDrift: hold\` they stay until they end for another reason, with
\`replace\` they are replaced, a tenth of the pool at a time, with all data on them. Nodes of a managed node group are not
held: EKS replaces them after each change of their template, \`maxUnavailable\` at a time, with all data on them.

${table.map((row) => `| ${row.join(" | ")} |`).join("\n")}

## What cannot change

The cluster's name, its VPC and the network range of a new VPC cannot change while the cluster exists: the stack stores the
first values, and preview refuses others before any change. Zones can be added, but not removed while a node is in them. The
control plane and the system nodes stay in their first subnets; pools use new subnets immediately.

To move to another name, VPC or range: create a second stack with the new settings, move the workloads (copy the data, or
wait for replication), then delete everything that uses the old volumes and destroy the first stack.
`;
}

function effectsOf({ refused, changes }: ChangeRow): string {
  if (refused !== undefined) return `**refused**: ${refused.replaceAll("|", "\\|")}`;
  if (changes.length === 0) return "nothing";
  return order
    .map((effect) => [effect, changes.filter((one) => one.effect === effect)] as const)
    .filter(([, found]) => found.length > 0)
    .reverse()
    .map(([effect, found]) => `${effect}: ${[...new Set(found.map(({ type }) => type.split(":").at(-1)))].join(", ")}`)
    .join("; ");
}

function sourcesOf({ refused, changes }: ChangeRow): string {
  return refused === undefined ? [...new Set(changes.map(({ source }) => source))].join("; ") : "this package";
}

async function main(): Promise<void> {
  writeFileSync(join(__dirname, "..", "docs", "changes.md"), renderChanges(await changeRows()));
}

if (require.main === module) void main();
