import catalogue from "../components/catalogue.json";
import { setting } from "./policy";
import type { Resource } from "./policy";
import { at, isWhole, listOf, pending, tableOf, textOf, textsOf } from "./value";
import type { Table } from "./value";

/** arm64 types with local NVMe. */
const types: Record<string, { vcpu: number; memoryMiB: number; disks: number; diskGB: number }> = catalogue.types;

export const archKey = "kubernetes.io/arch";
export const capacityKey = "karpenter.sh/capacity-type";
export const nvmeKey = "karpenter.k8s.aws/instance-local-nvme";
export const familyKey = "karpenter.k8s.aws/instance-family";
export const typeKey = "node.kubernetes.io/instance-type";
const requirementsPath = "spec.template.spec.requirements";

/** Setting of each policy that only concerns pools with fast disks. */
export const label = setting.text("eks-fast-disks/class", "node label by which a pool says that its disks are volumes");

/** Whether the pool says that its nodes' disks become volumes. */
export function carries({ props }: Resource, { label }: { label: string }): boolean {
  return Object.hasOwn(labelsOf(props), label);
}

/** Labels that the pool's nodes get. */
export function labelsOf(props: Table): Table {
  return tableOf(at(props, "spec.template.metadata.labels"));
}

/** The pool's requirements that are known. */
export function requirementsOf(props: Table): { key: string; operator: string; values: string[] }[] {
  return listOf(at(props, requirementsPath)).map((item) => ({
    key: textOf(at(item, "key")),
    operator: textOf(at(item, "operator")),
    values: textsOf(at(item, "values")),
  }));
}

/** Values that the pool leaves to a label: `undefined` if any, pending if that cannot be known. */
export function allowed(props: Table, key: string): string[] | undefined | typeof pending {
  const lists = requirementsOf(props).filter((one) => one.key === key && one.operator === "In");
  const label = labelsOf(props)[key];
  if (typeof label === "string") return [label];
  if (!isWhole(at(props, requirementsPath))) return pending;
  return lists.map(({ values }) => values).reduce<string[] | undefined>(intersect, undefined);
}

/** Whether EC2 has an arm64 type with local NVMe of that name, or a whole family. */
export function hasNvme(name: string): boolean {
  return name in types || Object.keys(types).some((type) => type.startsWith(`${name}.`));
}

/** arm64 types with local NVMe that satisfy all requirements; labels that the catalogue lacks restrict nothing. */
export function matchingTypes(props: Table): string[] {
  const requirements = requirementsOf(props);
  return Object.keys(types).filter((type) => {
    const labels = labelsOfType(type);
    return requirements.every((one) => satisfies(labels[one.key], one));
  });
}

function satisfies(label: string | undefined, { operator, values }: { operator: string; values: string[] }): boolean {
  if (label === undefined || operator === "Exists") return true;
  const [actual, bound] = [Number(label), Number(values[0])];
  if (operator === "In") return values.includes(label);
  if (operator === "Gt" || operator === "Gte") return actual > bound || (operator === "Gte" && actual === bound);
  if (operator === "Lt" || operator === "Lte") return actual < bound || (operator === "Lte" && actual === bound);
  return operator === "NotIn" && !values.includes(label);
}

function labelsOfType(type: string): Record<string, string | undefined> {
  const [family = "", size] = type.split(".");
  const [, category, generation] = /^([a-z]+)(\d+)/.exec(family) ?? [];
  const { vcpu, memoryMiB, disks, diskGB } = types[type] ?? { vcpu: 0, memoryMiB: 0, disks: 0, diskGB: 0 };
  const aws = { category, generation, size, family, cpu: vcpu, memory: memoryMiB, "local-nvme": disks * diskGB };
  return {
    [typeKey]: type,
    [archKey]: "arm64",
    ...Object.fromEntries(
      Object.entries(aws).map(([key, value]) => [`karpenter.k8s.aws/instance-${key}`, String(value)]),
    ),
  };
}

function intersect(left: string[] | undefined, right: string[]): string[] {
  return left ? left.filter((value) => right.includes(value)) : right;
}

/** Whether nodes of the pool are never disrupted for that reason: by a budget of none, or do-not-disrupt. */
export function holds(props: Table, reason: string): boolean {
  const annotations = tableOf(at(props, "spec.template.metadata.annotations"));
  const budgets = listOf(at(props, "spec.disruption.budgets"));
  return (
    annotations["karpenter.sh/do-not-disrupt"] === "true" ||
    budgets.some((budget) => {
      const { nodes, reasons, schedule } = tableOf(budget);
      const always = schedule === undefined && (reasons === undefined || textsOf(reasons).includes(reason));
      return always && ["0", "0%"].includes(textOf(nodes));
    })
  );
}
