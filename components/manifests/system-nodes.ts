import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { kubernetesVersionError } from "../versions";
import { bottlerocketSettingsSchema } from "./bottlerocket";
import type { BottlerocketSettingsArgs } from "./bottlerocket";
import { text } from "./example";
import { nodeGroupShape, validateNodeGroup } from "./node-group";
import type { NodeGroupArgs } from "./node-group";
import { check, validateBy } from "./validation";
import type { Shape } from "./validation";
import { volumeRules, volumeShape } from "./volumes";
import type { VolumeArgs } from "./volumes";

/** The managed node group on which the controllers run. */
export interface SystemNodesSettingsArgs extends VolumeArgs {
  /** arm64 types. @default ["m7g.large"] */
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /** At least two, because two replicas of a controller do not run on one node. @default 2 */
  minSize?: pulumi.Input<number>;
  /** Maximum number of nodes. During an update there are up to two more per zone. @default - one more than `minSize` */
  maxSize?: pulumi.Input<number>;
  /** Settings of these nodes; they override the cluster-wide ones. */
  bottlerocket?: pulumi.Input<BottlerocketSettingsArgs>;
}
export type SystemNodesSettingsSpec = pulumi.Unwrap<SystemNodesSettingsArgs>;

/** The controllers' node group and the cluster that it joins. */
export interface SystemNodesArgs extends SystemNodesSettingsArgs, NodeGroupArgs {
  /** The cluster's minor version. */
  kubernetesVersion: pulumi.Input<string>;
}
type SystemNodesSpec = pulumi.Unwrap<SystemNodesArgs>;

const shape = {
  ...volumeShape,
  instanceTypes: z.array(text("m7g.large")).optional(),
  minSize: z.number().optional(),
  maxSize: z.number().optional(),
  bottlerocket: bottlerocketSettingsSchema.optional(),
} satisfies Shape<SystemNodesSettingsSpec>;

export const systemNodesSettingsSchema = z.strictObject(shape);

const systemNodesSchema = z.strictObject({
  ...shape,
  ...nodeGroupShape,
  kubernetesVersion: z.string(),
} satisfies Shape<SystemNodesSpec>);

/** A family with a `g` after its generation is Graviton: m7g, c8gd, im4gn, x2gd … and a1. */
const arm64Type = /^(a1|[a-z]+\d+g[a-z]*)\.(medium|large|\d*xlarge|metal(-\d+xl)?)$/;
const fewestNodes = 2;
export const defaultInstanceTypes = ["m7g.large"];

/** Minimum and maximum number of nodes. */
export function sizesOf({
  minSize = fewestNodes,
  maxSize = minSize + 1,
}: Pick<SystemNodesSettingsSpec, "minSize" | "maxSize">) {
  return { minSize, maxSize };
}

export function validateSystemNodesArgs(args: unknown): string[] {
  return validateBy(
    systemNodesSchema,
    (spec, path) => [
      ...validateSystemNodes(spec, path),
      ...validateNodeGroup(spec, path),
      ...check(path, [
        () => {
          const error = kubernetesVersionError(spec.kubernetesVersion);
          return error !== undefined && `kubernetesVersion: ${error}`;
        },
      ]),
    ],
    args,
  );
}

/** Rules of the node group without its Bottlerocket settings, which the caller checks together with the other layers. */
export function validateSystemNodes(spec: SystemNodesSettingsSpec, path: string): string[] {
  return check(path, [
    ...volumeRules(spec),
    () => {
      const { minSize } = sizesOf({ minSize: spec.minSize });
      return (
        (!Number.isInteger(minSize) || minSize < fewestNodes) &&
        `minSize: must be at least ${fewestNodes}, the controllers' replicas need two nodes, got ${minSize}`
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
    () => spec.instanceTypes?.length === 0 && "instanceTypes: must list at least one type, got none",
  ]);
}
