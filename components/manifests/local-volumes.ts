import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { storageClassSchema, validateClassName, validateStorageClass } from "./storage-class";
import type { StorageClassArgs, StorageClassSpec } from "./storage-class";
import { check, checkEach, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** StorageClasses and the provisioners of their volumes. */
export interface LocalVolumesArgs {
  /** StorageClasses by name. */
  storageClasses: Record<string, StorageClassArgs>;
}

export const storageClassesSchema = z.record(z.string(), storageClassSchema);

const localVolumesSchema = z.strictObject({ storageClasses: storageClassesSchema } satisfies Shape<
  pulumi.Unwrap<LocalVolumesArgs>
>);

export function validateLocalVolumesArgs(args: unknown): string[] {
  return validateBy(
    localVolumesSchema,
    (spec, path) => validateStorageClasses(spec.storageClasses, join(path, "storageClasses")),
    args,
  );
}

export function validateStorageClasses(classes: Record<string, StorageClassSpec>, path: string): string[] {
  return [
    ...check("", [
      () => Object.keys(classes).length === 0 && `${path}: must have at least one class, got none`,
      () =>
        Object.keys(classes).flatMap((name) => validateClassName(name).map((error) => `${join(path, name)}: ${error}`)),
    ]),
    ...checkEach(() => classes, validateStorageClass, path),
  ];
}
