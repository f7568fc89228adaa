import { resourcePolicy } from "./policy";
import { must, oneOf } from "./value";

export const clusterAccessEntries = resourcePolicy({
  name: "cluster-access-entries",
  severity: "medium",
  description:
    "A cluster knows its users and nodes by access entries: the config map aws-auth is outside of IAM, and one slip in it locks everybody out, nodes included.",
  remedy: "set accessConfig.authenticationMode to API",
  kinds: ["cluster"],
  faults: ({ props }) => must(props, "accessConfig.authenticationMode", "be API", oneOf("API")),
});
