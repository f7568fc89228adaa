import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { at, listOf, reveal, textOf } from "./value";
import type { Table, Value } from "./value";

/** A resource as a policy reads it; `dependencies` are URNs and known to stack policies only. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  props: Table;
  dependencies: string[];
  /** URNs of the resources that each property depends on. */
  sources: Record<string, string[]>;
}

/** A resource as the SDK gives it to a policy: with its stack, or alone. */
export type Given = PolicyResource | ResourceValidationArgs;

export function resourceOf(given: Given): Resource {
  const { type, name, urn, props } = given;
  const stated = "propertyDependencies" in given ? Object.entries(given.propertyDependencies) : [];
  const sources = stated.map(([property, list]) => [property, list.map((one) => one.urn)] as const);
  const dependencies = "dependencies" in given ? given.dependencies.map((one) => one.urn) : [];
  return {
    type,
    name,
    urn,
    props: reveal(props) as Table,
    dependencies: [...dependencies, ...sources.flatMap(([, urns]) => urns)],
    sources: Object.fromEntries(sources),
  };
}

const kubernetes = (group: string, kinds: string) =>
  new RegExp(`^kubernetes:${group.replaceAll(".", "\\.")}/[^:]+:(${kinds})(Patch)?$`);
const aws = (module: string, type: string, native: string) =>
  new RegExp(`^(aws:${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}|aws-native:${native})$`);

/** Type tokens of the resources that policies judge; those of Kubernetes are the same for typed resources, CustomResource and YAML. */
export const kinds = {
  nodePool: kubernetes("karpenter.sh", "NodePool|Provisioner"),
  nodeClass: kubernetes("karpenter.k8s.aws", "EC2NodeClass|AWSNodeTemplate"),
  nodeOverlay: kubernetes("karpenter.sh", "NodeOverlay"),
  storageClass: kubernetes("storage.k8s.io", "StorageClass"),
  csiDriver: kubernetes("storage.k8s.io", "CSIDriver"),
  deployment: kubernetes("apps", "Deployment"),
  daemonSet: kubernetes("apps", "DaemonSet"),
  workload: /^kubernetes:(apps\/[^:]+:(Deployment|StatefulSet|ReplicaSet)|core\/[^:]+:Pod|batch\/[^:]+:(Job|CronJob))$/,
  claim: kubernetes("core", "PersistentVolumeClaim"),
  configMap: kubernetes("core", "ConfigMap"),
  clusterRole: kubernetes("rbac.authorization.k8s.io", "ClusterRole"),
  clusterRoleBinding: kubernetes("rbac.authorization.k8s.io", "ClusterRoleBinding"),
  // The resources of a Chart are registered and judged one by one.
  release: /^kubernetes:helm\.sh\/v\d:Release$/,
  cluster: aws("eks", "Cluster", "eks:Cluster"),
  addOn: aws("eks", "Addon", "eks:Addon"),
  nodeGroup: aws("eks", "NodeGroup", "eks:Nodegroup"),
  launchTemplate: aws("ec2", "LaunchTemplate", "ec2:LaunchTemplate"),
  podIdentity: aws("eks", "PodIdentityAssociation", "eks:PodIdentityAssociation"),
  image: /^(docker:index\/image:Image|docker-build:index:Image)$/,
  repository: aws("ecr", "Repository", "ecr:Repository"),
  repositoryLifecycle: aws("ecr", "LifecyclePolicy", "ecr:LifecyclePolicy"),
  queue: aws("sqs", "Queue", "sqs:Queue"),
  queuePolicy: aws("sqs", "QueuePolicy", "sqs:Queue(Inline)?Policy"),
  eventRule: aws("cloudwatch", "EventRule", "events:Rule"),
  eventTarget: aws("cloudwatch", "EventTarget", "events:Target"),
};
export type Kind = keyof typeof kinds;

export function isOf(kind: Kind, { type }: { type: string }): boolean {
  return kinds[kind].test(type);
}

const judged = new Map<string, boolean>();

/** Whether any policy reads resources of the type. */
export function isJudged(type: string): boolean {
  const found = judged.get(type) ?? Object.values(kinds).some((kind) => kind.test(type));
  judged.set(type, found);
  return found;
}

/** The name of a Kubernetes object. */
export function nameOf({ props }: Resource): Value {
  return at(props, "metadata.name");
}

/** Name of the chart or its archive: `karpenter` for `oci://public.ecr.aws/karpenter/karpenter`. */
export function chartOf({ props }: Resource): string {
  const [, name = ""] = /([^/]+?)(-v?\d+\.\d+\.\d+[^/]*)?(\.tgz)?\/*$/.exec(textOf(props, "chart")) ?? [];
  return name;
}

/** The containers of a Deployment's or DaemonSet's pods. */
export function containersOf({ props }: Resource): Value[] {
  return listOf(props, "spec.template.spec.containers");
}

/** Whether one of them has such an image. */
export function runs(resource: Resource, image: RegExp): boolean {
  return containersOf(resource).some((one) => image.test(textOf(one, "image")));
}
