import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createImage } from "../../components/image";
import { only, outputOf, record } from "../support/record";

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Parent", "parent");
  }
}

describe("createImage", () => {
  it("is another resource for other content of the files that are named, and for nothing else", async () => {
    const made = async (folder: string, files: string[]) =>
      only(
        await record(() => createImage("i", { folder, files }, {}, { parent: new Parent() })),
        "docker:index/image:Image",
      );
    const hash = createHash("sha256")
      .update("Dockerfile\0")
      .update(readFileSync("bootstrap/Dockerfile"))
      .update("\0")
      .digest("hex")
      .slice(0, 16);
    const { name, inputs } = await made("bootstrap", ["Dockerfile"]);
    assert.equal(name, `i-image-${hash}`);
    assert.deepEqual(inputs.build, {
      context: "bootstrap",
      dockerfile: "bootstrap/Dockerfile",
      platform: "linux/arm64",
    });
    assert.notEqual((await made("bootstrap", ["Dockerfile", "fast-disks.sh"])).name, name);
    const other = await made("disk-controller", ["Dockerfile"]);
    assert.equal((other.inputs.build as { context: string }).context, "disk-controller");
  });

  it("makes nothing of a ready-made image", async () => {
    const reference = `registry.example/own@sha256:${"0".repeat(64)}`;
    const content = { folder: "bootstrap", files: ["Dockerfile"] };
    const create = () => createImage("i", content, { reference }, { parent: new Parent() });
    assert.equal(await outputOf(create), reference);
    assert.deepEqual(
      (await record(create)).resources.map(({ type }) => type),
      ["test:index:Parent"],
    );
  });
});
