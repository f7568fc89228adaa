import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { kubernetesVersionError } from "../versions";
import type { BottlerocketSettingsSpec } from "./bottlerocket";
import { capacityOf } from "./capacity";
import type { Capacity } from "./capacity";
import { DiskCapacity } from "./disk-capacity";
import { bootImageRules, bootLayers, classOf, diskNodesShape, labelRules, renderClassLabels } from "./disk-nodes";
import type { DiskNodesArgs } from "./disk-nodes";
import { text } from "./example";
import { nodeGroupShape, validateNodeGroup } from "./node-group";
import type { NodeGroupArgs } from "./node-group";
import { CapacityType } from "./pool";
import { instanceTypeRules } from "./requirements";
import { check, validateBy } from "./validation";
import type { Shape } from "./validation";
import { volumeRules } from "./volumes";

/** A managed node group of EKS with fast disks: its nodes need no Karpenter. */
export interface DiskNodeGroupSettingsArgs extends DiskNodesArgs {
  /** Types with local NVMe, at most 20. Another list replaces the group. */
  instanceTypes: pulumi.Input<pulumi.Input<string>[]>;
  /** With `spot` EKS also replaces nodes for rebalance recommendations. A change replaces the group. @default "on-demand" */
  capacityType?: pulumi.Input<CapacityType>;
  /** Number of nodes; with `maxSize` the minimum and initial number. @default 1 */
  minSize?: pulumi.Input<number>;
  /**
   * Maximum number of nodes, if an autoscaler or a user changes it: `up` then ignores the number. Refresh the stack before you
   * change `minSize` or `maxSize`, or EKS gets the number in the stack's state. @default - `minSize`
   */
  maxSize?: pulumi.Input<number>;
  /** Nodes that an update replaces at a time, from 1 to 100. @default 1 */
  maxUnavailable?: pulumi.Input<number>;
  /** Whether an update ends pods whose disruption budget does not allow it. @default false */
  forceUpdateVersion?: pulumi.Input<boolean>;
}
export type DiskNodeGroupSettingsSpec = pulumi.Unwrap<DiskNodeGroupSettingsArgs>;

/** A node group with fast disks and the cluster that it joins. */
export interface DiskNodeGroupArgs extends DiskNodeGroupSettingsArgs, NodeGroupArgs {
  /** How many consumers run on a node; it affects only warnings. @default "exclusive" */
  capacity?: pulumi.Input<DiskCapacity>;
  /** Image of the bootstrap container, by digest; required unless `discovery` is udev. */
  bootImage?: pulumi.Input<string>;
  /** Minor version of the nodes. @default - the cluster's, when the group is created or updated */
  kubernetesVersion?: pulumi.Input<string>;
}
export type DiskNodeGroupSpec = pulumi.Unwrap<DiskNodeGroupArgs>;

const shape = {
  ...diskNodesShape,
  instanceTypes: z.array(text("c8gd.xlarge")),
  capacityType: z.enum(CapacityType).optional(),
  minSize: z.number().optional(),
  maxSize: z.number().optional(),
  maxUnavailable: z.number().optional(),
  forceUpdateVersion: z.boolean().optional(),
} satisfies Shape<DiskNodeGroupSettingsSpec>;

export const diskNodeGroupSettingsSchema = z.strictObject(shape).meta({ example: { instanceTypes: ["c8gd.xlarge"] } });

const diskNodeGroupSchema = z.strictObject({
  ...shape,
  ...nodeGroupShape,
  capacity: z.enum(DiskCapacity).optional(),
  bootImage: z.string().optional(),
  kubernetesVersion: z.string().optional(),
} satisfies Shape<DiskNodeGroupSpec>);

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html */
const mostTypes = 20;
const longestLabel = 63;
/** https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html */
const mostUnavailable = 100;

export function validateDiskNodeGroupArgs(args: unknown): string[] {
  return validateBy(
    diskNodeGroupSchema,
    (spec, path) => [
      ...validateDiskNodeGroup(spec, path),
      ...validateNodeGroup(spec, path),
      ...check(path, [
        ...bootImageRules(spec),
        () => {
          const version = spec.kubernetesVersion;
          const error = version === undefined ? undefined : kubernetesVersionError(version);
          return error !== undefined && `kubernetesVersion: ${error}`;
        },
      ]),
    ],
    args,
  );
}

