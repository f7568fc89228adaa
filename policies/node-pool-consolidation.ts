import { carries, holds, label } from "./karpenter";
import { resourcePolicy, setting } from "./policy";
import { must, oneOf, secondsOf } from "./value";

export const nodePoolConsolidation = resourcePolicy({
  name: "node-pool-consolidation",
  severity: "critical",
  description:
    "Consolidation takes only empty nodes of a NodePool with fast disks, and not at once: a cheaper node is no reason to lose the data of a used one.",
  remedy: "set spec.disruption to consolidationPolicy WhenEmpty and consolidateAfter 5m, or allow it by configuration",
  kinds: ["nodePool"],
  config: {
    label,
    allowed: setting.texts(["WhenEmpty"], "consolidation policies that a pool may have"),
    minimumSeconds: setting.count(60, "how long a node has to be empty at least"),
  },
  applies: carries,
  faults: ({ props }, { allowed, minimumSeconds }) => {
    if (holds(props, "Underutilized") && holds(props, "Empty")) return [];
    return [
      ...must(props, "spec.disruption.consolidationPolicy", `be ${allowed.join(" or ")}`, oneOf(...allowed)),
      ...must(props, "spec.disruption.consolidateAfter", `be at least ${minimumSeconds}s, or Never`, (value) => {
        return value === "Never" || (secondsOf(value) ?? -1) >= minimumSeconds;
      }),
    ];
  },
});
