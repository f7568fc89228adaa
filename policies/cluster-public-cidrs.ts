import { resourcePolicy, setting } from "./policy";
import { at, isWhole, must, oneOf, show, textsOf } from "./value";

export const clusterPublicCidrs = resourcePolicy({
  name: "cluster-public-cidrs",
  severity: "critical",
  description:
    "A cluster's API is reached from the internet by named CIDRs only: unstated it is open to everybody, and one leaked credential is enough.",
  remedy: "set vpcConfig.endpointPublicAccess to false, or publicAccessCidrs to your own blocks",
  kinds: ["cluster"],
  config: { public: setting.flag(true, "whether named CIDRs may reach the API") },
  faults: ({ props }, config) => {
    const access = at(props, "vpcConfig.endpointPublicAccess");
    const cidrs = at(props, "vpcConfig.publicAccessCidrs");
    if (access === false) return [];
    if (!config.public) return must(props, "vpcConfig.endpointPublicAccess", "be false", oneOf(false));
    const open = textsOf(cidrs).some((cidr) => cidr.endsWith("/0"));
    const named = textsOf(cidrs).length > 0 || !isWhole(cidrs) || !isWhole(access);
    if (named && !open) return [];
    return [`vpcConfig.publicAccessCidrs must name blocks smaller than everything, got ${show(cidrs)}`];
  },
});
