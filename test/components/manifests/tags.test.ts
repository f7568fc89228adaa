import assert from "node:assert/strict";
import { validateTags } from "../../../components/manifests/tags";
import type { TagsSpec } from "../../../components/manifests/tags";
import { refusesEach } from "../../support/errors";

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, ""]));

describe("validateTags", () => {
  refusesEach<TagsSpec>(
    (tags) => validateTags(tags, "tags"),
    [
      ["a key of AWS", { "aws:x": "y" }, /^tags\.aws:x: is reserved for AWS or Karpenter; leave it out$/],
      ["a key of Karpenter", { "karpenter.sh/nodepool": "y" }, /^tags\.karpenter\.sh\/nodepool: is reserved/],
      ["a character that AWS refuses", { "a?": "b" }, /^tags\.a\?: key must be 1 to 128 letters/],
      ["a value of 257 characters", { a: "b".repeat(257) }, /^tags\.a: must be at most 256 letters/],
      ["41 tags", many(41), /^tags: must have at most 40 tags, got 41$/],
    ],
  );
  it("takes 40 tags with what AWS allows", () => {
    assert.deepEqual(validateTags(many(40), "tags"), []);
    assert.deepEqual(validateTags({ "Kosten stelle": "a_.:/=+-@ é" }, "tags"), []);
  });
});
