import { carries, holds, label } from "./karpenter";
import { resourcePolicy, setting } from "./policy";
import { at, isWhole, show } from "./value";

export const nodePoolDrift = resourcePolicy({
  name: "node-pool-drift",
  severity: "critical",
  description:
    "Drift does not take nodes with fast disks unless the stack says so: each new boot image or Bottlerocket version is drift, and replaces all nodes with their data.",
  remedy: 'add the budget {nodes: "0", reasons: [Drifted]} to spec.disruption.budgets, or configure allowed',
  kinds: ["nodePool"],
  config: { label, allowed: setting.flag(false, "whether drift may replace nodes that hold data") },
  applies: carries,
  faults: ({ props }, { allowed }) => {
    const budgets = at(props, "spec.disruption.budgets");
    if (allowed || holds(props, "Drifted") || !isWhole(budgets)) return [];
    return [`spec.disruption.budgets must hold nodes that drifted, got ${show(budgets)}`];
  },
});
