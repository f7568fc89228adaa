import { resourcePolicy } from "./policy";
import { at, oneOf, pending, show } from "./value";

export const nodeClassIdentity = resourcePolicy({
  name: "node-class-identity",
  severity: "medium",
  description:
    "An EC2NodeClass names exactly one of role and instanceProfile: Karpenter refuses both, and starts no node with neither.",
  remedy: "state spec.role or spec.instanceProfile, not both",
  kinds: ["nodeClass"],
  faults: ({ props }) => {
    const spec = at(props, "spec");
    const stated = ["role", "instanceProfile"].filter((key) => !oneOf(undefined, null, "")(at(spec, key)));
    return spec === pending || stated.length === 1
      ? []
      : [`spec must name one of role and instanceProfile, got ${show(stated)}`];
  },
});
