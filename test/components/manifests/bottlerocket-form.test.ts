import assert from "node:assert/strict";
import { formError } from "../../../components/manifests/bottlerocket-form";
import type { Value } from "../../../components/manifests/bottlerocket-table";

describe("formError", () => {
  const refused: [key: string, value: Value | null, error: RegExp][] = [
    ["a", null, /^must be a TOML value, got null/],
    ["a", [["x", null as unknown as string]], /^must be a TOML value/],
    ["a", [{ b: { c: 1e21 } }], /^must be a TOML value/],
    ["a", 2 ** 53, /^must be a TOML value/],
    ["a", [[{ b: 1 }, 2]], /^mixes tables/],
    ["a", [{ b: [{ c: 1 }, 2] }], /^mixes tables/],
  ];
  for (const [key, value, error] of refused)
    it(`refuses ${JSON.stringify(value)} for everybody`, () => {
      assert.match(formError(key, value, ["karpenter"]) ?? "", error);
    });

  const refusedByEks: [key: string, value: Value, error: RegExp][] = [
    ["a", 'b"', /^has a quote, backslash or control character, which EKS refuses, got "b\\""/],
    ["a", "b\\", /^has a quote/],
    ["a", "b\n", /^has a quote/],
    ["a", ["b", 'c"'], /^has a quote/],
    ["a", [{ b: 'c"' }], /^has a quote/],
    ['a"', 1, /^key has a quote/],
    ["a.b", {}, /^table needs a quoted header/],
    ["a.b", [{ c: 1 }], /^table needs a quoted header/],
    ["a", [{ "b.c": {} }], /^table needs a quoted header/],
    ["a", [1, "b"], /^mixes types/],
    ["a", [1, 1.5], /^mixes types/],
    ["a", [["b", 1]], /^mixes types/],
    ["a", [["b"], "c"], /^mixes types/],
    ["a", [{ b: ["c", 1] }], /^mixes types/],
  ];
  for (const [key, value, error] of refusedByEks)
    it(`refuses ${key} of ${JSON.stringify(value)} for EKS alone`, () => {
      assert.match(formError(key, value, ["karpenter", "eks"]) ?? "", error);
      assert.equal(formError(key, value, ["karpenter"]), undefined);
    });

  it("takes any other TOML", () => {
    const values: Value[] = ["a'b", 1.5, -1, true, [], [[]], [["a"], ["b"]], [{ a: 1 }, { b: "c" }], {}, [1, 2]];
    for (const value of values) assert.equal(formError("a-b_1", value, ["eks", "karpenter"]), undefined);
    assert.equal(formError("memory.available", "5%", ["eks"]), undefined);
  });
});
