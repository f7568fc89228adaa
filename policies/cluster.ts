import { resourceRule } from "./policy";
import type { Rule } from "./policy";
import type { Resource } from "./resource";
import { setting } from "./settings";
import { at, expectAt, isWhole, listOf, oneOf, show, textsOf } from "./value";

/** Policies on the control plane. */
export const cluster: Rule[] = [
  resourceRule({
    name: "cluster-access-entries",
    severity: "medium",
    advisory: true,
    description:
      "A cluster knows its users and nodes by access entries: the config map aws-auth is outside of IAM, and one slip in it locks everybody out, nodes included.",
    remedy: "set accessConfig.authenticationMode to API",
    kinds: ["cluster"],
    problems: ({ props }) => expectAt(props, "accessConfig.authenticationMode", "be API", oneOf("API")),
  }),
  resourceRule({
    name: "cluster-audit-logs",
    severity: "medium",
    advisory: true,
    description: "A cluster writes audit logs: without them nobody can say who deleted a claim, and with it the data.",
    remedy: "add audit and authenticator to enabledClusterLogTypes, or shorten cluster-audit-logs.types",
    settings: { types: setting.texts(["audit", "authenticator"], "log types that a cluster must write") },
    kinds: ["cluster"],
    problems: ({ props }, { types }) => {
      const native = listOf(at(props, "logging.clusterLogging.enabledTypes")).map((one) => at(one, "type"));
      if (native.length > 0)
        return types.every((type) => native.includes(type)) ? [] : [`logging must include ${types.join(" and ")}`];
      return expectAt(props, "enabledClusterLogTypes", `include ${types.join(" and ")}`, (value) => {
        return !isWhole(value) || types.every((type) => textsOf(value).includes(type));
      });
    },
  }),
  resourceRule({
    name: "cluster-private-endpoint",
    severity: "high",
    advisory: true,
    description:
      "A cluster's API has a private endpoint: without it nodes reach the API by the internet, and not at all once its network ranges are narrowed.",
    remedy: "set endpointPrivateAccess to true",
    kinds: ["cluster"],
    problems: (resource) =>
      expectAt(resource.props, `${vpcPath(resource)}.endpointPrivateAccess`, "be true", oneOf(true)),
  }),
  resourceRule({
    name: "cluster-public-cidrs",
    severity: "critical",
    advisory: true,
    description:
      "A cluster's API is reached from the internet by named network ranges only: unstated it is open to everybody, and one leaked credential is enough.",
    remedy:
      "set endpointPublicAccess to false, or publicAccessCidrs to your own ranges with cluster-public-cidrs.public",
    settings: { public: setting.flag(true, "whether named network ranges may reach the API") },
    kinds: ["cluster"],
    problems: (resource, config) => {
      const path = vpcPath(resource);
      const access = at(resource.props, `${path}.endpointPublicAccess`);
      const cidrs = at(resource.props, `${path}.publicAccessCidrs`);
      if (access === false) return [];
      if (!config.public) return expectAt(resource.props, `${path}.endpointPublicAccess`, "be false", oneOf(false));
      const wide = textsOf(cidrs).filter((cidr) => Number(cidr.split("/")[1] ?? 128) < 8);
      const named = textsOf(cidrs).length > 0 || !isWhole(cidrs) || !isWhole(access);
      if (named && wide.length === 0) return [];
      return [
        `${path}.publicAccessCidrs must name ranges of /8 or smaller, got ${show(wide.length > 0 ? wide : cidrs)}`,
      ];
    },
  }),
];

function vpcPath({ type }: Resource): string {
  return type.startsWith("aws-native:") ? "resourcesVpcConfig" : "vpcConfig";
}
