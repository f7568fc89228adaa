import assert from "node:assert/strict";
import { makePrintable } from "../../plugin/printable";

describe("makePrintable", () => {
  const frame = (path: string) => `\n    at new Resource (${path}:602:13)`;
  const harmless = ["/a/node_modules/@pulumi/pulumi/resource.js", "/a/node_modules/zod/index.js", "/a/plugin/index.js"];

  it("takes the frames that Node prints for seconds, and no other", () => {
    const error = new Error("refused");
    const costly = [
      "/a/node_modules/@pulumi/resource.ts",
      "/a/node_modules/b/node_modules/c.js",
      "C:\\a\\node_modules\\d.js",
    ];
    error.stack = `Error: refused${[...costly, ...harmless, ...costly].map(frame).join("")}`;
    makePrintable(error);
    assert.equal(error.stack, `Error: refused${harmless.map(frame).join("")}`);
  });

  it("leaves what is no error", () => {
    for (const thrown of [undefined, null, "words", { stack: 1 }]) makePrintable(thrown);
  });
});
