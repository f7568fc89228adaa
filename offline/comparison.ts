import type { Range } from "../components/manifests/capacity";
import { compareGraphs } from "./changes";
import { Effect } from "./effects";
import { exposureOf, openedRanges } from "./exposure";
import type { Resource } from "./graph";
import { capacityOfManifest, poolsOf } from "./planned-pool";
import type { PlannedPool } from "./planned-pool";
import type { Violation } from "./policies";
import { outcomesOf } from "./pool-outcome";
import type { PoolOutcome } from "./pool-outcome";
import { dataOf } from "./report";

/** What somebody who reviews a change wants to know of it. */
export interface Comparison {
  stack: string;
  /** What the plan is compared with, as it was named. */
  against: string;
  dataAtRisk: boolean;
  /** The stack says `allowDataLoss`. */
  dataLossAllowed: boolean;
  pools: ComparedPool[];
  internet: {
    /** Network ranges that reach the Kubernetes API, and did not before. */
    opened: string[];
    added: string[];
    removed: string[];
  };
  /** Resources by what happens to them. */
  resources: Partial<Record<Effect, string[]>>;
  policies: Violation[];
  warnings: string[];
}

export interface ComparedPool extends PoolOutcome {
  /** On-demand price in us-east-1 of a GB-month of local NVMe; absent where there is no pool, or no price is known. */
  usdPerGBMonth: { before?: Range; after?: Range };
  /** Sentences of the plan on what destroys data that are new, and that hold no more. */
  rules: { added: string[]; removed: string[] };
}

/** A plan that is compared, with what was said of it. */
export interface ComparedPlan {
  stack: string;
  resources: Resource[];
  policies: Violation[];
  warnings: string[];
  dataLossAllowed: boolean;
}

export function comparePlans(against: string, before: Resource[], plan: ComparedPlan): Comparison {
  const { stack, resources, policies, warnings, dataLossAllowed } = plan;
  const changes = compareGraphs({ resources: before }, { resources });
  const [was, is] = [poolsOf({ resources: before }), poolsOf({ resources })];
  const outcomes = outcomesOf(was, is, changes);
  const [reached, reaches] = [before, resources].map((all) => (all.length > 0 ? exposureOf(all) : []));
  const listed = Object.values(Effect).map((effect) => {
    const keys = changes.filter((change) => change.effect === effect).map(describeChange);
    return [effect, keys] as const;
  });
  return {
    stack,
    against,
    dataAtRisk: outcomes.some(({ atRisk }) => atRisk),
    dataLossAllowed,
    pools: outcomes.map((outcome) => comparePool(outcome, [was, before], [is, resources])),
    internet: { opened: openedRanges(before, resources), ...difference(reached ?? [], reaches ?? []) },
    resources: Object.fromEntries(listed.filter(([, keys]) => keys.length > 0)),
    policies,
    warnings,
  };
}

function describeChange({ key, paths }: { key: string; paths: string[] }): string {
  return paths.length === 0 ? key : `${key} (${paths.join(", ")})`;
}

type Side = [pools: PlannedPool[], resources: Resource[]];

function comparePool(outcome: PoolOutcome, before: Side, after: Side): ComparedPool {
  const [was, is] = [before, after].map(([pools, resources]) => {
    const found = pools.find(({ name }) => name === outcome.pool);
    return found && { price: capacityOfManifest(found).usdPerGBMonth, rules: dataOf(found.nodePool, resources) };
  });
  return {
    ...outcome,
    usdPerGBMonth: { ...(was?.price && { before: was.price }), ...(is?.price && { after: is.price }) },
    rules: was && is ? difference(was.rules, is.rules) : { added: [], removed: [] },
  };
}

function difference(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((line) => !before.includes(line)),
    removed: before.filter((line) => !after.includes(line)),
  };
}
