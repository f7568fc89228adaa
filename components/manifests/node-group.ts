import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { bottlerocketSettingsSchema } from "./bottlerocket";
import type { BottlerocketSettingsArgs } from "./bottlerocket";
import { tagsSchema, validateTags } from "./tags";
import { validateNodeSettings } from "./user-data";
import type { NodeSettingsSpec } from "./user-data";
import { checkPart, join } from "./validation";
import type { Shape } from "./validation";

/** Arguments of every managed node group of Bottlerocket. */
export interface NodeGroupArgs {
  /** A cluster with authentication mode API. */
  clusterName: pulumi.Input<string>;
  /** Subnets of the control plane. A change would replace the node group. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** X.Y.Z. */
  bottlerocketVersion: pulumi.Input<string>;
  /** Settings below `bottlerocket`. @default - none */
  clusterSettings?: pulumi.Input<BottlerocketSettingsArgs>;
  /** Tags of instances and volumes. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type NodeGroupSpec = pulumi.Unwrap<NodeGroupArgs>;

export const nodeGroupShape = {
  clusterName: z.string(),
  subnetIds: z.array(z.string()),
  bottlerocketVersion: z.string(),
  clusterSettings: bottlerocketSettingsSchema.optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<NodeGroupSpec>;

export function validateNodeGroup(spec: NodeGroupSpec & NodeSettingsSpec, path: string): string[] {
  return [...validateNodeSettings(spec, path, "eks"), ...checkPart(() => spec.tags, validateTags, join(path, "tags"))];
}
