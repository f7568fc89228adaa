import * as z from "zod";
import { misplaced, sibling, suggestKey, suggestType, suggestValue } from "./suggestion";

/** Makes the compiler compare a schema with its spec: a missing, misspelt or mistyped key does not compile. */
export type Shape<T> = { [K in keyof T]-?: z.ZodType<T[K]> };

/** Rules of a noun: take a plain spec and its path, and return errors with their whole path. */
export type Validate<T> = (spec: T, path: string) => string[];

/** One rule: returns its errors, each `key: rule, value; fix`, or nothing. */
export type Rule = () => string[] | string | false | undefined;

/** Replaces an Output that is not known yet while the known values are validated. */
export const notKnown = Symbol("known later");

/**
 * All errors of a value's shape and of the rules of its noun. A rule that reads a value which is not known yet or has the
 * wrong shape is left out; it applies when the value is known or corrected.
 */
export function validateBy<T>(schema: z.ZodType<T>, validate: Validate<T>, value: unknown, path = ""): string[] {
  const result = schema.safeParse(value, { reportInput: true });
  const issues = (result.error?.issues ?? []).filter(({ input }) => input !== notKnown);
  const misspelt = new Set(issues.flatMap((issue) => meantBy(schema, issue)));
  const missing = (issue: z.core.$ZodIssue) => issue.input === undefined && misspelt.has(issue.path.join("."));
  const errors = issues.flatMap((issue) => (missing(issue) ? [] : describe(schema, issue, path)));
  const wrong = new Set([...misspelt, ...issues.map((issue) => wrongAt(schema, issue))]);
  if (wrong.has("")) return [...new Set(errors)];
  return [...new Set([...errors, ...validate(view(value, wrong, "") as T, path)])];
}

/** Runs each rule on its own, so that a rule that must wait does not stop the others. */
export function check(path: string, rules: Rule[]): string[] {
  return rules.flatMap((rule) => {
    try {
      return [rule() || []].flat().map((error) => join(path, error));
    } catch (error) {
      if (error instanceof NotKnownError) return [];
      throw error;
    }
  });
}

/** Errors of an optional part. */
export function checkPart<T>(part: () => T | undefined, validate: Validate<T>, path: string): string[] {
  return check("", [
    () => {
      const spec = part();
      return spec === undefined ? [] : validate(spec, path);
    },
  ]);
}

/** Errors of the parts of a table, by name. */
export function checkEach<T>(
  parts: () => Record<string, T> | undefined,
  validate: Validate<T>,
  path: string,
): string[] {
  return check("", [
    () => Object.keys(parts() ?? {}).flatMap((name) => checkPart(() => parts()?.[name], validate, join(path, name))),
  ]);
}

/** Path of a key below another. */
export function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** A rule must wait for a value. */
export class NotKnownError extends Error {}

// The value that rules read: reading a part that is not known or has the wrong shape ends the rule.
function view(value: unknown, wrong: Set<string>, path: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const item: unknown = Reflect.get(target, key);
      if (typeof key === "symbol") return item;
      if (item === notKnown || wrong.has(join(path, key))) throw new NotKnownError(join(path, key));
      return Object.hasOwn(target, key) ? view(item, wrong, join(path, key)) : item;
    },
  });
}

// Paths of settings that are written under a wrong name.
function meantBy(schema: z.ZodType, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const keys = issue.path.map(String);
  return issue.keys.flatMap((key) => {
    const meant = sibling(schema, keys, key);
    return meant === undefined ? [] : [[...keys, meant].join(".")];
  });
}

// Paths that the rules must not read.
function wrongAt(schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const keys = issue.path.map(String);
  const setting = misplaced(schema, keys);
  if (setting) return [...setting.at, setting.key].join(".");
  // An unknown key is no reason to ignore the other keys.
  return issue.code === "unrecognized_keys" ? [...keys, issue.keys[0]].join(".") : keys.join(".");
}

function describe(schema: z.ZodType, issue: z.core.$ZodIssue, path: string): string[] {
  const keys = issue.path.map(String);
  const at = [path, ...keys].filter((key) => key !== "").join(".");
  const setting = misplaced(schema, keys);
  if (setting) {
    const table = [path, ...setting.at].filter((key) => key !== "").join(".");
    return [`${table}.${setting.key}: is a setting and not a name; did you mean "${table}.<name>.${setting.key}"?`];
  }
  const got = issue.input === undefined || issue.input === null ? "nothing" : JSON.stringify(issue.input);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => `${join(at, key)}: no such setting${suggestKey(schema, keys, key)}`);
    case "invalid_type":
      return [
        `${at}: must be ${nameOf(issue.expected)}, got ${got}${suggestType(schema, keys, issue.expected, issue.input)}`,
      ];
    case "invalid_value": {
      const values = issue.values.map(String);
      return [`${at}: must be one of ${values.join(", ")}, got ${got}${suggestValue(values, issue.input)}`];
    }
    default:
      return [`${at}: ${issue.message}, got ${got}`];
  }
}

function nameOf(type: string): string {
  return { string: "a string", number: "a number", boolean: "true or false", array: "a list" }[type] ?? "a table";
}
