import { resourcePolicy } from "./policy";
import { must, oneOf } from "./value";

export const clusterPrivateEndpoint = resourcePolicy({
  name: "cluster-private-endpoint",
  severity: "high",
  description:
    "A cluster's API has a private endpoint: without it nodes reach the API by the internet, and not at all once its CIDRs are narrowed.",
  remedy: "set vpcConfig.endpointPrivateAccess to true",
  kinds: ["cluster"],
  faults: ({ props }) => must(props, "vpcConfig.endpointPrivateAccess", "be true", oneOf(true)),
});
