import { be, expectAt } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import type { Resource } from "./resource";
import { setting } from "./settings";
import { at, isWhole, listOf, show, textsOf } from "./value";

const onClusters = rulesOn((chain) => chain.all("cluster"), "resource");

/** Policies on the control plane. */
export const cluster: Rules = {
  "cluster-access-entries": onClusters({
    severity: "medium",
    advisory: true,
    description:
      "A cluster authorizes users and nodes by access entries: the ConfigMap aws-auth is outside of IAM, and one error in it locks out all users and nodes.",
    remedy: "set accessConfig.authenticationMode to API",
    problems: ({ props }) => expectAt(props, "accessConfig.authenticationMode", be("API")),
  }),
  "cluster-audit-logs": onClusters({
    severity: "medium",
    advisory: true,
    description: "A cluster writes audit logs: otherwise it is unknown who deleted a claim and its data.",
    remedy: "add audit and authenticator to enabledClusterLogTypes, or shorten cluster-audit-logs.types",
    settings: { types: setting.texts(["audit", "authenticator"], "log types that a cluster must write") },
    problems: ({ props }, _, { types }) => {
      const native = listOf(props, "logging.clusterLogging.enabledTypes").map((one) => at(one, "type"));
      const stated = native.length > 0 ? { logging: native } : props;
      return expectAt(stated, native.length > 0 ? "logging" : "enabledClusterLogTypes", {
        words: `include ${types.join(" and ")}`,
        holds: (value) => !isWhole(value) || types.every((type) => textsOf(value).includes(type)),
      });
    },
  }),
  "cluster-private-endpoint": onClusters({
    severity: "high",
    advisory: true,
    description:
      "A cluster's API has a private endpoint: without it nodes reach the API over the internet, and lose access if its network ranges are restricted.",
    remedy: "set endpointPrivateAccess to true",
    problems: (resource) => expectAt(resource.props, `${vpcPath(resource)}.endpointPrivateAccess`, be(true)),
  }),
  "cluster-public-cidrs": onClusters({
    severity: "critical",
    advisory: true,
    description:
      "Only listed network ranges can reach a cluster's API from the internet: by default it is open to all, and one leaked credential gives access.",
    remedy:
      "set endpointPublicAccess to false, or publicAccessCidrs to your own ranges with cluster-public-cidrs.public",
    settings: { public: setting.flag(true, "whether listed network ranges may reach the API from the internet") },
    problems: (resource, _, config) => {
      const path = vpcPath(resource);
      const access = at(resource.props, `${path}.endpointPublicAccess`);
      const cidrs = at(resource.props, `${path}.publicAccessCidrs`);
      if (access === false) return [];
      if (!config.public) return expectAt(resource.props, `${path}.endpointPublicAccess`, be(false));
      const wide = textsOf(cidrs).filter((cidr) => Number(cidr.split("/")[1] ?? 128) < 8);
      const isNamed = textsOf(cidrs).length > 0 || !isWhole(cidrs) || !isWhole(access);
      if (isNamed && wide.length === 0) return [];
      const got = show(wide.length > 0 ? wide : cidrs);
      return [`${path}.publicAccessCidrs must list ranges of /8 or smaller, got ${got}`];
    },
  }),
};

function vpcPath({ type }: Resource): string {
  return type.startsWith("aws-native:") ? "resourcesVpcConfig" : "vpcConfig";
}
