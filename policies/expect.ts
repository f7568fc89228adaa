import { at, isUnset, oneOf, pending, show } from "./value";
import type { Table, Value } from "./value";

/** A requirement on a value: in words, to follow "must", and as a check. */
export interface Expectation {
  words: string;
  holds: (value: Value) => boolean;
}

export function be(...choices: Value[]): Expectation {
  return { words: `be ${[...new Set(choices.map(String))].join(" or ")}`, holds: oneOf(...choices) };
}

export function match(pattern: RegExp, words: string): Expectation {
  return { words, holds: (value) => typeof value === "string" && pattern.test(value) };
}

/** The same requirement, also met by an unset value. */
export function orUnset({ words, holds }: Expectation): Expectation {
  return { words, holds: (value) => isUnset(value) || holds(value) };
}

/** An image by digest or exact release, not from a staging registry. */
export const beReleased: Expectation = {
  words: "be a release",
  holds: (image) =>
    typeof image === "string" &&
    /(@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+(-[\w.]+)?)$/.test(image) &&
    !/staging|canary/.test(image),
};

/** A problem if the value at the path is known and does not meet the requirement. */
export function expectAt(table: Table, path: string, { words, holds }: Expectation): string[] {
  const value = at(table, path);
  return value === pending || holds(value) ? [] : [`${path} must ${words}, got ${show(value)}`];
}
