import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { instanceTypes } from "../../catalogue/instance-types";
import { evaluatedLabels, matchingTypes, operators, providerPrefix } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { text } from "./example";
import { isLabelKey, isLabelValue, isReservedLabel } from "./label";
import { nearest, suggestValue } from "./suggestion";
import type { Rule, Shape } from "./validation";

/** A scheduling requirement of a NodePool (https://karpenter.sh/docs/concepts/nodepools/#spectemplatespecrequirements). */
export interface RequirementArgs {
  /** A well-known label, for example `karpenter.k8s.aws/instance-cpu`, or your own label. */
  key: pulumi.Input<string>;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`, `Gte` or `Lte`. */
  operator: pulumi.Input<string>;
  /** Always strings, numbers too. */
  values?: pulumi.Input<pulumi.Input<string>[]>;
}

export const requirementSchema = z
  .strictObject({
    key: text("karpenter.k8s.aws/instance-cpu"),
    operator: text("In"),
    values: z.array(text("4")).optional(),
  } satisfies Shape<Requirement>)
  .meta({ example: { key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["4"] } });

/** Karpenter's definitions allow 100; some are used by this package. */
const mostRequirements = 90;

/** Well-known labels that the catalogue does not need, or whose values only AWS knows. */
const passed = [
  "topology.kubernetes.io/zone",
  "topology.k8s.aws/zone-id",
  ...[
    "hypervisor",
    "encryption-in-transit-supported",
    "tenancy",
    "capability-flex",
    "ebs-bandwidth",
    "network-bandwidth",
    "cpu-sustained-clock-speed-mhz",
  ].map((label) => `${providerPrefix}instance-${label}`),
];
const vendorDomain = /(^|\.)eks\.amazonaws\.com\//;

export function requirementRules(field: string, read: () => Requirement[] | undefined): Rule[] {
  const errors = () =>
    (read() ?? []).flatMap((one, index) => requirementErrors(one).map((error) => `${field}.${index}${error}`));
  return [
    errors,
    () => {
      const count = (read() ?? []).length;
      return count > mostRequirements && `${field}: must be at most ${mostRequirements}, got ${count}`;
    },
    () => {
      const requirements = read();
      if (requirements === undefined || errors().length > 0 || matchingTypes(requirements).length > 0) return [];
      const culprit = requirements.find(
        (one) => matchingTypes(requirements.filter((other) => other !== one)).length > 0,
      );
      const drop = culprit ? `drop "${describe(culprit)}" or ` : "";
      return `${field}: no arm64 instance type with local NVMe matches; ${drop}add a family such as "c8gd"`;
    },
  ];
}

export function instanceTypeRules(field: string, read: () => string[] | undefined): Rule[] {
  return [
    () => read()?.length === 0 && `${field}: must list at least one type, got none`,
    () =>
      (read() ?? []).flatMap((name, index) => {
        if (isKnown(name)) return [];
        const names = instanceTypes.map((type) => type.name);
        const fix = [name.replace(".", "d."), nearest(name, names) ?? "", "c8gd.xlarge"].find(isKnown) ?? "";
        return [`${field}.${index}: no arm64 type with local NVMe is called "${name}"; use for example "${fix}"`];
      }),
  ];
}

function isKnown(name: string): boolean {
  return instanceTypes.some((type) => type.name === name);
}

function requirementErrors({ key, operator, values = [] }: Requirement): string[] {
  if (key === "karpenter.sh/capacity-type") return [": set the pool's capacityTypes instead"];
  if (![...evaluatedLabels, ...passed].includes(key) && (isReservedLabel(key) || vendorDomain.test(key)))
    return [`.key: must be a label that Karpenter knows, got "${key}"${suggestLabel(key)}`];
  if (!isLabelKey(key)) return [`.key: must be a Kubernetes label key, got "${key}"`];
  if (!operators.includes(operator))
    return [`.operator: must be one of ${operators.join(", ")}, got "${operator}"${suggestValue(operators, operator)}`];
  const unlike = values.find((value) => !isLabelValue(value));
  if (unlike !== undefined) return [`.values: must be Kubernetes label values, got "${unlike}"`];
  if (operator.endsWith("In") && values.length === 0)
    return [`.values: operator ${operator} needs at least one, got none`];
  if (/Exists?$/.test(operator) && values.length > 0)
    return [`.values: operator ${operator} takes none, got [${values.join(", ")}]`];
  if (/^[GL]/.test(operator) && (values.length !== 1 || !/^\d{1,9}$/.test(values[0] ?? "")))
    return [`.values: operator ${operator} takes one whole number in quotes, got [${values.join(", ")}]`];
  return [];
}

function suggestLabel(key: string): string {
  const known = [...evaluatedLabels, ...passed];
  return suggestValue(known, key) || `; known are ${known.join(", ")}`;
}

function describe({ key, operator, values = [] }: Requirement): string {
  return `${key.replace(providerPrefix, "")} ${operator} [${values.join(", ")}]`;
}
