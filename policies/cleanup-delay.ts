import { cleanupOf, flagOf } from "./cleanup";
import { resourcePolicy } from "./policy";
import { pending, secondsOf, show } from "./value";

export const cleanupDelay = resourcePolicy({
  name: "cleanup-delay",
  severity: "high",
  description:
    "The node-cleanup controller waits longer before it deletes a claim than between its looks for volumes: with a delay of 1s and an interval of 5s it has deleted fresh claims.",
  remedy: "set --pvc-deletion-delay above --stale-pv-discovery-interval, such as 60s and 10s",
  kinds: ["deployment"],
  applies: (resource) => cleanupOf(resource) !== undefined,
  faults: (resource) => {
    const delay = flagOf(resource, "pvc-deletion-delay") ?? "60s";
    const interval = flagOf(resource, "stale-pv-discovery-interval") ?? "10s";
    if (delay === pending || interval === pending) return [];
    if ((secondsOf(delay) ?? 0) > (secondsOf(interval) ?? 0)) return [];
    return [`--pvc-deletion-delay must be longer than the interval ${show(interval)}, got ${show(delay)}`];
  },
});
