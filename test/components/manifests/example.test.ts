import assert from "node:assert/strict";
import { exampleOf, keysOf, schemaAt, text } from "../../../components/manifests/example";
import { fastDisksSchema } from "../../../components/manifests/fast-disks";

describe("exampleOf", () => {
  it("gives the stated example of a string", () => {
    assert.equal(exampleOf(text("5m").optional()), "5m");
  });

  it("makes a table of what its schema requires", () => {
    assert.deepEqual(exampleOf(schemaAt(fastDisksSchema, ["karpenter"])), { version: "1.14.0" });
  });
});

describe("schemaAt", () => {
  it("follows keys, names and list indices", () => {
    assert.ok(keysOf(schemaAt(fastDisksSchema, ["pools", "fast", "requirements", "0"])).includes("operator"));
  });

  it("gives nothing for a key that is not there", () => {
    assert.equal(schemaAt(fastDisksSchema, ["pool"]), undefined);
  });
});
