import { closest } from "fastest-levenshtein";
import type { PolicyConfigSchema } from "@pulumi/policy";
import { isUnset } from "./value";
import type { Value } from "./value";

/** Settings of a chain for the whole pack. */
export interface ChainSettings {
  /** Node label of pools whose disks become volumes. */
  label: string;
  /** Name of the bootstrap container that links the disks. */
  container: string;
  /** Names of StorageClasses of fast disks that the stack does not identify in another way. */
  classes: string[];
}

/** A setting of a policy with its default. */
type Schema = PolicyConfigSchema["properties"];
export type Setting<T> = Omit<Schema[string], "default"> & { description: string; default: T };
export const setting = {
  flag: (byDefault: boolean, description: string) => ({ type: "boolean" as const, default: byDefault, description }),
  count: (byDefault: number, description: string) => ({ type: "integer" as const, default: byDefault, description }),
  text: (byDefault: string, description: string) => ({ type: "string" as const, default: byDefault, description }),
  texts: (byDefault: string[], description: string) => ({
    type: "array" as const,
    items: { type: "string" as const },
    default: byDefault,
    description,
  }),
};
export type Settings<C> = { [K in keyof C]: Setting<C[K]> };

/** Name of the policy that checks the configuration, and key of the chain's settings. */
export const settingsName = "settings";

export const chainSettings: Settings<ChainSettings> = {
  label: setting.text("eks-fast-disks/class", "node label of pools whose disks become volumes"),
  container: setting.text("fast-disks", "name of the bootstrap container that links the disks"),
  classes: setting.texts(
    ["fast-disks"],
    "names of StorageClasses of fast disks that the stack does not identify in another way",
  ),
};

/** The settings with their defaults; values of a wrong type are ignored, and `problemsOf` reports them. */
export function withDefaults<C>(schema: Settings<C> | undefined, given: Record<string, unknown>): C {
  const entries = Object.entries<Setting<unknown>>(schema ?? {}).map(([key, one]) => {
    return [key, fits(one, given[key]) ? given[key] : one.default] as const;
  });
  return Object.fromEntries(entries) as C;
}

/** Schemas of the policies' settings by their names. */
export type Schemas = Map<string, Record<string, Setting<unknown>>>;

/** Errors in a configuration: names, keys and values that no policy knows. */
export function problemsOf(config: Record<string, unknown>, schemas: Schemas): string[] {
  return Object.entries(config).flatMap(([name, given]) => {
    const schema = schemas.get(name);
    if (name === "all") return [];
    if (!schema) return [`no policy is called "${name}"; did you mean "${closest(name, [...schemas.keys()])}"?`];
    if (typeof given !== "object" || given === null) return [];
    return Object.entries(given).flatMap(([key, value]) => {
      const one = schema[key];
      if (key === "enforcementLevel") return [];
      const known = Object.keys(schema);
      const fix = known.length > 0 ? `did you mean "${closest(key, known)}"?` : "it has no settings";
      if (!one) return [`${name}: no setting is called "${key}"; ${fix}`];
      if (!fits(one, value))
        return [`${name}.${key} must be of type ${String(one.type)}, got ${JSON.stringify(value)}`];
      const empty = [value].flat().some((item) => isUnset(item as Value));
      return empty ? [`${name}.${key} must not be empty; leave it out for ${JSON.stringify(one.default)}`] : [];
    });
  });
}

function fits(one: Setting<unknown>, value: unknown): boolean {
  if (Array.isArray(one.default)) return Array.isArray(value) && value.every((item) => typeof item === "string");
  return typeof value === typeof one.default;
}
