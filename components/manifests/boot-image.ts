import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { imageSourceShape, validateImageSource } from "./image";
import type { ImageSourceArgs } from "./image";
import { tagsSchema, validateTags } from "./tags";
import { checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The image and the tags of its repository. */
export interface BootImageArgs extends ImageSourceArgs {
  /** Tags of the repository. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const bootImageSchema = z.strictObject({ ...imageSourceShape, tags: tagsSchema.optional() } satisfies Shape<
  pulumi.Unwrap<BootImageArgs>
>);

export function validateBootImageArgs(args: unknown): string[] {
  return validateBy(
    bootImageSchema,
    (spec, path) => [
      ...validateImageSource(spec, path),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}
