import { instanceTypes } from "../instance-types";
import type { InstanceType } from "../instance-types";
import { names } from "../names";
import { isLabelKey, isLabelValue, isReservedLabel } from "./label";

/** A scheduling requirement as a NodePool takes it (https://karpenter.sh/docs/concepts/nodepools/#spectemplatespecrequirements). */
export interface Requirement {
  /** A well-known label, for example `karpenter.k8s.aws/instance-cpu`, or one of your own. */
  key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`, `Gte` or `Lte`. */
  operator: string;
  /** Strings, also where they are numbers. */
  values?: string[];
}

type Holds = (label: string | undefined, values: string[]) => boolean;
const number =
  (compare: (label: number, value: number) => boolean): Holds =>
  (label, [value]) =>
    label !== undefined && compare(Number(label), Number(value));
const operators: Record<string, Holds | undefined> = {
  In: (label, values) => label !== undefined && values.includes(label),
  NotIn: (label, values) => label === undefined || !values.includes(label),
  Exists: (label) => label !== undefined,
  DoesNotExist: (label) => label === undefined,
  Gt: number((label, value) => label > value),
  Lt: number((label, value) => label < value),
  Gte: number((label, value) => label >= value),
  Lte: number((label, value) => label <= value),
};

const aws = "karpenter.k8s.aws/";
const typeLabel = "node.kubernetes.io/instance-type";

/** Labels that the catalogue knows of a type. */
function labelsOf(type: InstanceType): Record<string, string | undefined> {
  const [family, size] = type.name.split(".") as [string, string];
  const [, category, generation] = /^([a-z]+)(\d+)/.exec(family) as unknown as [string, string, string];
  return {
    "kubernetes.io/arch": "arm64",
    "kubernetes.io/os": "linux",
    [typeLabel]: type.name,
    [`${aws}instance-family`]: family,
    [`${aws}instance-size`]: size,
    [`${aws}instance-category`]: category,
    [`${aws}instance-generation`]: generation,
    [`${aws}instance-cpu`]: String(type.vcpu),
    [`${aws}instance-cpu-manufacturer`]: "aws",
    [`${aws}instance-memory`]: String(type.memoryMiB),
    [names.localNvmeLabel]: String(type.disks * type.diskGB),
  };
}

const evaluated = new Set(instanceTypes.slice(0, 1).flatMap((type) => Object.keys(labelsOf(type))));
/** Well-known labels that say nothing about disks, or that only AWS can judge. */
const passed = new Set([
  ...["topology.kubernetes.io/zone", "topology.k8s.aws/zone-id"],
  ...["hypervisor", "encryption-in-transit-supported", "tenancy", "capability-flex", "ebs-bandwidth"].map(
    (label) => `${aws}instance-${label}`,
  ),
  ...[`${aws}instance-network-bandwidth`, `${aws}instance-cpu-sustained-clock-speed-mhz`],
]);
const vendorDomain = /(^|\.)eks\.amazonaws\.com\//;

/** Types of the catalogue that satisfy all requirements. Labels that it does not know restrict nothing. */
export function matchingTypes(requirements: Requirement[]): InstanceType[] {
  return instanceTypes.filter((type) => {
    const labels = labelsOf(type);
    return requirements.every(
      ({ key, operator, values }) => !evaluated.has(key) || operators[operator]?.(labels[key], values ?? []) !== false,
    );
  });
}

export function validateRequirements(requirements: Requirement[]): string[] {
  const faults = requirements.flatMap((requirement, index) =>
    validateRequirement(requirement).map((fault) => `requirements.${index}: ${fault}`),
  );
  if (requirements.length > 90) faults.push(`requirements: at most 90 beside our own, got ${requirements.length}`);
  if (faults.length > 0 || matchingTypes(requirements).length > 0) return faults;
  const culprit = requirements.find((one) => matchingTypes(requirements.filter((other) => other !== one)).length > 0);
  const drop = culprit ? `drop "${describe(culprit)}" or ` : "";
  return [`requirements: no arm64 instance type with local NVMe matches; ${drop}add a family such as "c8gd"`];
}

/** Faults of a list of instance types. */
export function validateInstanceTypes(types: string[]): string[] {
  return types.flatMap((name, index) => {
    if (instanceTypes.some((type) => type.name === name)) return [];
    const fix = [name.replace(".", "d."), "c8gd.xlarge"].find((other) => instanceTypes.some((t) => t.name === other));
    return [
      `instanceTypes.${index}: no arm64 type with local NVMe is called "${name}"; take for example "${fix ?? ""}"`,
    ];
  });
}

function validateRequirement({ key, operator, values = [] }: Requirement): string[] {
  if (key === "karpenter.sh/capacity-type") return ["set the pool's capacityTypes instead"];
  if (!evaluated.has(key) && !passed.has(key) && (isReservedLabel(key) || vendorDomain.test(key)))
    return [`key "${key}" is no label that Karpenter knows; known are ${[...evaluated, ...passed].join(", ")}`];
  if (!isLabelKey(key)) return [`key must be a Kubernetes label key, got "${key}"`];
  if (!operators[operator]) return [`operator must be one of ${Object.keys(operators).join(", ")}, got "${operator}"`];
  const unlike = values.find((value) => !isLabelValue(value));
  if (unlike !== undefined) return [`values must be Kubernetes label values, got "${unlike}"`];
  if (operator.endsWith("In") && values.length === 0) return [`operator ${operator} needs at least one value`];
  if (/Exists?$/.test(operator) && values.length > 0)
    return [`operator ${operator} takes no values, got ${values.join(", ")}`];
  if (/^[GL]/.test(operator) && (values.length !== 1 || !/^\d{1,9}$/.test(values[0] ?? "")))
    return [`operator ${operator} takes one whole number as a string, got [${values.join(", ")}]`];
  return [];
}

function describe({ key, operator, values = [] }: Requirement): string {
  return `${key.replace(aws, "")} ${operator} [${values.join(", ")}]`;
}
