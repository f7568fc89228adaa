import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { check } from "./validation";
import type { Shape } from "./validation";

/** An image that this package builds and pushes, or a ready-made one. */
export interface ImageSourceArgs {
  /** Ready-made image by digest, `registry/name@sha256:…`. @default - built here and pushed to ECR */
  reference?: pulumi.Input<string>;
  /**
   * Whether the repository is deleted with its images when the stack is destroyed or uses another image. Otherwise it stays
   * in the account, because running nodes pull from it. @default false
   */
  forceDelete?: boolean;
}
export type ImageSourceSpec = pulumi.Unwrap<ImageSourceArgs>;

export const imageSourceShape = {
  reference: z.string().optional(),
  forceDelete: z.boolean().optional(),
} satisfies Shape<ImageSourceSpec>;

export const imageSourceSchema = z.strictObject(imageSourceShape);

export function validateImageSource(spec: ImageSourceSpec, path: string): string[] {
  return check(path, [() => spec.reference !== undefined && imageError("reference", spec.reference)]);
}

/** What is wrong with the reference of an image that nodes pull. */
export function imageError(key: string, reference: string): string | undefined {
  if (/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/.test(reference)) return undefined;
  return `${key}: must be an image by digest, registry/name@sha256:…, got "${reference}"`;
}
