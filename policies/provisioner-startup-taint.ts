import { resourcePolicy } from "./policy";
import { isProvisioner } from "./provisioner";
import { must, oneOf } from "./value";

export const provisionerStartupTaint = resourcePolicy({
  name: "provisioner-startup-taint",
  severity: "high",
  description:
    "The local static provisioner removes no startup taint: up to 2.9.0 its condition is inverted, the taint stays for ever, and no pod runs on the node.",
  remedy: "set values.removeNodeNotReadyTaint to false",
  kinds: ["chart"],
  applies: isProvisioner,
  faults: ({ props }) => must(props, "values.removeNodeNotReadyTaint", "be false", oneOf(false, undefined)),
});
