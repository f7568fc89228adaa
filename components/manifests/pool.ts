import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { Requirement } from "../../catalogue/requirements";
import { names } from "../names";
import { capacityOf } from "./capacity";
import type { Capacity } from "./capacity";
import { DiskCapacity, diskNumberError, mixedDisksError, requireDisks } from "./disk-capacity";
import { diskNodesShape, labelRules } from "./disk-nodes";
import type { DiskNodesArgs } from "./disk-nodes";
import { durationError } from "./duration";
import { text } from "./example";
import { instanceTypeRules, requirementRules, requirementSchema } from "./requirements";
import type { RequirementArgs } from "./requirements";
import { nearest, suggestValue } from "./suggestion";
import { check } from "./validation";
import type { Rule, Shape } from "./validation";
import { volumeRules } from "./volumes";

/** What Karpenter does to drifted nodes (after a change of user data, boot image or Bottlerocket version). */
export const OnDrift = {
  /** Nodes stay as they are until they end for another reason. */
  hold: "hold",
  /** A tenth of the pool's nodes at a time is replaced, and their data is lost. */
  replace: "replace",
} as const;
export type OnDrift = (typeof OnDrift)[keyof typeof OnDrift];

/** How EC2 sells a node. */
export const CapacityType = {
  /** Spare capacity, which EC2 takes back after a warning of two minutes. */
  spot: "spot",
  /** Capacity at the list price. */
  onDemand: "on-demand",
} as const;
export type CapacityType = (typeof CapacityType)[keyof typeof CapacityType];

/** A pool of nodes with fast disks (https://karpenter.sh/docs/concepts/nodepools/). */
export interface PoolArgs extends DiskNodesArgs {
  /** Requirements in addition to arm64, capacity type and local NVMe. Excludes `instanceTypes`. */
  requirements?: pulumi.Input<pulumi.Input<RequirementArgs>[]>;
  /** Exact instance types. Excludes `requirements`. */
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Only types with exactly this number of local disks, by the catalogue.
   * @default - any number; with `capacity: counted` all types must have the same number
   */
  disks?: pulumi.Input<number>;
  /** `on-demand` in addition to `spot` is used if there is no spot capacity. @default ["spot"] */
  capacityTypes?: pulumi.Input<pulumi.Input<CapacityType>[]>;
  /** Maximum of all nodes of the pool together: `cpu`, `memory`, `nodes`. @default {"cpu": "100"} */
  limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** How long a node must be empty before Karpenter removes it, as a duration. @default "5m" */
  consolidateAfter?: pulumi.Input<string>;
  /** Age at which Karpenter removes a node by force, with all data on it: a duration or `Never`. @default "Never" */
  expireAfter?: pulumi.Input<string>;
  /** Maximum time of a drain, as a duration; it overrides disruption budgets of pods. @default "30m" */
  terminationGracePeriod?: pulumi.Input<string>;
  /** `hold`: drifted nodes stay until they end for another reason. @default "hold" */
  onDrift?: pulumi.Input<OnDrift>;
  /** Existing instance profile, by name, whose role has an access entry. @default - the role that this package creates */
  instanceProfile?: pulumi.Input<string>;
}
export type PoolSpec = pulumi.Unwrap<PoolArgs>;

export const poolShape = {
  ...diskNodesShape,
  requirements: z.array(requirementSchema).optional(),
  instanceTypes: z.array(text("c8gd.xlarge")).optional(),
  disks: z.number().optional(),
  capacityTypes: z.array(z.enum(CapacityType)).optional(),
  limits: z
    .record(z.string(), text("100"))
    .meta({ example: { cpu: "100" } })
    .optional(),
  consolidateAfter: text("5m").optional(),
  expireAfter: text("720h").optional(),
  terminationGracePeriod: text("30m").optional(),
  onDrift: z.enum(OnDrift).optional(),
  instanceProfile: text("node").optional(),
} satisfies Shape<PoolSpec>;

export const poolSchema = z.strictObject(poolShape).meta({ example: { instanceTypes: ["c8gd.xlarge"] } });

