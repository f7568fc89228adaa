import assert from "node:assert/strict";
import { imageError, validateImageSource } from "../../../components/manifests/image";

describe("validateImageSource", () => {
  it("takes an image by digest, and refuses one by tag", () => {
    const reference = `registry.example:5000/a/boot@sha256:${"0".repeat(64)}`;
    assert.deepEqual(validateImageSource({ reference }, "bootImage"), []);
    assert.deepEqual(validateImageSource({ reference: "registry.example/boot:1" }, "bootImage"), [
      'bootImage.reference: must be an image by digest, registry/name@sha256:…, got "registry.example/boot:1"',
    ]);
  });
});

describe("imageError", () => {
  it("names the key", () => {
    assert.match(imageError("bootImage", "x") ?? "", /^bootImage: must be an image by digest/);
  });
});
