import { resourcePolicy } from "./policy";
import { matching, must } from "./value";

export const nodeGroupLaunchTemplate = resourcePolicy({
  name: "node-group-launch-template",
  severity: "high",
  description:
    "A managed node group has a launch template, by number: EKS's own allows pods the node's credentials and leaves volumes as the account has them, and $Latest changes nodes unseen.",
  remedy: "set launchTemplate to a template's id and its latestVersion as a string",
  kinds: ["nodeGroup"],
  faults: ({ props }) => must(props, "launchTemplate.version", "be a number", matching(/^\d+$/)),
});
