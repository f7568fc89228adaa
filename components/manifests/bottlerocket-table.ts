import type { BottlerocketSettingsSpec } from "./bottlerocket";
import { join, notKnown, NotKnownError } from "./validation";

/** A table of TOML. */
export interface Table {
  [key: string]: Value;
}
export type Value = string | number | boolean | Value[] | Table;

/** One setting, leaf or table, of a layer. */
export interface Setting {
  /** Keys in Bottlerocket's `settings` table. */
  at: string[];
  /** The key as the user wrote it. */
  key: string;
  /** The user's value; not known while it, or an item of a list, is an unresolved Output. */
  value: Value | null | typeof notKnown;
}

/** Merges layers, later ones win, into Bottlerocket's `settings` table. Lists are replaced, tables merged. */
export function renderBottlerocket(layers: BottlerocketSettingsSpec[]): Table {
  return layers.map(renderLayer).reduce(merge, {});
}

/** All settings of a layer: a table before its members, those below `further` last, since they override the others. */
export function settingsOf(layer: BottlerocketSettingsSpec): Setting[] {
  const fields = layer as Table;
  const typed = Object.keys(fields)
    .filter((key) => isField([key]))
    .flatMap((key) => typedSettings(fields, [key]));
  const further = read(fields, "further");
  return [...typed, ...(isTable(further) ? furtherSettings(further, []) : [])];
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function renderLayer(layer: BottlerocketSettingsSpec): Table {
  return merge(renderFields(layer, []), (layer.further ?? {}) as Table);
}

function renderFields(fields: Table, path: string[]): Table {
  const entries = Object.entries(fields).filter(
    ([key, value]) => isField([...path, key]) && (value as Value | undefined) !== undefined,
  );
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const here = [...path, key];
      return [nameOf(here), isTable(value) ? renderFields(value, here) : value];
    }),
  );
}

// A layer has Bottlerocket's tables and two keys of this package.
function isField(path: string[]): boolean {
  return path.length > 1 || (path[0] !== "further" && path[0] !== "allowUnknownSettings");
}

const tablesOfContainers = ["hostContainers", "bootstrapContainers", "bootstrapCommands"];

// Names of our own fields are translated, names that users give (label keys, container names …) are not.
function nameOf(path: string[]): string {
  const depthOfFields = tablesOfContainers.includes(path[0] ?? "") ? 2 : 1;
  const key = path.at(-1) ?? "";
  const ours = path.length === 1 || path.length === depthOfFields + 1;
  return ours ? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : key;
}

function typedSettings(parent: Table, path: string[]): Setting[] {
  const value = read(parent, path.at(-1) ?? "");
  if (value === undefined) return [];
  const at = path.map((_, index) => nameOf(path.slice(0, index + 1)));
  const inner = isTable(value) ? Object.keys(value).flatMap((key) => typedSettings(value, [...path, key])) : [];
  return [{ at, key: path.join("."), value }, ...inner];
}

function furtherSettings(table: Table, path: string[]): Setting[] {
  return Object.keys(table).flatMap((key) => {
    const at = [...path, key];
    const value = read(table, key) ?? null;
    const inner = isTable(value) ? furtherSettings(value, at) : [];
    return [{ at, key: join("further", at.join(".")), value }, ...inner];
  });
}

function read(table: Table, key: string): Value | null | undefined | typeof notKnown {
  try {
    const value = table[key];
    // A list is known when all of its items are.
    if (Array.isArray(value)) JSON.stringify(value);
    return value;
  } catch (error) {
    if (error instanceof NotKnownError) return notKnown;
    throw error;
  }
}

function merge(base: Table, over: Table): Table {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => {
      if (!Object.hasOwn(over, key)) return [key, base[key] as Value];
      const [below, above] = [Object.hasOwn(base, key) ? base[key] : undefined, over[key] as Value];
      return [key, isTable(below) && isTable(above) ? merge(below, above) : above];
    }),
  );
}
