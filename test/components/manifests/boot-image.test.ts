import assert from "node:assert/strict";
import { imageError, validateBootImageArgs, validateBootImageSource } from "../../../components/manifests/boot-image";

describe("validateBootImageSource", () => {
  it("takes an image by digest, and refuses one by tag", () => {
    const reference = `registry.example:5000/a/boot@sha256:${"0".repeat(64)}`;
    assert.deepEqual(validateBootImageSource({ reference }, "bootImage"), []);
    assert.deepEqual(validateBootImageSource({ reference: "registry.example/boot:1" }, "bootImage"), [
      'bootImage.reference: must be an image by digest, registry/name@sha256:…, got "registry.example/boot:1"',
    ]);
  });
});

describe("validateBootImageArgs", () => {
  it("reports the tags as well", () => {
    assert.equal(validateBootImageArgs({ reference: "x", tags: { "aws:a": "b" } }).length, 2);
  });
});

describe("imageError", () => {
  it("names the key", () => {
    assert.match(imageError("bootImage", "x") ?? "", /^bootImage: must be an image by digest/);
  });
});
