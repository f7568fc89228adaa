import type { Values } from "./values";
import { asList, asObject, asText, differences, isBelow } from "./values";
import type { KubernetesObject, World } from "./world";

/** Fields that the API server refuses to patch ("updates to … are forbidden", "field is immutable"). */
const immutable: Record<string, string[] | undefined> = {
  StorageClass: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
  Deployment: ["spec.selector"],
  ClusterRoleBinding: ["roleRef"],
  RoleBinding: ["roleRef"],
  NodePool: ["spec.template.spec.nodeClassRef.group", "spec.template.spec.nodeClassRef.kind"],
};

const namespacedKinds = [
  ...["ServiceAccount", "Deployment", "Service", "Release", "Role", "RoleBinding", "PodDisruptionBudget"],
];
const karpenterKinds = ["NodePool", "EC2NodeClass"];

/** Throws what Kubernetes, Helm and Karpenter answer to an object that cannot be. */
export function refuseObject(world: World, it: KubernetesObject): void {
  const { cluster, kind, name, namespace, object } = it;
  const refuse = (message: string) => {
    throw new Error(`${kind} "${name}": ${message}`);
  };
  const longest = kind === "Release" ? 53 : 253;
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > longest)
    refuse(`Invalid value: a lowercase RFC 1123 name of at most ${longest} characters`);
  if (world.kind(cluster, kind).some((other) => other.name === name && other.namespace === namespace))
    refuse("already exists");
  if (namespacedKinds.includes(kind) && namespace !== "kube-system")
    if (!world.kind(cluster, "Namespace").some((other) => other.name === namespace))
      refuse(`namespaces "${namespace}" not found`);
  if (karpenterKinds.includes(kind) && !world.release(cluster, "karpenter-crd"))
    refuse(`no matches for kind "${kind}": its definition is not installed`);
  if (kind === "NodePool") {
    const className = nodeClassOf(object);
    if (!world.kind(cluster, "EC2NodeClass").some((other) => other.name === className))
      refuse(`EC2NodeClass "${className}" not found`);
  }
  const workload = kind === "Deployment" || chartOf(it) === "karpenter" || chartOf(it) === "local-static-provisioner";
  const nodes = world.instances.filter((instance) => instance.cluster === cluster);
  // A DaemonSet without nodes is ready.
  if (workload && chartOf(it) !== "local-static-provisioner" && nodes.length === 0)
    refuse("timed out waiting: no node to run on");
  if (chartOf(it) === "karpenter") {
    world.objects.push(it);
    const problem = world.controllerProblem(cluster);
    world.removeObjects((other) => other === it);
    if (problem) refuse(`context deadline exceeded: the pods crash, ${problem}`);
  }
}

/** Throws what the API server answers to a patch of what cannot change. */
export function refusePatch(world: World, before: KubernetesObject, after: KubernetesObject): void {
  const fields = immutable[before.kind] ?? [];
  for (const path of differences(before.object, after.object)) {
    const field = fields.find((prefix) => isBelow(path, prefix));
    if (field)
      throw new Error(
        `${before.kind} "${before.name}" is invalid: ${field}: Forbidden: updates to ${field} are forbidden`,
      );
  }
}

/** Throws where a deletion would hang, and notes where it would leave something behind. */
export function refuseDeletion(world: World, it: KubernetesObject): void {
  const { cluster, kind, name } = it;
  const refuse = (message: string) => {
    throw new Error(`${kind} "${name}": timed out waiting for its deletion: ${message}`);
  };
  if (karpenterKinds.includes(kind)) {
    const problem = world.controllerProblem(cluster);
    if (problem) refuse(`nobody removes its finalizer, ${problem}`);
  }
  if (kind === "EC2NodeClass") {
    const node = world.instances.find((instance) => instance.cluster === cluster && instance.nodeClass === name);
    if (node) refuse(`node ${node.id} of ${node.from} still uses it`);
  }
  if (kind === "NodePool") {
    const nodes = world.instances.filter((instance) => instance.cluster === cluster && instance.from === name);
    const isolated = nodes.map((node) => world.isolation(node.subnetId)).find((reason) => reason !== undefined);
    if (isolated) refuse(`its nodes cannot drain, ${isolated}`);
    world.removeInstances((instance) => nodes.includes(instance));
  }
  const left = karpenterKinds.flatMap((of) => world.kind(cluster, of)).map((other) => `${other.kind} ${other.name}`);
  if (chartOf(it) === "karpenter-crd" && left.length > 0) refuse(`${left.join(", ")} hold their definitions`);
  if (chartOf(it) === "karpenter" && left.length > 0)
    world.violations.push(`Karpenter was uninstalled before ${left.join(", ")}`);
}

/** What Karpenter does by itself: one node for each NodePool. */
export function settle(world: World, { cluster, kind, name, object }: KubernetesObject): void {
  if (kind !== "NodePool") return;
  const nodeClass = nodeClassOf(object);
  const found = world.kind(cluster, "EC2NodeClass").find((other) => other.name === nodeClass);
  const terms = asList(asObject(found?.object.spec).subnetSelectorTerms).map(asObject);
  const subnet = world
    .all("aws:ec2/subnet:Subnet")
    .find(({ id, inputs }) => terms.some((term) => term.id === id || (term.id === undefined && hasTags(inputs, term))));
  const subnetId = subnet?.id ?? (asText(terms[0]?.id) || "subnet-of-another-program");
  world.instances.push({ id: `i-${name}`, subnetId, cluster, from: name, nodeClass });
}

function chartOf({ kind, object }: KubernetesObject): string {
  return kind === "Release" ? (asText(object.chart).split("/").pop() ?? "") : "";
}

function nodeClassOf(nodePool: Values): string {
  const template = asObject(asObject(nodePool.spec).template);
  return asText(asObject(asObject(template.spec).nodeClassRef).name);
}

function hasTags(inputs: Values, term: Values): boolean {
  const tags = asObject(inputs.tags);
  return Object.entries(asObject(term.tags)).every(([key, value]) => tags[key] === value);
}
