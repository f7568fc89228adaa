import assert from "node:assert/strict";
import { validateLocalVolumesArgs, validateStorageClasses } from "../../../components/manifests/local-volumes";

describe("validateStorageClasses", () => {
  it("refuses none, and names each class and rule by its path", () => {
    assert.deepEqual(validateStorageClasses({}, "storageClasses"), [
      "storageClasses: must have at least one class, got none",
    ]);
    const errors = validateStorageClasses({ A: {}, b: { namePattern: "/" } }, "storageClasses");
    assert.equal(errors.length, 2);
    assert.match(errors[0] ?? "", /^storageClasses\.A: name must be 1 to 20/);
    assert.match(errors[1] ?? "", /^storageClasses\.b\.namePattern: must be globs/);
  });
});

describe("validateLocalVolumesArgs", () => {
  it("checks shapes as well, with the word that was meant", () => {
    const errors = validateLocalVolumesArgs({ storageClasses: { a: { reclaimPolicy: "delete" } } });
    assert.match(
      errors.join("\n"),
      /^storageClasses\.a\.reclaimPolicy: must be one of Delete, Retain, got "delete"; did you mean "Delete"\?$/,
    );
  });
});
