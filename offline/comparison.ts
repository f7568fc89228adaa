import type { Range } from "../components/manifests/capacity";
import { compareGraphs } from "./changes";
import { diskNodesOf } from "./disk-nodes";
import type { DiskNodes } from "./disk-nodes";
import { Effect } from "./effects";
import { exposureOf, openedRanges } from "./exposure";
import type { Resource } from "./graph";
import { outcomesOf } from "./outcomes";
import type { Violation } from "./policies";
import type { NodesOutcome } from "./pool-outcome";

/** A comparison of two plans, for a reviewer. */
export interface Comparison {
  stack: string;
  /** The plan that this one is compared with, as the user named it. */
  against: string;
  dataAtRisk: boolean;
  /** The stack sets `allowDataLoss`. */
  dataLossAllowed: boolean;
  pools: ComparedPool[];
  internet: {
    /** Network ranges that reach the Kubernetes API, but did not before. */
    opened: string[];
    added: string[];
    removed: string[];
  };
  /** Resources by what happens to them. */
  resources: Partial<Record<Effect, string[]>>;
  policies: Violation[];
  warnings: string[];
}

/** A pool or a node group. */
export interface ComparedPool extends NodesOutcome {
  /** On-demand price in us-east-1 of a GB-month of local NVMe; undefined without a pool or a known price. */
  usdPerGBMonth: { before?: Range; after?: Range };
  /** Added and removed sentences of the plan about events that destroy data. */
  rules: { added: string[]; removed: string[] };
}

/** A plan with its report, to compare. */
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
  const [was, is] = [diskNodesOf(before), diskNodesOf(resources)];
  const outcomes = outcomesOf({ resources: before }, { resources }, changes);
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
    pools: outcomes.map((outcome) => comparePool(outcome, was, is)),
    internet: { opened: openedRanges(before, resources), ...difference(reached ?? [], reaches ?? []) },
    resources: Object.fromEntries(listed.filter(([, keys]) => keys.length > 0)),
    policies,
    warnings,
  };
}

function describeChange({ key, paths }: { key: string; paths: string[] }): string {
  return paths.length === 0 ? key : `${key} (${paths.join(", ")})`;
}

function comparePool(outcome: NodesOutcome, before: DiskNodes[], after: DiskNodes[]): ComparedPool {
  const find = (all: DiskNodes[]) =>
    all.find(({ section, name }) => section === outcome.section && name === outcome.pool);
  const [was, is] = [find(before), find(after)];
  const [cost, costs] = [was?.capacity.usdPerGBMonth, is?.capacity.usdPerGBMonth];
  return {
    ...outcome,
    usdPerGBMonth: { ...(cost && { before: cost }), ...(costs && { after: costs }) },
    rules: was && is ? difference(was.risks, is.risks) : { added: [], removed: [] },
  };
}

function difference(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((line) => !before.includes(line)),
    removed: before.filter((line) => !after.includes(line)),
  };
}
