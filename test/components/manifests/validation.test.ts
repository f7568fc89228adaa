import assert from "node:assert/strict";
import * as z from "zod";
import { check, checkEach, checkPart, join, notKnown, validateBy } from "../../../components/manifests/validation";

interface Part {
  size: number;
  name?: string;
}
const schema = z.strictObject({ size: z.number(), name: z.string().optional() });
const validate = ({ value, path = "" }: { value: unknown; path?: string }) =>
  validateBy<Part>(
    schema,
    (spec, at) =>
      check(at, [
        () => spec.size < 1 && `size: must be above 0, got ${spec.size}`,
        () => spec.name === "" && "name: must not be empty",
      ]),
    value,
    path,
  );

describe("validateBy", () => {
  it("reports shapes and rules at once, under the path", () => {
    assert.deepEqual(validate({ value: { size: 0, name: "" }, path: "a.b" }), [
      "a.b.size: must be above 0, got 0",
      "a.b.name: must not be empty",
    ]);
    const errors = validate({ value: { size: "1", name: "", nam: 1 } });
    assert.equal(errors.length, 2, errors.join("\n"));
    assert.match(errors.join("\n"), /^size: must be a number, got "1"/m);
    assert.match(errors.join("\n"), /^nam: no such setting; did you mean "name"\?$/m);
  });
  it("leaves out rules and shapes of what is not known yet", () => {
    assert.deepEqual(validate({ value: { size: notKnown, name: notKnown } }), []);
    assert.deepEqual(validate({ value: { size: notKnown, name: "" } }), ["name: must not be empty"]);
  });
  it("refuses what is no table at all", () => {
    assert.equal(validate({ value: undefined, path: "cluster" }).length, 1);
    assert.match(validate({ value: undefined, path: "cluster" }).join(), /^cluster: must be a table, got nothing/);
  });
});

describe("check", () => {
  it("throws what is no rule's business", () => {
    assert.throws(
      () =>
        check("", [
          () => {
            throw new TypeError("a mistake of ours");
          },
        ]),
      TypeError,
    );
  });
});

describe("checkPart and checkEach", () => {
  const rule = (value: number, path: string) => (value < 1 ? [`${path}: must be above 0`] : []);
  it("skip what is left out, and name the rest by its path", () => {
    assert.deepEqual(
      checkPart(() => undefined, rule, "a"),
      [],
    );
    assert.deepEqual(
      checkEach(() => ({ b: 0, c: 1 }), rule, "a"),
      ["a.b: must be above 0"],
    );
  });
});

describe("join", () => {
  it("has no dot before the first key", () => {
    assert.deepEqual([join("", "a"), join("a", "b")], ["a", "a.b"]);
  });
});