/** Rules of a pool without its Bottlerocket settings, which the caller checks together with the other layers. */
export function validatePool(spec: PoolSpec, path: string): string[] {
  return check(path, [
    () =>
      (spec.requirements === undefined) === (spec.instanceTypes === undefined) &&
      "requirements: set exactly one of requirements and instanceTypes",
    ...requirementRules("requirements", () => spec.requirements),
    ...instanceTypeRules("instanceTypes", () => spec.instanceTypes),
    () => {
      const error = spec.disks === undefined ? undefined : diskNumberError(renderStated(spec), spec.disks);
      return error !== undefined && `disks: ${error}`;
    },
    () =>
      spec.capacityTypes !== undefined &&
      !spec.capacityTypes.includes(CapacityType.spot) &&
      `capacityTypes: must include spot, on-demand is its fallback, got [${spec.capacityTypes.join(", ")}]`,
    ...limitRules(spec),
    ...labelRules(spec),
    ...(["consolidateAfter", "terminationGracePeriod"] as const).map((field) => () => {
      const value = spec[field];
      const error = value === undefined ? undefined : durationError(value, "1h30m");
      return error !== undefined && `${field}: ${error}`;
    }),
    () => {
      const value = spec.expireAfter;
      if (value === undefined || value === "Never") return [];
      const error = durationError(value, "720h, or Never");
      return error !== undefined && `expireAfter: ${error}${suggestValue(["Never"], value)}`;
    },
    () =>
      spec.instanceProfile !== undefined &&
      !/^[\w+=,.@-]{1,128}$/.test(spec.instanceProfile) &&
      `instanceProfile: must be a name of 1 to 128 letters, digits and "+=,.@_-", got "${spec.instanceProfile}"`,
    ...volumeRules(spec),
  ]);
}

/** Rules of a pool in a chain with this capacity. */
export function validatePoolCapacity(spec: PoolSpec, capacity: () => DiskCapacity | undefined, path: string): string[] {
  return check(path, [
    () => {
      if (capacity() !== DiskCapacity.counted || spec.disks !== undefined) return [];
      const error = mixedDisksError(renderStated(spec));
      return error !== undefined && `disks: ${error}`;
    },
  ]);
}

/** The pool's requirements, ours first. */
export function renderRequirements(spec: PoolSpec): Requirement[] {
  const stated = renderStated(spec);
  return spec.disks === undefined ? stated : [...stated, requireDisks(stated, spec.disks)];
}

/** Requirements without the one on the number of disks. */
function renderStated(spec: PoolSpec): Requirement[] {
  return [
    { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
    { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
    { key: "karpenter.sh/capacity-type", operator: "In", values: capacityTypesOf(spec) },
    { key: names.localNvmeLabel, operator: "Gt", values: ["0"] },
    ...(spec.instanceTypes
      ? [{ key: names.instanceTypeLabel, operator: "In", values: spec.instanceTypes }]
      : (spec.requirements ?? [])),
  ];
}

/** Capacity of a node of the pool. */
export function capacityOfPool(spec: PoolSpec, capacity?: DiskCapacity): Capacity {
  return capacityOf(renderRequirements(spec), capacityTypesOf(spec).includes(CapacityType.spot), capacity);
}

function capacityTypesOf(spec: PoolSpec): CapacityType[] {
  return spec.capacityTypes ?? [CapacityType.spot];
}

const limited = ["cpu", "memory", "nodes"];

function limitRules(spec: PoolSpec): Rule[] {
  return [
    () =>
      Object.entries(spec.limits ?? {}).flatMap(([resource, limit]) => {
        if (!limited.includes(resource)) {
          const meant = nearest(resource, limited);
          return [
            `limits.${resource}: is not a limit of Karpenter; known are ${limited.join(", ")}${meant ? `; did you mean "${meant}"?` : ""}`,
          ];
        }
        if (!/^\d+([KMGT]i|m)?$/.test(limit))
          return [`limits.${resource}: must be a quantity such as 100, got "${limit}"`];
        return /^0/.test(limit)
          ? [`limits.${resource}: must be above 0, or the pool starts no node, got "${limit}"`]
          : [];
      }),
    () =>
      spec.limits !== undefined &&
      Object.keys(spec.limits).every((resource) => limited.includes(resource)) &&
      !("cpu" in spec.limits || "memory" in spec.limits) &&
      `limits: must limit cpu or memory, or the cost has no limit, got [${Object.keys(spec.limits).join(", ")}]`,
  ];
}
