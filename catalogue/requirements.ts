import { instanceTypes } from "./instance-types";
import type { InstanceType } from "./instance-types";

/** A scheduling requirement as a NodePool takes it (https://karpenter.sh/docs/concepts/nodepools/#spectemplatespecrequirements). */
export interface Requirement {
  /** A well-known label, for example `karpenter.k8s.aws/instance-cpu`, or one of your own. */
  key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`, `Gte` or `Lte`. */
  operator: string;
  /** Strings, also where they are numbers. */
  values?: string[];
}

/** Prefix of the labels that the AWS provider gives its nodes. */
export const providerPrefix = "karpenter.k8s.aws/";

type Holds = (label: string | undefined, values: string[]) => boolean;
const number =
  (compare: (label: number, value: number) => boolean): Holds =>
  (label, [value]) =>
    label !== undefined && compare(Number(label), Number(value));
const holds = new Map<string, Holds>([
  ["In", (label, values) => label !== undefined && values.includes(label)],
  ["NotIn", (label, values) => label === undefined || !values.includes(label)],
  ["Exists", (label) => label !== undefined],
  ["DoesNotExist", (label) => label === undefined],
  ["Gt", number((label, value) => label > value)],
  ["Lt", number((label, value) => label < value)],
  ["Gte", number((label, value) => label >= value)],
  ["Lte", number((label, value) => label <= value)],
]);

/** Operators of a NodePool's requirements. */
export const operators: string[] = [...holds.keys()];

// Old labels that Karpenter replaces by new ones.
const replaced = new Map([
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
  ["beta.kubernetes.io/os", "kubernetes.io/os"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
]);

const catalogue = instanceTypes.map((type) => ({ type, labels: labelsOf(type) }));

/** Labels that the catalogue knows of each type. */
export const evaluatedLabels: string[] = Object.keys(catalogue[0]?.labels ?? {});

/** Whether all requirements on the label allow this value, or, for `undefined`, allow a node without the label. */
export function permits(requirements: Requirement[], label: string, value: string | undefined): boolean {
  return requirements.every((one) => labelOf(one) !== label || allows(one, value));
}

/** Types of the catalogue that satisfy all requirements. Requirements on labels that it does not know are ignored. */
export function matchingTypes(requirements: Requirement[]): InstanceType[] {
  return catalogue
    .filter(({ labels }) => requirements.every((one) => !(labelOf(one) in labels) || allows(one, labels[labelOf(one)])))
    .map(({ type }) => type);
}

function labelOf({ key }: Requirement): string {
  return replaced.get(key) ?? key;
}

function allows({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  return holds.get(operator)?.(value, values) ?? true;
}

/** Labels that the AWS provider gives a node of the type. */
export function labelsOf({ name, vcpu, memoryMiB, disks, diskGB }: InstanceType): Record<string, string> {
  const [family = "", size = ""] = name.split(".");
  const [, category = "", generation = ""] = /^([a-z]+)(\d+)/.exec(family) ?? [];
  return {
    "kubernetes.io/arch": "arm64",
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": name,
    [`${providerPrefix}instance-family`]: family,
    [`${providerPrefix}instance-size`]: size,
    [`${providerPrefix}instance-category`]: category,
    [`${providerPrefix}instance-generation`]: generation,
    [`${providerPrefix}instance-cpu`]: String(vcpu),
    [`${providerPrefix}instance-cpu-manufacturer`]: "aws",
    [`${providerPrefix}instance-memory`]: String(memoryMiB),
    [`${providerPrefix}instance-local-nvme`]: String(disks * diskGB),
  };
}
