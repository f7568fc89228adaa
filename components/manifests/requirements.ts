import { instanceTypes } from "../../catalogue/instance-types";
import { evaluatedLabels, matchingTypes, operators, providerPrefix } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { isLabelKey, isLabelValue, isReservedLabel } from "./label";

/** Well-known labels that say nothing about disks, or that only AWS can judge. */
const passed = [
  ...["topology.kubernetes.io/zone", "topology.k8s.aws/zone-id"],
  ...["hypervisor", "encryption-in-transit-supported", "tenancy", "capability-flex", "ebs-bandwidth"].map(
    (label) => `${providerPrefix}instance-${label}`,
  ),
  ...[`${providerPrefix}instance-network-bandwidth`, `${providerPrefix}instance-cpu-sustained-clock-speed-mhz`],
];
const vendorDomain = /(^|\.)eks\.amazonaws\.com\//;

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
  if (![...evaluatedLabels, ...passed].includes(key) && (isReservedLabel(key) || vendorDomain.test(key)))
    return [`key "${key}" is no label that Karpenter knows; known are ${[...evaluatedLabels, ...passed].join(", ")}`];
  if (!isLabelKey(key)) return [`key must be a Kubernetes label key, got "${key}"`];
  if (!operators.includes(operator)) return [`operator must be one of ${operators.join(", ")}, got "${operator}"`];
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
  return `${key.replace(providerPrefix, "")} ${operator} [${values.join(", ")}]`;
}
