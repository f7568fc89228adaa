import { allowed, capacityKey, carries, label, matchingTypes } from "./karpenter";
import { resourcePolicy, setting } from "./policy";
import { at, isWhole } from "./value";

export const nodePoolWidth = resourcePolicy({
  name: "node-pool-width",
  severity: "low",
  advisory: true,
  description:
    "A spot NodePool with fast disks matches many instance types: a narrow one is interrupted more often, and each interruption loses data.",
  remedy: "add families, generations or sizes",
  kinds: ["nodePool"],
  config: { label, minimum: setting.count(10, "fewest instance types that a spot pool matches") },
  applies: carries,
  faults: ({ props }, { minimum }) => {
    const spot = allowed(props, capacityKey);
    const types = matchingTypes(props);
    const judged =
      Array.isArray(spot) && spot.includes("spot") && isWhole(at(props, "spec.template.spec.requirements"));
    if (!judged || types.length >= minimum) return [];
    return [`its requirements must match ${minimum} types, got ${types.join(", ") || "none"}`];
  },
});
