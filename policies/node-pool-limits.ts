import { resourcePolicy } from "./policy";
import { isTable, must } from "./value";

export const nodePoolLimits = resourcePolicy({
  name: "node-pool-limits",
  severity: "high",
  description:
    "A NodePool has a limit of cpu or memory: without one, a faulty Deployment starts nodes, and costs, without end.",
  remedy: 'state spec.limits, such as {cpu: "100"}',
  kinds: ["nodePool"],
  faults: ({ props }) =>
    must(props, "spec.limits", "bound cpu or memory", (limits) => {
      return isTable(limits) && ["cpu", "memory"].some((key) => limits[key] !== undefined && limits[key] !== null);
    }),
});
