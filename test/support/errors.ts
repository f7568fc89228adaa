import assert from "node:assert/strict";

/** Defines a test per wrong value: it has the one error that the pattern describes, and no other. */
export function refusesEach<T>(
  validate: (value: T) => string[],
  rows: [what: string, value: T, error: RegExp][],
): void {
  for (const [what, value, error] of rows)
    it(`refuses ${what}`, () => {
      const errors = validate(value);
      assert.equal(errors.length, 1, errors.join("\n"));
      assert.match(errors[0] ?? "", error);
    });
}
