import { distance } from "fastest-levenshtein";
import * as z from "zod";
import { exampleOf, isEmpty, keysOf, memberOf, schemaAt, unwrap } from "./example";

/** Suggests a key for one that the schema does not have at the path: a similar one, or the same key at another path. */
export function suggestKey(schema: z.ZodType, path: string[], key: string): string {
  const keys = keysOf(schemaAt(schema, path));
  const elsewhere = pathsTo(schema, key, []);
  const below = elsewhere.filter((found) => found.startsWith(path.join(".")));
  // A top-level setting, rather than a key at this path that only contains its name.
  const whole = nearest(key, keys) === undefined && elsewhere.includes(key) ? key : undefined;
  const meant = whole ?? sibling(schema, path, key) ?? (below.length > 0 ? below : elsewhere).join('" or "');
  if (meant !== "") return `; did you mean "${meant}"?`;
  return keys.length > 0 ? `; known are ${keys.join(", ")}` : "";
}

/** A similar key at the same path, or the only one that contains the key. */
export function sibling(schema: z.ZodType, path: string[], key: string): string | undefined {
  const keys = keysOf(schemaAt(schema, path));
  const containing = keys.filter((other) => other.toLowerCase().includes(key.toLowerCase()));
  return nearest(key, keys) ?? (key.length >= 4 && containing.length === 1 ? containing[0] : undefined);
}

/** A setting that is written in place of a name: the path of the table of names, and the key. */
export function misplaced(schema: z.ZodType, path: string[]): { at: string[]; key: string } | undefined {
  const index = path.findIndex((key, depth) => {
    const table = unwrap(schemaAt(schema, path.slice(0, depth)));
    return table instanceof z.ZodRecord && keysOf(table.valueType as z.ZodType).includes(key);
  });
  return index < 0 ? undefined : { at: path.slice(0, index), key: path[index] ?? "" };
}

/** Suggests a value of the list that is similar to the given one. */
export function suggestValue(values: string[], input: unknown): string {
  const meant = typeof input === "string" ? nearest(input, values) : undefined;
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

/** How to write a value of the wrong type. */
export function suggestType(schema: z.ZodType, path: string[], expected: string, input: unknown): string {
  const at = schemaAt(schema, path);
  const example = exampleOf(at);
  const shown = isEmpty(example) ? undefined : JSON.stringify(example);
  if (input === undefined || input === null) {
    const fix = at instanceof z.ZodOptional ? "set it or leave it out" : "set it";
    if (shown !== undefined) return `; ${fix}, for example ${shown}`;
    return unwrap(at) instanceof z.ZodObject ? "; write {} for its defaults" : `; ${fix}`;
  }
  if (typeof input === "string" || typeof input === "number" || typeof input === "boolean") {
    const written = suggestWriting(expected, String(input), shown);
    if (written !== undefined) return written;
  }
  if (shown !== undefined) return `; write for example ${shown}`;
  return expected === "object" && keysOf(at).length > 0 ? `; known are ${keysOf(at).join(", ")}` : "";
}

/** How to write a scalar as the expected type. */
function suggestWriting(expected: string, input: string, example: string | undefined): string | undefined {
  switch (expected) {
    case "string":
      return example === undefined
        ? `; write ${JSON.stringify(input)}`
        : `; write it in quotes, for example ${example}`;
    case "number":
      return /^\d+$/.test(input) ? `; write ${input} without quotes` : undefined;
    case "boolean":
      if (/^(true|yes|on|y)$/i.test(input)) return "; write true without quotes";
      return /^(false|no|off|n)$/i.test(input) ? "; write false without quotes" : undefined;
    case "array":
      return `; write [${JSON.stringify(input)}]`;
    default:
      return undefined;
  }
}

/** The candidate that differs only in case and hyphens, or otherwise in at most two letters. */
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
