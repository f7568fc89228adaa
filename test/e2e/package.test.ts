import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "../support/package";
import { root, run } from "./support/process";
import { nodeTool } from "./support/tools";

interface Bill {
  components: { name: string }[];
}
interface Manifest {
  dependencies: object;
  devDependencies: object;
}

const workflow = join(root, ".github/workflows/release.yml");
const tool = nodeTool("package");
const publint = (tarball: string) => run(process.execPath, [join(tool, "node_modules/publint/src/cli.js"), tarball]);
const attw = (tarball: string) =>
  run(process.execPath, [join(tool, "node_modules/@arethetypeswrong/cli/dist/index.js"), "--no-color", tarball]);

describe("The tarball", () => {
  let tarball: string;
  let temporary: string;
  before(async () => {
    ({ file: tarball } = await pack());
    temporary = mkdtempSync(join(tmpdir(), "tarball-"));
  });
  after(() => {
    rmSync(temporary, { recursive: true });
  });

  /** The tarball with a file changed. */
  async function changed(file: string, from: string, to: string): Promise<string> {
    await run("tar", ["-xzf", tarball, "-C", temporary]);
    const path = join(temporary, "package", file);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
    const broken = join(temporary, "broken.tgz");
    await run("tar", ["-czf", broken, "-C", temporary, "package"]);
    return broken;
  }

  it("passes publint without a suggestion", async () => {
    assert.match(await publint(tarball), /All good!/);
    assert.doesNotMatch(await publint(await changed("package.json", '"type": "commonjs",', "")), /All good!/);
  });

  it("passes attw: types are found by every kind of resolution", async () => {
    assert.match(await attw(tarball), /No problems found/);
    await assert.rejects(attw(await changed("policies/package.json", '"types"', '"other"')), /no type declarations/);
  });

  it("has a bill of materials with what a user installs, and nothing else", async () => {
    const [, command = ""] = /^ +(npm sbom .*) > sbom\.json$/m.exec(readFileSync(workflow, "utf8")) ?? [];
    const { components } = JSON.parse(await run("sh", ["-c", command], { cwd: root })) as Bill;
    const listed = new Set(components.map(({ name }) => name));
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
    for (const name of Object.keys(dependencies)) assert.ok(listed.has(name), `${name} is missing`);
    for (const name of Object.keys(devDependencies)) assert.ok(!listed.has(name), `${name} is only for development`);
  });
});
