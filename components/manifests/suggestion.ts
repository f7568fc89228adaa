import { distance } from "fastest-levenshtein";
import * as z from "zod";

/** A string, with an example of a right one for whoever writes a number in its place. */
export function text(example: string): z.ZodString {
  return z.string().meta({ example });
}

/** The example of the string at a path. */
export function exampleOf(schema: z.ZodType, path: string[]): string | undefined {
  const example = unwrap(path.reduce<z.ZodType | undefined>(memberOf, schema))?.meta()?.example;
  return typeof example === "string" ? example : undefined;
}

/** What somebody meant by a key that a schema does not have at a path: a like one, or the same one elsewhere. */
export function suggestKey(schema: z.ZodType, path: string[], key: string): string {
  const keys = keysOf(path.reduce<z.ZodType | undefined>(memberOf, schema));
  const meant = nearest(key, keys) ?? pathsTo(schema, key, []).join('" or "');
  if (meant !== "") return `; did you mean "${meant}"?`;
  return keys.length > 0 ? `; known are ${keys.join(", ")}` : "";
}

/** What somebody meant by a value that is none of a list. */
export function suggestValue(values: string[], input: unknown): string {
  const meant = typeof input === "string" ? nearest(input, values) : undefined;
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

/** The candidate that differs in case and hyphens only, or else in two letters at most. */
export function nearest(word: string, candidates: string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const most = Math.min(2, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }))
    .filter(({ edits }) => edits <= most)
    .sort((left, right) => left.edits - right.edits)[0]?.candidate;
}

function pathsTo(schema: z.ZodType, key: string, path: string[]): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodRecord) return pathsTo(inner.valueType as z.ZodType, key, [...path, "<name>"]);
  return keysOf(inner).flatMap((name) => {
    const member = memberOf(inner, name);
    return [
      ...(name === key ? [[...path, name].join(".")] : []),
      ...(member ? pathsTo(member, key, [...path, name]) : []),
    ];
  });
}

function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function memberOf(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return (inner.shape as Record<string, z.ZodType>)[key];
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
