import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { bottlerocketVersionError, kubernetesVersionError } from "../versions";
import { bottlerocketSettingsSchema } from "./bottlerocket";
import type { BottlerocketSettingsArgs } from "./bottlerocket";
import { validateBottlerocketSettings } from "./bottlerocket-validation";
import { text } from "./example";
import { tagsSchema, validateTags } from "./tags";
import { validateOwnSettings } from "./user-data";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";
import { volumeRules, volumeShape } from "./volumes";
import type { VolumeArgs } from "./volumes";

/** The managed node group that carries the controllers. */
export interface NodeGroupArgs extends VolumeArgs {
  /** arm64 types. @default ["m7g.large"] */
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /** At least two: Karpenter's replicas keep off each other's nodes. @default 2 */
  minSize?: pulumi.Input<number>;
  /** Most nodes, also during an update, which adds up to two per zone for a while. @default - one more than `minSize` */
  maxSize?: pulumi.Input<number>;
  /** Settings of these nodes, over the cluster-wide ones. */
  bottlerocket?: pulumi.Input<BottlerocketSettingsArgs>;
}
export type NodeGroupSpec = pulumi.Unwrap<NodeGroupArgs>;

/** A node group and the cluster that it joins. */
export interface SystemNodesArgs extends NodeGroupArgs {
  /** A cluster with authentication mode API. */
  clusterName: pulumi.Input<string>;
  /** The control plane's subnets: others would replace the node group. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The cluster's minor version. */
  kubernetesVersion: pulumi.Input<string>;
  /** X.Y.Z. */
  bottlerocketVersion: pulumi.Input<string>;
  /** Settings below `bottlerocket`. @default - none */
  clusterSettings?: pulumi.Input<BottlerocketSettingsArgs>;
  /** Tags of instances and volumes. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
type SystemNodesSpec = pulumi.Unwrap<SystemNodesArgs>;

const shape = {
  ...volumeShape,
  instanceTypes: z.array(text("m7g.large")).optional(),
  minSize: z.number().optional(),
  maxSize: z.number().optional(),
  bottlerocket: bottlerocketSettingsSchema.optional(),
} satisfies Shape<NodeGroupSpec>;

export const nodeGroupSchema = z.strictObject(shape);

const systemNodesSchema = z.strictObject({
  ...shape,
  clusterName: z.string(),
  subnetIds: z.array(z.string()),
  kubernetesVersion: z.string(),
  bottlerocketVersion: z.string(),
  clusterSettings: bottlerocketSettingsSchema.optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<SystemNodesSpec>);

/** A family whose name has a `g` behind its generation is Graviton: m7g, c8gd, im4gn, x2gd … and a1. */
const arm64Type = /^(a1|[a-z]+\d+g[a-z]*)\.(medium|large|\d*xlarge|metal(-\d+xl)?)$/;
const fewestNodes = 2;
export const defaultInstanceTypes = ["m7g.large"];

/** Fewest and most nodes. */
export function sizesOf({ minSize = fewestNodes, maxSize = minSize + 1 }: Pick<NodeGroupSpec, "minSize" | "maxSize">) {
  return { minSize, maxSize };
}

export function validateSystemNodesArgs(args: unknown): string[] {
  return validateBy(
    systemNodesSchema,
    (spec, path) => [
      ...validateNodeGroup(spec, path),
      ...validateOwnSettings(spec, spec, path, "eks"),
      ...checkPart(
        () => spec.clusterSettings,
        (settings, at) =>
          validateBottlerocketSettings(settings, at, { consumers: ["eks"], version: () => spec.bottlerocketVersion }),
        join(path, "clusterSettings"),
      ),
      ...check(path, [
        () => {
          const error = kubernetesVersionError(spec.kubernetesVersion);
          return error !== undefined && `kubernetesVersion: ${error}`;
        },
        () => {
          const error = bottlerocketVersionError(spec.bottlerocketVersion);
          return error !== undefined && `bottlerocketVersion: ${error}`;
        },
      ]),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}

/** Rules of the node group, its Bottlerocket settings left to who knows the other layers. */
export function validateNodeGroup(spec: NodeGroupSpec, path: string): string[] {
  return check(path, [
    ...volumeRules(spec),
    () => {
      const { minSize } = sizesOf({ minSize: spec.minSize });
      return (
        (!Number.isInteger(minSize) || minSize < fewestNodes) &&
        `minSize: must be at least ${fewestNodes}, Karpenter's replicas need two nodes, got ${minSize}`
      );
    },
    () => {
      const { minSize, maxSize } = sizesOf(spec);
      return (
        (!Number.isInteger(maxSize) || maxSize < minSize) &&
        `maxSize: must be a whole number not below minSize ${minSize}, got ${maxSize}`
      );
    },
    () =>
      (spec.instanceTypes ?? []).flatMap((type, index) =>
        arm64Type.test(type) ? [] : [`instanceTypes.${index}: must be an arm64 type such as m7g.large, got "${type}"`],
      ),
    () => spec.instanceTypes?.length === 0 && "instanceTypes: must name at least one type, got none",
  ]);
}
