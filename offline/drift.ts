import { isDeepStrictEqual } from "node:util";
import { evaluatedLabels, matchingTypes, permits } from "../catalogue/requirements";
import type { Requirement } from "../catalogue/requirements";
import type { Change } from "./changes";
import { Effect } from "./effects";
import { specOf } from "./planned-pool";
import type { PlannedPool } from "./planned-pool";

/** Which nodes of a pool Karpenter regards as out of date. */
export const Drift = { none: "none", some: "some", all: "all" } as const;
export type Drift = (typeof Drift)[keyof typeof Drift];

export interface PoolDrift {
  nodes: Drift;
  /** Reasons of the drift, in sentences. */
  reasons: string[];
}

/** A label that has one of a few values on every node, for every instance type. */
const capacityType = "karpenter.sh/capacity-type";

/** Nodes of a pool that drift after these changes of its objects and of the control plane. */
export function driftOf(before: PlannedPool, after: PlannedPool, changes: Change[]): PoolDrift {
  const own = [after.nodePool.key, after.nodeClass?.key];
  const found = changes.filter(({ key, effect }) => own.includes(key) || effect === Effect.upgrade);
  const all = found.flatMap(({ type, effect, paths }) => {
    if (effect === Effect.upgrade) return ["Kubernetes version, which decides the AMIs"];
    if (effect !== Effect.drift && effect !== Effect.unknown) return [];
    return paths.map((path) => `${type.split(":").at(-1) ?? ""} ${path}`);
  });
  const matching = [...driftOfTypes(before, after), ...driftOfTerms(before, after)];
  const reasons = [...all, ...matching.map(({ reason }) => reason)];
  const nodes = all.length > 0 || matching.some(({ everyNode }) => everyNode) ? Drift.all : Drift.some;
  return { nodes: reasons.length === 0 ? Drift.none : nodes, reasons };
}

interface Mismatch {
  reason: string;
  everyNode: boolean;
}

/** Nodes whose labels no longer satisfy the pool's requirements. */
function driftOfTypes(before: PlannedPool, after: PlannedPool): Mismatch[] {
  const [was, is] = [before, after].map(({ nodePool }) => specOf(nodePool).template.spec.requirements);
  if (!was || !is) return [];
  const found: Mismatch[] = [];
  const types = matchingTypes(was).map(({ name }) => name);
  const remaining = new Set(matchingTypes(is).map(({ name }) => name));
  const lost = types.filter((name) => !remaining.has(name));
  if (lost.length > 0) found.push({ reason: `nodes of ${lost.join(", ")}`, everyNode: lost.length === types.length });
  const sold = ["spot", "on-demand"].filter((value) => permits(was, capacityType, value));
  const gone = sold.filter((value) => !permits(is, capacityType, value));
  if (gone.length > 0) found.push({ reason: `${gone.join(" and ")} nodes`, everyNode: gone.length === sold.length });
  for (const requirement of is)
    if (!isEvaluated(requirement) && !was.some((one) => isDeepStrictEqual(one, requirement)))
      found.push({
        reason: `nodes whose label ${requirement.key} does not satisfy the new requirement`,
        everyNode: false,
      });
  return found;
}

function isEvaluated({ key }: Requirement): boolean {
  return key === capacityType || evaluatedLabels.includes(key);
}

interface Terms {
  subnetSelectorTerms?: { id?: string }[];
  securityGroupSelectorTerms?: unknown[];
}

/** Nodes in subnets that are no longer found, and all nodes if the security groups have changed. */
function driftOfTerms(before: PlannedPool, after: PlannedPool): Mismatch[] {
  const [was = {}, is = {}] = [before, after].map(({ nodeClass }) => nodeClass?.inputs.spec as Terms | undefined);
  const found: Mismatch[] = [];
  const groups = (terms: Terms) =>
    new Set((terms.securityGroupSelectorTerms ?? []).map((term) => JSON.stringify(term)));
  if (!isDeepStrictEqual(groups(was), groups(is))) found.push({ reason: "other security groups", everyNode: true });
  const subnets = (terms: Terms) => (terms.subnetSelectorTerms ?? []).map((term) => term.id ?? JSON.stringify(term));
  const gone = subnets(was).filter((term) => !subnets(is).includes(term));
  if (gone.length > 0) found.push({ reason: `nodes in subnets of ${gone.join(", ")}`, everyNode: false });
  return found;
}
