import { resourcePolicy, setting } from "./policy";
import { isWhole, must, textsOf } from "./value";

export const clusterAuditLogs = resourcePolicy({
  name: "cluster-audit-logs",
  severity: "medium",
  description: "A cluster writes audit logs: without them nobody can say who deleted a claim, and with it the data.",
  remedy: "add audit and authenticator to enabledClusterLogTypes",
  kinds: ["cluster"],
  config: { types: setting.texts(["audit", "authenticator"], "log types that a cluster must write") },
  faults: ({ props }, { types }) =>
    must(props, "enabledClusterLogTypes", `include ${types.join(" and ")}`, (value) => {
      return !isWhole(value) || types.every((type) => textsOf(value).includes(type));
    }),
});
