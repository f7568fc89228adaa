import { chartOf } from "./kinds";
import { stackPolicy } from "./policy";
import { at, isWhole, show, tableOf } from "./value";

export const karpenterPodIdentity = stackPolicy({
  name: "karpenter-pod-identity",
  severity: "high",
  description:
    "Karpenter's controller gets its role by EKS Pod Identity: without an association it acts as its node, or needs an OIDC provider whose trust names no cluster.",
  remedy: "associate its service account with a role by aws.eks.PodIdentityAssociation and drop the annotation",
  kinds: ["chart"],
  faults: (resources) => {
    const accounts = resources("podIdentity").map(({ props }) => props);
    const controllers = resources("chart").filter((one) => chartOf(one) === "karpenter");
    return controllers.flatMap((resource) => {
      const { props } = resource;
      const name = at(props, "values.serviceAccount.name") ?? "karpenter";
      const namespace = at(props, "namespace") ?? "default";
      const role = tableOf(at(props, "values.serviceAccount.annotations"))["eks.amazonaws.com/role-arn"];
      const associated = accounts.some((one) => one.serviceAccount === name && one.namespace === namespace);
      const known =
        isWhole(name) &&
        isWhole(namespace) &&
        accounts.every((one) => isWhole(one.serviceAccount) && isWhole(one.namespace));
      return [
        ...(role === undefined ? [] : [`values.serviceAccount.annotations must name no role, got ${show(role)}`]),
        ...(associated || !known
          ? []
          : [`service account ${show(name)} of ${show(namespace)} must have an association, got none`]),
      ].map((fault) => ({ resource, fault }));
    });
  },
});