/** Rules of the node group without its Bottlerocket settings, which the caller checks together with the other layers. */
export function validateDiskNodeGroup(spec: DiskNodeGroupSettingsSpec, path: string): string[] {
  return check(path, [
    ...instanceTypeRules("instanceTypes", () => spec.instanceTypes),
    () => {
      const count = spec.instanceTypes.length;
      return count > mostTypes && `instanceTypes: must be at most ${mostTypes}, the limit of EKS, got ${count}`;
    },
    () => {
      const fewest = spec.maxSize === undefined ? 1 : 0;
      const { minSize } = sizesOf({ minSize: spec.minSize });
      return (
        (!Number.isInteger(minSize) || minSize < fewest) &&
        `minSize: must be a whole number from ${fewest}, got ${minSize}`
      );
    },
    () => {
      const { minSize, maxSize } = sizesOf(spec);
      const fewest = Math.max(minSize, 1);
      return (
        spec.maxSize !== undefined &&
        (!Number.isInteger(maxSize) || maxSize < fewest) &&
        `maxSize: must be a whole number from ${fewest}, got ${maxSize}`
      );
    },
    () => {
      const maxUnavailable = spec.maxUnavailable ?? 1;
      return (
        (!Number.isInteger(maxUnavailable) || maxUnavailable < 1 || maxUnavailable > mostUnavailable) &&
        `maxUnavailable: must be a whole number from 1 to ${mostUnavailable}, got ${maxUnavailable}`
      );
    },
    ...labelRules(spec),
    () =>
      Object.entries(spec.labels ?? {}).flatMap(([key, value]) => {
        if (key.length > longestLabel)
          return [`labels.${key}: must be at most ${longestLabel} characters for EKS, got ${key.length}`];
        return value === "" ? [`labels.${key}: must have a value, EKS refuses an empty one`] : [];
      }),
    ...volumeRules(spec),
  ]);
}

/** Minimum and maximum number of nodes. */
export function sizesOf({ minSize = 1, maxSize = minSize }: Pick<DiskNodeGroupSettingsSpec, "minSize" | "maxSize">) {
  return { minSize, maxSize };
}

/** Capacity of a node of the group. */
export function capacityOfGroup(
  spec: Pick<DiskNodeGroupSpec, "instanceTypes" | "capacityType" | "capacity">,
): Capacity {
  const types = { key: names.instanceTypeLabel, operator: "In", values: spec.instanceTypes };
  return capacityOf([types], capacityTypeOf(spec) === CapacityType.spot, spec.capacity);
}

/** The group's own arguments for EKS; volumes and settings of its nodes are in their launch template. */
export function renderDiskNodeGroup(spec: DiskNodeGroupSettingsSpec) {
  const { minSize, maxSize } = sizesOf(spec);
  return {
    instanceTypes: spec.instanceTypes,
    capacityType: capacityTypeOf(spec) === CapacityType.spot ? "SPOT" : "ON_DEMAND",
    scalingConfig: { minSize, maxSize, desiredSize: minSize },
    labels: spec.labels,
    taints: spec.taint === false ? [] : [{ key: names.classLabel, value: classOf(spec), effect: "NO_SCHEDULE" }],
    updateConfig: { maxUnavailable: spec.maxUnavailable ?? 1 },
    // It replaces nodes that its agent regards as unhealthy, with all data on them.
    nodeRepairConfig: { enabled: false },
    forceUpdateVersion: spec.forceUpdateVersion ?? false,
  };
}

/**
 * Layers of the nodes' settings, the bootstrap container last. They contain the labels of class and discovery, which must not
 * be labels of the group: EKS changes those on running nodes, and then a second provisioner would find the first one's disks.
 */
export function diskNodeGroupLayers(
  spec: DiskNodeGroupSettingsSpec & Pick<DiskNodeGroupSpec, "bootImage" | "clusterSettings">,
): BottlerocketSettingsSpec[] {
  return [
    spec.clusterSettings ?? {},
    spec.bottlerocket ?? {},
    { kubernetes: { nodeLabels: renderClassLabels(spec) } },
    ...bootLayers({ ...spec, disks: capacityOfGroup(spec).disks }),
  ];
}

function capacityTypeOf({ capacityType }: Pick<DiskNodeGroupSettingsSpec, "capacityType">): CapacityType {
  return capacityType ?? CapacityType.onDemand;
}
