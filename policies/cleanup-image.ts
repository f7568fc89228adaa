import { cleanupOf } from "./cleanup";
import { resourcePolicy } from "./policy";
import { isReleased } from "./provisioner";
import { must } from "./value";

export const cleanupImage = resourcePolicy({
  name: "cleanup-image",
  severity: "high",
  description:
    "The node-cleanup controller's image is a release, of no staging registry: it deletes claims and volumes, and a canary build does so untested.",
  remedy: "take registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
  kinds: ["deployment"],
  applies: (resource) => cleanupOf(resource) !== undefined,
  faults: (resource) => must(cleanupOf(resource) ?? {}, "image", "be a release", isReleased),
});
