import { resourcePolicy } from "./policy";
import { must, oneOf } from "./value";

export const repositoryImmutable = resourcePolicy({
  name: "repository-immutable",
  severity: "high",
  description:
    "An image repository never moves a tag: whoever can push could otherwise change what runs as root on each node at its next boot.",
  remedy: "set imageTagMutability to IMMUTABLE",
  kinds: ["repository"],
  faults: ({ props }) => must(props, "imageTagMutability", "be IMMUTABLE", oneOf("IMMUTABLE")),
});
