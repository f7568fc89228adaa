import { instanceTypes } from "../catalogue/instance-types";
import * as evaluator from "../catalogue/requirements";
import { setting } from "./policy";
import type { Resource } from "./policy";
import { at, isWhole, listOf, pending, tableOf, textOf, textsOf } from "./value";
import type { Table } from "./value";

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
  return instanceTypes.some((type) => type.name === name || type.name.startsWith(`${name}.`));
}

/** arm64 types with local NVMe that satisfy all requirements; labels that the catalogue lacks restrict nothing. */
export function matchingTypes(props: Table): string[] {
  return evaluator.matchingTypes(requirementsOf(props)).map(({ name }) => name);
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
