import { instanceTypes } from "../catalogue/instance-types";
import { permits } from "../catalogue/requirements";
import type { Requirement } from "../catalogue/requirements";
import type { Resource } from "./resource";
import { at, isWhole, listOf, tableOf, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

export const labels = {
  arch: "kubernetes.io/arch",
  capacityType: "karpenter.sh/capacity-type",
  localNvme: "karpenter.k8s.aws/instance-local-nvme",
  instanceFamily: "karpenter.k8s.aws/instance-family",
  instanceType: "node.kubernetes.io/instance-type",
  nodePool: "karpenter.sh/nodepool",
  nodeGroup: "eks.amazonaws.com/nodegroup",
};
/** Labels that say nothing about disks. */
const general = [labels.arch, "kubernetes.io/os"];
/** Labels that nodes may get without their pool setting them. */
const givenByOthers = /^(.+\.)?(kubernetes\.io|k8s\.io|k8s\.aws)\//;

/** What starts nodes of one kind: a NodePool, or a managed node group. */
export interface Pool extends Resource {
  /** Requirements on the labels of its nodes, from its requirements and labels. */
  requirements: Requirement[];
  /** Whether none of these is pending. */
  whole: boolean;
}

export function poolOf(resource: Resource): Pool {
  const { props } = resource;
  const template = at(props, "spec.template");
  const stated = at(template, "spec.requirements");
  const given = tableOf(template, "metadata.labels");
  const own: Table = { ...given, [labels.nodePool]: at(props, "metadata.name") };
  return {
    ...resource,
    requirements: [...requirementsOf(stated), ...exactly(own)],
    whole: isWhole(stated) && isWhole(at(template, "metadata.labels")),
  };
}

/** `userData`: node labels from the user data. */
export function nodeGroupOf(resource: Resource, userData: Value): Pool {
  const { props } = resource;
  const name = at(props, "nodeGroupName") ?? at(props, "nodegroupName");
  const own: Table = { ...tableOf(props.labels), ...tableOf(userData), [labels.nodeGroup]: name };
  return { ...resource, requirements: exactly(own), whole: isWhole(props.labels) && isWhole(userData) };
}

/** The known requirements in a list, of a pool or of a pod's affinity. */
export function requirementsOf(value: Value): Requirement[] {
  return listOf(value).map((item) => ({
    key: textOf(item, "key"),
    operator: textOf(item, "operator"),
    values: textsOf(item, "values"),
  }));
}

function exactly(table: Table): Requirement[] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === "string" ? [{ key, operator: "In", values: [value] }] : [],
  );
}

/** Whether the pool gives its nodes this label, with any value. */
export function givesLabel({ requirements }: Pool, label: string): boolean {
  return requirements.some(({ key, operator }) => key === label && (operator === "In" || operator === "Exists"));
}

/** The values of a label that the pool lists and permits, `undefined` if it lists none. */
export function listedValues({ requirements }: Pool, label: string): string[] | undefined {
  const named = requirements.find(({ key, operator }) => key === label && operator === "In")?.values;
  return named?.filter((value) => permits(requirements, label, value));
}

/** The names of arm64 types or families without local NVMe. */
export function withoutNvme(names: string[]): string[] {
  return names.filter((name) => isArm64(name) && !hasNvme(name));
}

/** Graviton families have a letter g after the generation. */
function isArm64(name: string): boolean {
  return /^(a1|[a-z]+\d+g)/.test(name);
}

/** Whether EC2 has an arm64 type or family of that name with local NVMe. */
function hasNvme(name: string): boolean {
  return instanceTypes.some((type) => type.name === name || type.name.startsWith(`${name}.`));
}

/** The possible values of a label that the pool permits. */
export function permitted({ requirements }: Pool, label: string, possible: string[]): string[] {
  return possible.filter((value) => permits(requirements, label, value));
}

/** Whether its nodes may be spot instances. */
export function startsSpot(pool: Pool): boolean {
  return permitted(pool, labels.capacityType, ["spot"]).length > 0;
}

/** Where a pod may run: on nodes that satisfy all requirements of at least one term. */
export interface Placement {
  terms: Requirement[][];
  whole: boolean;
}

/** Placement by `nodeSelector` and required node affinity of a pod, or of a chart's values. */
export function placementOf(pod: Value): Placement {
  const selector = at(pod, "nodeSelector");
  const required = at(pod, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  const terms = listOf(required, "nodeSelectorTerms").map((term) => requirementsOf(at(term, "matchExpressions")));
  const own = exactly(tableOf(selector));
  return {
    terms: (terms.length > 0 ? terms : [[]]).map((term) => [...own, ...term]),
    whole: isWhole(selector) && isWhole(required),
  };
}

/** Whether the placement selects nodes of the pool by a label that the pool sets. */
export function selects({ terms }: Placement, pool: Pool): boolean {
  return terms.some(
    (term) => term.every((one) => meets(pool, one) !== false) && term.some((one) => meets(pool, one) === true),
  );
}

/** Whether nodes of the pool meet a pod's requirement; `undefined` if the pool does not decide it. */
function meets(pool: Pool, one: Requirement): boolean | undefined {
  const { key, operator } = one;
  if (general.includes(key)) return undefined;
  const stated = pool.requirements.some((other) => other.key === key);
  if (!stated) return givenByOthers.test(key) || permits([one], key, undefined) ? undefined : false;
  if (operator === "NotIn" || operator === "DoesNotExist")
    return (listedValues(pool, key) ?? []).some((value) => permits([one], key, value)) ? undefined : false;
  const values = listedValues(pool, key);
  return values ? values.some((value) => permits([one], key, value)) : !permits(pool.requirements, key, undefined);
}

/** Whether no node can match both. */
export function exclude(one: Placement, other: Placement): boolean {
  return one.terms.every((first) => other.terms.every((second) => disjoint(first, second)));
}

function disjoint(first: Requirement[], second: Requirement[]): boolean {
  const both = [...first, ...second];
  return both.some(({ key, operator, values = [] }) => {
    if (operator === "In") return values.every((value) => !permits(both, key, value));
    return operator === "Exists" && both.some((other) => other.key === key && other.operator === "DoesNotExist");
  });
}
