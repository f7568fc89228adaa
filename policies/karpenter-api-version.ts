import { resourcePolicy } from "./policy";
import { must } from "./value";

export const karpenterApiVersion = resourcePolicy({
  name: "karpenter-api-version",
  severity: "high",
  description: "Karpenter's objects are of its v1 API: no release since 1.1 serves v1beta1 or v1alpha5.",
  remedy: "write it as a NodePool of karpenter.sh/v1 or an EC2NodeClass of karpenter.k8s.aws/v1",
  kinds: ["nodePool", "nodeClass"],
  faults: ({ type, props }) => {
    const [, version = ""] = /\/([^/:]+):[^:]*$/.exec(type) ?? [];
    if (version !== "v1") return [`its API version must be v1, got ${version}`];
    return must(props, "apiVersion", "end in /v1", (value) => {
      return value === undefined || (typeof value === "string" && value.endsWith("/v1"));
    });
  },
});
