import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "./support/process";
import { goProgram, pythonPrograms } from "./support/tools";

const actionlint = goProgram("actionlint");
const zizmor = join(pythonPrograms("workflows", "zizmor"), "zizmor");
const folder = join(root, ".github", "workflows");
const files = readdirSync(folder).map((file) => join(folder, file));
const text = (file: string) => readFileSync(join(folder, file), "utf8");

describe("The workflows", () => {
  let temporary: string;
  before(() => {
    temporary = mkdtempSync(join(tmpdir(), "workflows-"));
  });
  after(() => {
    rmSync(temporary, { recursive: true });
  });

  it("pass actionlint, which refuses an expression that does not exist", async () => {
    await run(actionlint, ["-no-color", ...files]);
    const broken = join(temporary, "broken.yml");
    writeFileSync(broken, text("preview.yml").replace("steps.compare.outputs", "steps.compared.outputs"));
    await assert.rejects(run(actionlint, ["-no-color", broken]), /property "compared" is not defined/);
  });

  it("pass zizmor, which refuses an action by tag and a token that may do all", async () => {
    await run(zizmor, ["--offline", "--no-progress", folder]);
    const broken = join(temporary, ".github", "workflows");
    mkdirSync(broken, { recursive: true });
    const release = text("release.yml")
      .replace(/@[0-9a-f]{40} # v7.0.1/, "@v7")
      .replace(/permissions:\n {6}contents: read\n/, "permissions: write-all\n");
    writeFileSync(join(broken, "release.yml"), release);
    await assert.rejects(run(zizmor, ["--offline", "--no-progress", broken]), (error: Error) => {
      assert.match(error.message, /unpinned-uses/);
      assert.match(error.message, /excessive-permissions/);
      return true;
    });
  });

  it("give the pull request's own code neither a secret nor a token that writes", () => {
    const [, compare = ""] = /\n {2}compare:\n([^]*?)\n {2}comment:\n/.exec(text("preview.yml")) ?? [];
    assert.match(compare, /permissions:\n {6}contents: read\n {4}\w/);
    assert.doesNotMatch(compare, /secrets\./);
  });
});
