import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { tagsSchema, validateTags } from "./tags";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The bootstrap container's image: built and pushed, or ready-made. */
export interface BootImageSourceArgs {
  /** Ready-made image by digest, `registry/name@sha256:…`. @default - built from `bootstrap/` and pushed to ECR */
  reference?: pulumi.Input<string>;
  /**
   * Whether the repository goes with its images when the stack is destroyed or takes another image. Nodes pull theirs at
   * every boot: otherwise it stays in the account. @default false
   */
  forceDelete?: boolean;
}
export type BootImageSourceSpec = pulumi.Unwrap<BootImageSourceArgs>;

/** The image and the tags of its repository. */
export interface BootImageArgs extends BootImageSourceArgs {
  /** Tags of the repository. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const shape = {
  reference: z.string().optional(),
  forceDelete: z.boolean().optional(),
} satisfies Shape<BootImageSourceSpec>;

export const bootImageSourceSchema = z.strictObject(shape);

const bootImageSchema = z.strictObject({ ...shape, tags: tagsSchema.optional() } satisfies Shape<
  pulumi.Unwrap<BootImageArgs>
>);

export function validateBootImageArgs(args: unknown): string[] {
  return validateBy(
    bootImageSchema,
    (spec, path) => [
      ...validateBootImageSource(spec, path),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}

export function validateBootImageSource(spec: BootImageSourceSpec, path: string): string[] {
  return check(path, [() => spec.reference !== undefined && imageError("reference", spec.reference)]);
}

/** What is wrong with the reference of an image that nodes pull. */
export function imageError(key: string, reference: string): string | undefined {
  if (/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/.test(reference)) return undefined;
  return `${key}: must be an image by digest, registry/name@sha256:…, got "${reference}"`;
}
