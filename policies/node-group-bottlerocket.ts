import { resourcePolicy, setting } from "./policy";
import { must, oneOf } from "./value";

export const nodeGroupBottlerocket = resourcePolicy({
  name: "node-group-bottlerocket",
  severity: "medium",
  description:
    "A managed node group runs Bottlerocket on arm64: its launch template holds Bottlerocket's settings, which no other OS reads.",
  remedy: "set amiType to BOTTLEROCKET_ARM_64",
  kinds: ["nodeGroup"],
  config: { amiTypes: setting.texts(["BOTTLEROCKET_ARM_64", "BOTTLEROCKET_ARM_64_FIPS"], "AMI types of node groups") },
  faults: ({ props }, { amiTypes }) => must(props, "amiType", `be ${amiTypes[0] ?? "none"}`, oneOf(...amiTypes)),
});
