import assert from "node:assert/strict";
import { validateBootImageArgs } from "../../../components/manifests/boot-image";

describe("validateBootImageArgs", () => {
  it("reports the tags as well", () => {
    assert.equal(validateBootImageArgs({ reference: "x", tags: { "aws:a": "b" } }).length, 2);
  });
});
