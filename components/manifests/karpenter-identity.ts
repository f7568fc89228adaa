import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { OnMaintenance } from "./interruption";
import { tagsSchema, validateTags } from "./tags";
import { checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** Roles and permissions of Karpenter and its nodes. */
export interface KarpenterIdentityArgs {
  /** Name of the cluster, which limits the permissions; the cluster need not exist yet. */
  clusterName: pulumi.Input<string>;
  /** Name of the cluster, known once it exists: resources in the cluster wait for it. @default - `clusterName` */
  createdClusterName?: pulumi.Input<string>;
  /** Queue that the controller reads. */
  queueArn: pulumi.Input<string>;
  /** Existing instance profiles of nodes, by name. @default - none */
  instanceProfiles?: pulumi.Input<pulumi.Input<string>[]>;
  /** `hold`: without the permission to see scheduled events and failed status checks. @default "replace" */
  onMaintenance?: pulumi.Input<OnMaintenance>;
  /** Tags of the roles and policies. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
type KarpenterIdentitySpec = pulumi.Unwrap<KarpenterIdentityArgs>;

const karpenterIdentitySchema = z.strictObject({
  clusterName: z.string(),
  createdClusterName: z.string().optional(),
  queueArn: z.string(),
  instanceProfiles: z.array(z.string()).optional(),
  onMaintenance: z.enum(OnMaintenance).optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<KarpenterIdentitySpec>);

export function validateKarpenterIdentityArgs(args: unknown): string[] {
  return validateBy(
    karpenterIdentitySchema,
    (spec, path) => checkPart(() => spec.tags, validateTags, join(path, "tags")),
    args,
  );
}
