import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BootImage } from "../../components";
import { childTypes, only, outputOf, record } from "../support/record";

const imageType = "docker:index/image:Image";
const digest = `sha256:${"0".repeat(64)}`;

describe("BootImage", () => {
  it("pushes to a scanned and encrypted repository, in which an interrupted push can be repeated", async () => {
    const graph = await record(() => new BootImage("b", { tags: { environment: "test" } }));
    assert.deepEqual(childTypes(graph), ["aws:ecr/repository:Repository", imageType]);
    const { inputs, parent } = only(graph, "aws:ecr/repository:Repository");
    assert.equal(parent, "eks-fast-disks:index:BootImage::b");
    assert.deepEqual(inputs, {
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
      tags: { environment: "test" },
    });
  });

  it("builds for arm64 under a tag of its content, and needs no daemon in preview", async () => {
    const { name, inputs } = only(await record(() => new BootImage("b", {})), imageType);
    const [, content = ""] = /^b-image-([0-9a-f]{16})$/.exec(name) ?? [];
    assert.notEqual(content, "");
    assert.match(String(inputs.imageName), new RegExp(`\\.amazonaws\\.com/b-repository-[0-9a-f]{7}:${content}$`));
    assert.deepEqual(inputs.build, {
      context: "bootstrap",
      dockerfile: "bootstrap/Dockerfile",
      platform: "linux/arm64",
    });
    assert.equal(inputs.buildOnPreview, false);
    assert.equal((inputs.registry as { password: string }).password, "[secret]");
  });

  it("gives the image by digest", async () => {
    const reference = await outputOf(() => new BootImage("b", {}).reference);
    assert.match(
      reference,
      /^[0-9]{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/b-repository-[0-9a-f]{7}@sha256:[0-9a-f]{64}$/,
    );
  });

  it("leaves the repository in the account unless told otherwise: nodes pull at every boot", async () => {
    const repository = async (forceDelete?: boolean) =>
      only(await record(() => new BootImage("b", { forceDelete })), "aws:ecr/repository:Repository");
    assert.equal((await repository()).retainOnDelete, true);
    const deleted = await repository(true);
    assert.deepEqual([deleted.retainOnDelete, deleted.inputs.forceDelete], [false, true]);
  });

  it("makes nothing of a ready-made image, and takes it from an Output", async () => {
    const reference = `registry.example/boot@${digest}`;
    assert.deepEqual(childTypes(await record(() => new BootImage("b", { reference }))), []);
    assert.equal(
      await outputOf(() => new BootImage("b", { reference: Promise.resolve(reference) }).reference),
      reference,
    );
  });

  it("builds the same content once, whatever differs between machines", async () => {
    const { ignoreChanges } = only(await record(() => new BootImage("b", {})), imageType);
    assert.deepEqual(ignoreChanges, ["build"]);
  });

  describe("from another place", () => {
    let elsewhere: string;
    beforeEach(() => {
      elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    });
    afterEach(() => {
      rmSync(elsewhere, { recursive: true });
    });
    const imageOf = async (Image = BootImage) => only(await record(() => new Image("b", {})), imageType);

    it("states its context relative to where the program runs, and the same name", async () => {
      const here = await imageOf();
      const root = process.cwd();
      process.chdir(elsewhere);
      const there = await imageOf().finally(() => {
        process.chdir(root);
      });
      assert.equal(there.name, here.name);
      const { context, dockerfile } = there.inputs.build as { context: string; dockerfile: string };
      assert.doesNotMatch(context, /^\//);
      assert.deepEqual(
        [resolve(elsewhere, context), resolve(elsewhere, dockerfile)],
        [resolve("bootstrap"), resolve("bootstrap/Dockerfile")],
      );
    });

    it("has the same name for other file modes and another README, another for another script", async () => {
      const clone = join(elsewhere, "clone");
      const bootstrap = join(clone, "bootstrap");
      for (const folder of ["components", "catalogue"]) cpSync(folder, join(clone, folder), { recursive: true });
      // As git writes the files for a user whose umask leaves nothing to others.
      execFileSync("sh", ["-c", 'umask 077 && cp -R bootstrap "$0"', bootstrap]);
      symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const copy = require(join(clone, "components")) as { BootImage: typeof BootImage };
      const name = async () => (await imageOf(copy.BootImage)).name;
      const script = join(bootstrap, "fast-disks.sh");
      const modeOf = (file: string) => statSync(file).mode & 0o777;
      assert.notEqual(modeOf(script), modeOf("bootstrap/fast-disks.sh"));
      const { name: here } = await imageOf();
      assert.equal(await name(), here);
      chmodSync(script, 0o755);
      writeFileSync(join(bootstrap, "README.md"), "another");
      assert.equal(await name(), here);
      writeFileSync(join(bootstrap, "Dockerfile"), "FROM scratch\n");
      assert.notEqual(await name(), here);
    });
  });
});
