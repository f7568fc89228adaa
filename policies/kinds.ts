import type { Resource } from "./policy";
import { at } from "./value";

/** Type tokens of what policies judge; Kubernetes' are the same for typed resources, CustomResource and YAML. */
export const kinds = {
  nodePool: /^kubernetes:karpenter\.sh\/[^:]+:(NodePool|Provisioner)$/,
  nodeClass: /^kubernetes:karpenter\.k8s\.aws\/[^:]+:(EC2NodeClass|AWSNodeTemplate)$/,
  storageClass: /^kubernetes:storage\.k8s\.io\/[^:]+:StorageClass$/,
  deployment: /^kubernetes:apps\/[^:]+:Deployment$/,
  daemonSet: /^kubernetes:apps\/[^:]+:DaemonSet$/,
  clusterRole: /^kubernetes:rbac\.authorization\.k8s\.io\/[^:]+:ClusterRole$/,
  clusterRoleBinding: /^kubernetes:rbac\.authorization\.k8s\.io\/[^:]+:ClusterRoleBinding$/,
  chart: /^kubernetes:helm\.sh\/v\d:(Release|Chart)$/,
  cluster: /^aws:eks\/cluster:Cluster$/,
  addOn: /^aws:eks\/addon:Addon$/,
  nodeGroup: /^aws:eks\/nodeGroup:NodeGroup$/,
  launchTemplate: /^aws:ec2\/launchTemplate:LaunchTemplate$/,
  podIdentity: /^aws:eks\/podIdentityAssociation:PodIdentityAssociation$/,
  repository: /^aws:ecr\/repository:Repository$/,
  repositoryLifecycle: /^aws:ecr\/lifecyclePolicy:LifecyclePolicy$/,
  queue: /^aws:sqs\/queue:Queue$/,
  queuePolicy: /^aws:sqs\/queuePolicy:QueuePolicy$/,
  eventRule: /^aws:cloudwatch\/eventRule:EventRule$/,
};
export type Kind = keyof typeof kinds;

export function isOf(kind: Kind, { type }: { type: string }): boolean {
  return kinds[kind].test(type);
}

/** The last word of a Helm chart's reference: `karpenter` of `oci://public.ecr.aws/karpenter/karpenter`. */
export function chartOf({ props }: Resource): string {
  const chart = at(props, "chart");
  return typeof chart === "string" ? (chart.replace(/\/+$/, "").split("/").pop() ?? "") : "";
}
