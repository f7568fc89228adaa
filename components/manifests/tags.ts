import * as z from "zod";
import { check } from "./validation";

/** Tags of AWS resources, plain. */
export type TagsSpec = Record<string, string>;

export const tagsSchema = z.record(z.string(), z.string()).meta({ example: { environment: "dev" } });

/** AWS allows 50 tags per resource; Karpenter and this package use some. */
const mostTags = 40;
const keyPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const valuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const reservedKey = /^(aws:|eks:|karpenter\.|kubernetes\.io\/cluster)/i;

/** Rules of https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html. */
export function validateTags(tags: TagsSpec, path: string): string[] {
  const entries = Object.keys(tags);
  return check("", [
    ...entries.map((key) => () => {
      if (reservedKey.test(key)) return `${path}.${key}: is reserved for AWS or Karpenter; leave it out`;
      if (!keyPattern.test(key))
        return `${path}.${key}: key must be 1 to 128 letters, digits, spaces and "_.:/=+-@", got "${key}"`;
      const value = tags[key] ?? "";
      return (
        !valuePattern.test(value) &&
        `${path}.${key}: must be at most 256 letters, digits, spaces and "_.:/=+-@", got "${value}"`
      );
    }),
    () => entries.length > mostTags && `${path}: must have at most ${mostTags} tags, got ${entries.length}`,
  ]);
}
