import { allowed, capacityKey } from "./karpenter";
import { resourcePolicy, setting } from "./policy";
import { pending, show } from "./value";

export const nodePoolSpot = resourcePolicy({
  name: "node-pool-spot",
  severity: "low",
  description:
    "A NodePool starts spot nodes, and others only where configuration allows the fallback: on-demand nodes with local disks cost about three times as much.",
  remedy: `require ${capacityKey} In [spot], or allow the fallback with onDemandFallback`,
  kinds: ["nodePool"],
  config: { onDemandFallback: setting.flag(false, "whether a pool may name on-demand beside spot") },
  faults: ({ props }, { onDemandFallback }) => {
    const values = allowed(props, capacityKey);
    if (values === pending) return [];
    if (values?.includes("spot") && (onDemandFallback || values.length === 1)) return [];
    const rule = onDemandFallback ? "include spot" : "be spot alone";
    return [`${capacityKey} must ${rule}, got ${values ? show(values) : "no requirement"}`];
  },
});
