import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { Rule, Shape } from "./validation";

/** Finds subnets or security groups: by id, or by tags that must all match. */
export interface SelectorTermArgs {
  /** Excludes `tags`. */
  id?: pulumi.Input<string>;
  /** Tag to value; the value `*` means any. Excludes `id`. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type SelectorTermSpec = pulumi.Unwrap<SelectorTermArgs>;

export const selectorTermSchema = z
  .strictObject({
    id: z.string().optional(),
    tags: z
      .record(z.string(), z.string())
      .meta({ example: { Name: "private" } })
      .optional(),
  } satisfies Shape<SelectorTermSpec>)
  .meta({ example: { tags: { Name: "private" } } });

/** Limits of Karpenter's definitions. */
const mostTerms = 30;
const mostTags = 20;

/** Rules of terms that find resources whose ids start with `prefix`. */
export function selectorTermRules(
  field: string,
  prefix: "subnet" | "sg",
  termsOf: () => SelectorTermSpec[] | undefined,
): Rule[] {
  const terms = () => termsOf() ?? [];
  const each = (rule: (term: SelectorTermSpec, path: string) => ReturnType<Rule>): Rule => {
    return () => terms().flatMap((term, index) => rule(term, `${field}.${index}`) || []);
  };
  return [
    () => termsOf()?.length === 0 && `${field}: must have at least one term with id or tags, got none`,
    () => terms().length > mostTerms && `${field}: must have at most ${mostTerms} terms, got ${terms().length}`,
    each(
      ({ id, tags }, path) => (id === undefined) === (tags === undefined) && `${path}: set exactly one of id and tags`,
    ),
    each(({ id }, path) => {
      if (id === undefined || new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id)) return [];
      return `${path}.id: must be an id such as ${prefix}-0123456789abcdef0, got "${id}"`;
    }),
    each(({ tags }, path) => {
      const count = Object.keys(tags ?? {}).length;
      if (tags === undefined || (count > 0 && count <= mostTags)) return [];
      return `${path}.tags: must have 1 to ${mostTags} tags, got ${count}`;
    }),
    each(({ tags }, path) =>
      Object.entries(tags ?? {}).flatMap(([key, value]) =>
        key === "" || value === "" ? [`${path}.tags: must have no empty key or value, got "${key}: ${value}"`] : [],
      ),
    ),
  ];
}
