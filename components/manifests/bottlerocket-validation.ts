import type { BottlerocketSettingsSpec } from "./bottlerocket";
import type { Check, Consumer } from "./bottlerocket-checks";
import { incompleteSettings } from "./bottlerocket-completeness";
import { formError } from "./bottlerocket-form";
import { checks, firstReleases } from "./bottlerocket-keys";
import { takenAway } from "./bottlerocket-kubernetes";
import type { Setting } from "./bottlerocket-table";
import { settingsOf } from "./bottlerocket-table";
import { nearest } from "./suggestion";
import { check, notKnown, NotKnownError } from "./validation";

/** Where a layer of settings is used. */
export interface SettingsContext {
  /** Programs that read the layer; an error for one of them is an error. */
  consumers: Consumer[];
  /** X.Y.Z of Bottlerocket, a function because it may be known later. @default - any, so that no setting is too new */
  version?: () => string;
  /** Whether it overrides a layer that may set the rest; `validateMergedSettings` checks both together. @default false */
  overrides?: boolean;
}

/** Errors of one layer of settings alone, each under the user's key. */
export function validateBottlerocketSettings(
  spec: BottlerocketSettingsSpec,
  path: string,
  context: SettingsContext,
): string[] {
  const unknownToo = known(() => spec.allowUnknownSettings ?? false, true);
  const version = known(() => context.version?.(), undefined);
  const closed: string[][] = [];
  const errors = settingsOf(spec).flatMap((setting) => {
    if (closed.some((at) => startsWith(setting.at, at))) return [];
    const refusal = errorOfKey(setting, context.consumers, version, unknownToo);
    if (refusal !== undefined) closed.push(setting.at);
    const error = refusal ?? errorOfValue(setting, context.consumers);
    return error === undefined ? [] : [`${setting.key}: ${error}`];
  });
  return check(path, [
    () => errors,
    () => !context.overrides && incompleteSettings([spec], context.consumers).map(({ error }) => error),
  ]);
}

// An error of a table's key is reported once, not again for each setting in the table.
function errorOfKey(
  { at, key }: Setting,
  consumers: Consumer[],
  version: string | undefined,
  unknownToo: boolean,
): string | undefined {
  // The schema checks keys outside of `further`.
  const unknown = unknownToo || !key.startsWith("further.") ? undefined : errorOfUnknown(at);
  if (unknown !== undefined) return unknown;
  if (at[0] === "kubernetes" && at.length === 2) {
    const rule = takenAway.find(
      ({ consumers: by, keys }) => by.some((one) => consumers.includes(one)) && keys.includes(at[1] ?? ""),
    );
    if (rule) return `${rule.reason}; leave it out`;
  }
  const first = firstReleases[patternOf(at) ?? ""];
  return first !== undefined && version !== undefined && isOlder(version, first)
    ? `needs Bottlerocket ${first} or newer, got ${version}; raise bottlerocket.version or leave it out`
    : undefined;
}

function errorOfUnknown(at: string[]): string | undefined {
  const siblings = patterns.filter(
    (pattern) => pattern.length === at.length && fits(at.slice(0, -1), pattern.slice(0, -1)),
  );
  if (siblings.length === 0 || patternOf(at) !== undefined) return undefined;
  const names = siblings.map((pattern) => pattern.at(-1) ?? "");
  const meant = nearest(at.at(-1) ?? "", names);
  const elsewhere = patterns.find(
    (pattern) => pattern.length > 1 && !pattern.includes("*") && pattern.at(-1) === at.at(-1),
  );
  if (meant !== undefined) return `no such setting; did you mean "${meant}"?`;
  if (elsewhere !== undefined) return `no such setting; did you mean "${elsewhere.join(".")}"?`;
  const few = names.length > 12 ? "" : `; known are ${names.join(", ")}`;
  return `no such setting${few}; if a newer Bottlerocket has it, set allowUnknownSettings`;
}

function errorOfValue({ at, value }: Setting, consumers: Consumer[]): string | undefined {
  const name = at.at(-1) ?? "";
  const rules = (checks[patternOf(at) ?? ""] ?? []).filter(
    ({ consumer }) => consumer === undefined || consumers.includes(consumer),
  );
  const wrongName = rules.find((rule) => rule.ofName && !rule.holds("", name));
  if (wrongName) return `key must be ${wrongName.must}${fixOf(wrongName)}`;
  if (value === notKnown) return undefined;
  const form = formError(name, value, consumers);
  if (form !== undefined || value === null) return form;
  const wrong = rules.find((rule) => !rule.ofName && !rule.holds(value, name));
  return wrong && `must be ${wrong.must}, got ${JSON.stringify(value)}${fixOf(wrong)}`;
}

function fixOf({ fix }: Check): string {
  return fix === undefined ? "" : `; ${fix}`;
}

const patterns = Object.keys(checks).map((pattern) => splitPattern(pattern));

// Eviction signals and labels match `*`, so no part of a pattern has a dot.
function splitPattern(pattern: string): string[] {
  return pattern.split(".");
}

function patternOf(at: string[]): string | undefined {
  return patterns.find((pattern) => pattern.length === at.length && fits(at, pattern))?.join(".");
}

function fits(at: string[], pattern: string[]): boolean {
  return pattern.every((part, index) => part === "*" || part === at[index]);
}

function startsWith(at: string[], start: string[]): boolean {
  return start.every((key, index) => key === at[index]);
}

function isOlder(version: string, than: string): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (!parts) return false;
  const least = than.split(".").map(Number);
  const at = parts.findIndex((part, index) => part !== least[index]);
  return at >= 0 && (parts[at] ?? 0) < (least[at] ?? 0);
}

function known<T>(value: () => T, otherwise: T): T {
  try {
    return value();
  } catch (error) {
    if (error instanceof NotKnownError) return otherwise;
    throw error;
  }
}
