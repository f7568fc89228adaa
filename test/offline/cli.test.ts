import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Comparison } from "../../offline/comparison";
import { install } from "../support/package";
import type { Installed } from "../support/package";

const run = promisify(execFile);

describe("the installed package", () => {
  let installed: Installed;
  before(async () => {
    installed = await install();
    // Found from the current folder, as in this repository.
    cpSync("policies/presets", join(installed.folder, "policies/presets"), { recursive: true });
  });
  after(() => {
    installed.remove();
  });

  function plan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { bin } = JSON.parse(readFileSync(join(installed.target, "package.json"), "utf8")) as { bin: string };
    return spawnSync(process.execPath, [join(installed.target, bin), ...args], {
      cwd: installed.folder,
      encoding: "utf8",
    });
  }

  function writeStack(change: (text: string) => string = (text) => text): void {
    const text = change(readFileSync("stacks/Pulumi.dev.yaml", "utf8"));
    writeFileSync(join(installed.folder, "Pulumi.dev.yaml"), text);
  }

  it("plans a stack file of a folder without this repository, as the repository does", () => {
    writeStack();
    const { status, stdout, stderr } = plan("plan", "Pulumi.dev.yaml", "--out", "first");
    assert.equal(status, 0, stderr);
    assert.equal(stdout, readFileSync("test/goldens/dev/plan.txt", "utf8"));
    const json = plan("plan", "Pulumi.dev.yaml", "--json");
    assert.equal((JSON.parse(json.stdout) as { stack: string }).stack, "dev");
  });

  it("compares it with a folder, and reads keys of the project whose Pulumi.yaml is above", () => {
    writeStack();
    assert.equal(plan("plan", "Pulumi.dev.yaml", "--out", "first").status, 0);
    writeFileSync(join(installed.folder, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
    writeStack((text) => text.replaceAll("eks-fast-disks:", "mine:").replace("1.66.0", "1.65.0"));
    const { status, stdout, stderr } = plan("plan", "Pulumi.dev.yaml", "--against", "first", "--json");
    assert.equal(status, 3, stderr);
    assert.deepEqual(
      (JSON.parse(stdout) as Comparison).pools.map(({ pool, nodes }) => [pool, nodes]),
      [["fast", "all drift"]],
    );
  });

  it("says what is wrong with its arguments and with the file, by the path that was given", () => {
    writeStack((text) => text.replace("Single", "Double"));
    writeFileSync(join(installed.folder, "Pulumi.yaml"), "name: eks-fast-disks\nruntime: nodejs\n");
    for (const [args, error] of [
      [[], /^error: usage: eks-fast-disks plan FILE/],
      [["plan"], /^error: usage: /],
      [["plan", "nope.yaml"], /^error: nope.yaml: no such stack file/],
      [["plan", "Pulumi.dev.yaml", "--against", "main"], /^error: --against main: must be a folder with a plan/],
      [
        ["plan", "./Pulumi.dev.yaml"],
        /error: \.\/Pulumi.dev.yaml has 1 error:\n {2}network.newVpc.natGateways: must be one of Single, OnePerAz/,
      ],
    ] as [string[], RegExp][]) {
      const { status, stderr } = plan(...args);
      assert.equal(status, 1);
      assert.match(stderr, error);
    }
  });

  it("runs examples/unit-test, with types", async () => {
    const { folder } = installed;
    for (const file of ["program.ts", "program.test.ts"]) cpSync(join("examples/unit-test", file), join(folder, file));
    const options = ["--strict", "--skipLibCheck", "--module", "commonjs", "--target", "es2022", "--esModuleInterop"];
    const types = ["--types", "node", "--typeRoots", join(process.cwd(), "node_modules/@types")];
    const tsc = require.resolve("typescript/bin/tsc");
    const compiled = await run(process.execPath, [tsc, ...options, ...types, "program.test.ts"], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string },
    );
    assert.equal(compiled.stdout, "");
    const { status, stdout } = spawnSync(process.execPath, ["--test", "program.test.js"], {
      cwd: folder,
      encoding: "utf8",
      // Its reporter would speak to this process's.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^# pass 4$|pass 4\b/m);
  });
});
