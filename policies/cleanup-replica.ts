import { cleanupOf } from "./cleanup";
import { resourcePolicy } from "./policy";
import { must, oneOf } from "./value";

export const cleanupReplica = resourcePolicy({
  name: "cleanup-replica",
  severity: "high",
  description:
    "The node-cleanup controller has one replica, and never a second during an update: it elects no leader, and two of them delete claims that were just made again.",
  remedy: "set spec.replicas to 1 and spec.strategy.type to Recreate",
  kinds: ["deployment"],
  applies: (resource) => cleanupOf(resource) !== undefined,
  faults: ({ props }) => [
    ...must(props, "spec.replicas", "be 1", oneOf(1, undefined)),
    ...must(props, "spec.strategy.type", "be Recreate", oneOf("Recreate")),
  ],
});
