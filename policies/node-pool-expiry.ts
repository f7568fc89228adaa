import { resourcePolicy } from "./policy";
import { must, secondsOf } from "./value";

export const nodePoolExpiry = resourcePolicy({
  name: "node-pool-expiry",
  severity: "high",
  description:
    "A NodePool states when its nodes expire: unstated it is 720h, after which Karpenter takes a node by force, whatever it holds.",
  remedy: "state spec.template.spec.expireAfter, as Never or a duration that the data may be lost after",
  kinds: ["nodePool"],
  faults: ({ props }) =>
    must(props, "spec.template.spec.expireAfter", "be Never or a duration", (value) => {
      return value === "Never" || secondsOf(value) !== undefined;
    }),
});
