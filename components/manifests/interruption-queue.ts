import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { OnMaintenance } from "./interruption";
import { tagsSchema, validateTags } from "./tags";
import { checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The queue and the event rules that write to it. */
export interface InterruptionQueueArgs {
  /** `hold`: without the rule for Health events. @default "replace" */
  onMaintenance?: OnMaintenance;
  /** Tags of the queue and of the rules. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const interruptionQueueSchema = z.strictObject({
  onMaintenance: z.enum(OnMaintenance).optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<pulumi.Unwrap<InterruptionQueueArgs>>);

export function validateInterruptionQueueArgs(args: unknown): string[] {
  return validateBy(
    interruptionQueueSchema,
    (spec, path) => checkPart(() => spec.tags, validateTags, join(path, "tags")),
    args,
  );
}
