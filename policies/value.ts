import { secrets } from "./secret";

/** A value that is not known during preview. */
export const pending: unique symbol = Symbol("pending");
/** Marks tables that are known in part: missing keys are pending. */
const partial: unique symbol = Symbol("partial");

/** A resource's property as plain data. */
export type Value = string | number | boolean | null | undefined | typeof pending | Value[] | Table;
export interface Table {
  [key: string]: Value;
  [partial]?: true;
}

/** What the engine sends in place of an unknown boolean, number, string, list, asset, archive or object. */
export const marks = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** A policy's input as plain data: its proxies throw when an unknown is read, but their descriptors show it. */
export function reveal(value: unknown): Value {
  if (typeof value !== "object" || value === null) return marks.includes(value as string) ? pending : (value as Value);
  const entries = Object.keys(value)
    .filter((key) => key !== "__defaults")
    .map((key) => [key, reveal(Object.getOwnPropertyDescriptor(value, key)?.value)] as const);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** The table with all missing keys pending. */
export function partOf(value: Table): Table {
  const entries = Object.entries(value).map(([key, item]) => [key, isTable(item) ? partOf(item) : item] as const);
  return { ...Object.fromEntries(entries), [partial]: true };
}

/** The base after a merge patch; lists are replaced. */
export function merged(base: Table, patch: Table): Table {
  const result = { ...base };
  for (const [key, item] of Object.entries(patch)) {
    const below = result[key];
    result[key] = isTable(item) && isTable(below) ? merged(below, item) : item;
  }
  return result;
}

/** The value at a dotted path (`~` for a dot in a key), items of lists by number; pending if a parent is. */
export function at(value: Value, path: string): Value {
  return path.split(".").reduce<Value>((here, part) => {
    const key = part.replaceAll("~", ".");
    if (here === pending || typeof here !== "object" || here === null) return here === pending ? pending : undefined;
    if (Object.hasOwn(here, key)) return (here as Table)[key];
    return isTable(here) && here[partial] ? pending : undefined;
  }, value);
}

/** The known items of a list, or of the list at the path. */
export function listOf(value: Value, path?: string): Value[] {
  const list = within(value, path);
  return Array.isArray(list) ? list.filter((item) => item !== pending) : [];
}

/** The string, or an empty one for everything else. */
export function textOf(value: Value, path?: string): string {
  const text = within(value, path);
  return typeof text === "string" ? text : "";
}

/** The strings of a list, or the string itself. */
export function textsOf(value: Value, path?: string): string[] {
  return [within(value, path)].flat().filter((item) => typeof item === "string");
}

export function tableOf(value: Value, path?: string): Table {
  const table = within(value, path);
  return isTable(table) ? table : {};
}

function within(value: Value, path?: string): Value {
  return path === undefined ? value : at(value, path);
}

export function isTable(value: Value): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is not set: providers return an empty string or `null` for those. */
export function isUnset(value: Value): boolean {
  return value === undefined || value === null || value === "";
}

/** Whether both are known and the same. */
export function isSame(one: Value, other: Value): boolean {
  return !isUnset(one) && one !== pending && one === other;
}

/** Whether nothing in it is pending. */
export function isWhole(value: Value): boolean {
  if (typeof value !== "object" || value === null) return value !== pending;
  return Object.values(value).every(isWhole);
}

/** A parsed JSON document, `undefined` if it is invalid. */
export function parseJson(value: Value): Value {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

/** Seconds of a duration such as `1m30s`, `undefined` if it is not a duration. */
export function secondsOf(value: Value): number | undefined {
  if (typeof value !== "string" || !/^(\d+(\.\d+)?(h|m|s|ms))+$/.test(value)) return undefined;
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  const parts = [...value.matchAll(/([\d.]+)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
}

/** Whether a value is one of these. */
export function oneOf(...choices: Value[]): (value: Value) => boolean {
  return (value) => choices.includes(value);
}

export function show(value: Value): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (secrets.has(item)) return "(secret)";
    return item === pending ? "(not known yet)" : item;
  });
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
