import { resourcePolicy } from "./policy";
import { at, listOf, must, oneOf, show } from "./value";

export const nodeClassBottlerocket = resourcePolicy({
  name: "node-class-bottlerocket",
  severity: "high",
  description:
    "An EC2NodeClass runs Bottlerocket, in its family and in its image alike: another OS reads no Bottlerocket settings and runs no bootstrap container.",
  remedy: "set spec.amiFamily to Bottlerocket, and an alias of the same family",
  kinds: ["nodeClass"],
  faults: ({ props }) => {
    const aliases = listOf(at(props, "spec.amiSelectorTerms")).map((term) => at(term, "alias"));
    const others = aliases.filter((alias) => typeof alias === "string" && !alias.startsWith("bottlerocket@"));
    const implied = aliases.length > others.length && aliases.some((alias) => typeof alias === "string");
    return [
      ...must(props, "spec.amiFamily", "be Bottlerocket", oneOf("Bottlerocket", implied ? undefined : "Bottlerocket")),
      ...others.map((alias) => `spec.amiSelectorTerms must have an alias of bottlerocket, got ${show(alias)}`),
    ];
  },
});
