import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

function plan(args: string[], cwd = process.cwd()): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [resolve("offline/start.js"), ...args], { cwd, encoding: "utf8" });
}

function filesOf(folder: string): Record<string, string> {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

describe("npm start", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "plan-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives the golden bytes for prod, from any folder; npm run goldens renews them", () => {
    const { status, stdout, stderr } = plan(["prod", "--out", folder], tmpdir());
    assert.equal(status, 0, stderr);
    const files = filesOf(folder);
    assert.deepEqual(files, filesOf("test/goldens/prod"));
    assert.equal(stdout.trimEnd(), files["plan.txt"]?.trimEnd());
  });

  it("gives the golden bytes for dev, machines the same report as JSON, and progress on stderr alone", () => {
    const { status, stdout, stderr } = plan(["--json", "--out", folder]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(filesOf(folder), filesOf("test/goldens/dev"));
    const report = JSON.parse(stdout) as {
      stack: string;
      pools: Record<string, { types: string[] }>;
      warnings: string[];
    };
    assert.equal(report.stack, "dev");
    assert.equal(report.pools.fast?.types.length, 18);
    assert.equal(report.warnings.length, 1);
    assert.match(stderr, /^planning dev …\nwrote \d+ files to /);
  });

  it("refuses a folder that holds something else, and leaves it alone", () => {
    writeFileSync(join(folder, "precious"), "");
    const { status, stderr } = plan(["--out", folder]);
    assert.equal(status, 1);
    assert.match(stderr, /error: --out .*: the folder is not empty and has no plan; use another folder/);
    assert.deepEqual(readdirSync(folder), ["precious"]);
  });

  it("refuses an option that does not exist, and two stacks", () => {
    for (const [args, message] of [
      [["--nope"], /error: Unknown option '--nope'/],
      [["dev", "prod"], /error: usage: npm start/],
    ] as const) {
      const { status, stderr, stdout } = plan([...args]);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, message);
    }
  });
});

describe("npm start, with a stack of its own", () => {
  const broken = (text: (dev: string) => string): ReturnType<typeof plan> & { written: boolean } => {
    const folder = mkdtempSync(join(tmpdir(), "stack-"));
    const file = "stacks/Pulumi.test-broken.yaml";
    writeFileSync(file, text(readFileSync("stacks/Pulumi.dev.yaml", "utf8")));
    try {
      const out = join(folder, "plan");
      return { ...plan(["test-broken", "--out", out]), written: existsSync(out) };
    } finally {
      rmSync(file);
      rmSync(folder, { recursive: true });
    }
  };

  it("prints all errors, exits with 1 and writes nothing", () => {
    const { status, stdout, stderr, written } = broken((dev) =>
      dev.replace("fast-disks-dev", "a.b").replace("Single", "Double"),
    );
    assert.deepEqual([status, stdout, written], [1, "", false]);
    assert.match(
      stderr,
      /stacks\/Pulumi.test-broken.yaml has 2 errors:\n {2}network.newVpc.natGateways: must be one of Single, OnePerAz, got "Double"\n {2}cluster.name:/,
    );
  });

  it("asks for the region", () => {
    const { stderr } = broken((dev) => dev.replace("  aws:region: us-east-1\n", ""));
    assert.match(stderr, /has 1 error:\n {2}aws:region: must be an AWS region, got nothing; set it/);
  });

  it("puts an example in the place of a secret, says so and prints nothing of it, and ends badly on a violation", () => {
    const { stdout, stderr, status } = broken((dev) =>
      dev.replace("name: fast-disks-dev", "name: fast-disks-dev\n    admins: { ops: { secure: CIPHERTEXT } }"),
    );
    assert.match(stdout, /examples in place of secrets: cluster.admins.ops/);
    assert.doesNotMatch(stdout + stderr, /CIPHERTEXT/);
    // A stack without a preset says nothing of drift: a mandatory violation.
    assert.match(stdout, /\n {4}mandatory node-pool-drift: /);
    assert.equal(status, 1);
  });
});
