import type { Change } from "./changes";
import { Drift, driftOf } from "./drift";
import { Section } from "./disk-nodes";
import { Effect } from "./effects";
import { holdsDrift, replacedAtATime, specOf } from "./planned-pool";
import type { PlannedPool } from "./planned-pool";

/** What an `up` does to the nodes of one pool or node group and to the data on their disks. */
export interface NodesOutcome {
  section: Section;
  /** Name of the pool or node group. */
  pool: string;
  nodes: string;
  /** Reasons of the drift or replacement. */
  reasons: string[];
  data: string;
  atRisk: boolean;
}

/** Nodes that were already out of date, and may be replaced now. */
export const heldNodes = "previously held nodes drift";

/** What happens to each pool between two plans, in order of name. */
export function poolOutcomesOf(before: PlannedPool[], after: PlannedPool[], changes: Change[]): NodesOutcome[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  const ending = [...endOfAllNodes(changes), ...endOfDefinitions(changes)];
  return names.map((name) => {
    const [was, is] = [before, after].map((pools) => pools.find((pool) => pool.name === name));
    return { section: Section.pools, pool: name, ...outcomeOf(was, is, changes, ending) };
  });
}

export type Outcome = Omit<NodesOutcome, "section" | "pool">;

function outcomeOf(
  before: PlannedPool | undefined,
  after: PlannedPool | undefined,
  changes: Change[],
  ending: string[],
): Outcome {
  if (!before) return { nodes: "new pool", reasons: [], data: "none yet", atRisk: false };
  if (ending.length > 0) return { nodes: "all are removed", reasons: ending, data: "lost", atRisk: true };
  const { terminationGracePeriod } = specOf(before.nodePool).template.spec;
  const drained = `lost with the nodes, after a drain of at most ${terminationGracePeriod}`;
  if (!after)
    return { nodes: "all are removed", reasons: ["the pool is removed or renamed"], data: drained, atRisk: true };
  const replaced =
    before.nodePool.key !== after.nodePool.key ||
    changes.some(({ key, effect }) => key === after.nodePool.key && effect === Effect.replaced);
  if (replaced) return { nodes: "all are removed", reasons: ["the NodePool is replaced"], data: drained, atRisk: true };
  return outcomeOfDrift(before, after, changes);
}

function outcomeOfDrift(before: PlannedPool, after: PlannedPool, changes: Change[]): Outcome {
  const { nodes, reasons } = driftOf(before, after, changes);
  const held = holdsDrift(after.nodePool);
  const lost = `lost with each replaced node, ${replacedAtATime(after.nodePool)} of the pool at a time`;
  if (nodes !== Drift.none)
    return {
      nodes: nodes === Drift.all ? "all drift" : "some drift",
      reasons,
      data: held ? "stays: drifted nodes are held until they end for another reason" : lost,
      atRisk: !held,
    };
  if (holdsDrift(before.nodePool) && !held)
    return {
      nodes: heldNodes,
      reasons: ["onDrift is replace now"],
      data: `of nodes that are already out of date: ${lost}`,
      atRisk: true,
    };
  return { nodes: "none drift", reasons, data: "stays", atRisk: false };
}

/** Changes that end all nodes, without a change of their pool or group. */
export function endOfAllNodes(changes: Change[]): string[] {
  return changes.flatMap(({ type, name, effect, paths }) => {
    const ends = effect === Effect.deleted || effect === Effect.replaced;
    if (type === "eks:index:Cluster" && ends) return [`${name}, the control plane, is ${effect}`];
    if (type === "eks:index:Cluster" && effect === Effect.unknown)
      return [`${name}, the control plane, may be replaced: ${paths.join(", ")}`];
    if (/^aws:ec2\/(subnet:Subnet|vpc:Vpc)$/.test(type) && effect === Effect.replaced)
      return [`${name} is replaced, and must be empty for that`];
    return [];
  });
}

/** Helm deletes the definitions with their release, and the API server all objects with their definition. */
function endOfDefinitions(changes: Change[]): string[] {
  return changes
    .filter(({ type, name }) => type.startsWith("kubernetes:helm.sh/") && name.endsWith("-crds"))
    .filter(({ effect }) => effect === Effect.deleted || effect === Effect.replaced)
    .map(({ name, effect }) => `${name}, Karpenter's definitions, is ${effect}`);
}
