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

/** A managed node group of EKS with fast disks: nodes that are there without Karpenter. */
export interface DiskNodeGroupSettingsArgs extends DiskNodesArgs {
  /** Types with local NVMe, at most 20. Another list replaces the group. */
  instanceTypes: pulumi.Input<pulumi.Input<string>[]>;
  /** With `spot` EKS also replaces nodes that EC2 recommends to leave. Another one replaces the group. @default "on-demand" */
  capacityType?: pulumi.Input<CapacityType>;
  /** Number of nodes; with `maxSize` the fewest, and the number that the group starts with. @default 1 */
  minSize?: pulumi.Input<number>;
  /**
   * Most nodes, where something else than `up` sizes the group: `up` leaves the number alone then. Refresh the stack before
   * you change one of the two, or EKS gets the number that the stack last saw. @default - `minSize`
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
  /** How many consumers a node takes: what is warned of depends on it. @default "exclusive" */
  capacity?: pulumi.Input<DiskCapacity>;
  /** Image of the bootstrap container, by digest; needed unless `discovery` is udev. */
  bootImage?: pulumi.Input<string>;
  /** Minor version of the nodes. @default - the cluster's, when the group is made or updated */
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

/** Rules of the node group, its Bottlerocket settings left to who knows the other layers. */
export function validateDiskNodeGroup(spec: DiskNodeGroupSettingsSpec, path: string): string[] {
  return check(path, [
    ...instanceTypeRules("instanceTypes", () => spec.instanceTypes),
    () => {
      const count = spec.instanceTypes.length;
      return count > mostTypes && `instanceTypes: must be at most ${mostTypes}, or EKS refuses them, got ${count}`;
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
          return [`labels.${key}: must be at most ${longestLabel} characters, EKS takes no more, got ${key.length}`];
        return value === "" ? [`labels.${key}: must have a value, EKS takes no empty one`] : [];
      }),
    ...volumeRules(spec),
  ]);
}

/** Fewest and most nodes. */
export function sizesOf({ minSize = 1, maxSize = minSize }: Pick<DiskNodeGroupSettingsSpec, "minSize" | "maxSize">) {
  return { minSize, maxSize };
}

/** What a node of the group can hold. */
export function capacityOfGroup(
  spec: Pick<DiskNodeGroupSpec, "instanceTypes" | "capacityType" | "capacity">,
): Capacity {
  const types = { key: names.instanceTypeLabel, operator: "In", values: spec.instanceTypes };
  return capacityOf([types], capacityTypeOf(spec) === CapacityType.spot, spec.capacity);
}

/** What EKS is told of the group itself; what its nodes are made of is in their launch template. */
export function renderDiskNodeGroup(spec: DiskNodeGroupSettingsSpec) {
  const { minSize, maxSize } = sizesOf(spec);
  return {
    instanceTypes: spec.instanceTypes,
    capacityType: capacityTypeOf(spec) === CapacityType.spot ? "SPOT" : "ON_DEMAND",
    scalingConfig: { minSize, maxSize, desiredSize: minSize },
    labels: spec.labels,
    taints: spec.taint === false ? [] : [{ key: names.classLabel, value: classOf(spec), effect: "NO_SCHEDULE" }],
    updateConfig: { maxUnavailable: spec.maxUnavailable ?? 1 },
    // It replaces a node that its agent takes for ill, with all data on it.
    nodeRepairConfig: { enabled: false },
    forceUpdateVersion: spec.forceUpdateVersion ?? false,
  };
}

/**
 * Settings of the nodes' own, below the bootstrap container. The labels of the class are in them, and not the group's: EKS
 * changes a group's labels on nodes that run, where a second provisioner would find the disks of the first.
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
