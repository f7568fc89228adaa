import { resourcePolicy } from "./policy";
import { matching, must } from "./value";

export const nodeGroupPinnedRelease = resourcePolicy({
  name: "node-group-pinned-release",
  severity: "medium",
  description:
    "A managed node group states its release version: unstated, each new node group and each replacement gets what AWS released last.",
  remedy: "set releaseVersion, as the SSM parameter image_version of the Bottlerocket release has it",
  kinds: ["nodeGroup"],
  faults: ({ props }) =>
    must(props, "releaseVersion", "be <version>-<commit>", matching(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/)),
});
