import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function plan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["offline/start.js", ...args], { encoding: "utf8" });
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

  for (const stack of ["dev", "prod"])
    it(`gives the golden bytes for ${stack}; npm run goldens renews them`, () => {
      const { status, stdout, stderr } = plan(stack, "--out", folder);
      assert.equal(status, 0, stderr);
      const files = filesOf(folder);
      assert.deepEqual(files, filesOf(`test/goldens/${stack}`));
      assert.equal(stdout.trimEnd(), files["plan.txt"]?.trimEnd());
    });

  it("gives machines the same report as JSON, and progress on stderr alone", () => {
    const { stdout, stderr } = plan("--json", "--out", folder);
    const report = JSON.parse(stdout) as {
      stack: string;
      pools: Record<string, { types: string[] }>;
      warnings: string[];
    };
    assert.equal(report.stack, "dev");
    assert.equal(report.pools["fast-disks-fast"]?.types.length, 18);
    assert.equal(report.warnings.length, 1);
    assert.match(stderr, /^planning dev …\nwrote \d+ files to /);
  });

  it("refuses a folder that holds something else, and leaves it alone", () => {
    writeFileSync(join(folder, "precious"), "");
    const { status, stderr } = plan("--out", folder);
    assert.equal(status, 1);
    assert.match(stderr, /error: --out .*: the folder is not empty and holds no plan; name another/);
    assert.deepEqual(readdirSync(folder), ["precious"]);
  });

  it("refuses a stack that does not exist, an option that does not exist, and two stacks", () => {
    for (const [args, message] of [
      [["nope"], /error: stacks\/Pulumi.nope.yaml: no such stack file; usage: npm start/],
      [["--nope"], /error: Unknown option '--nope'/],
      [["dev", "prod"], /error: usage: npm start/],
    ] as const) {
      const { status, stderr, stdout } = plan(...args);
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
      return { ...plan("test-broken", "--out", out), written: existsSync(out) };
    } finally {
      rmSync(file);
      rmSync(folder, { recursive: true });
    }
  };

  it("prints all faults, exits with 1 and writes nothing", () => {
    const { status, stdout, stderr, written } = broken((dev) =>
      dev.replace("fast-disks-dev", "a.b").replace("Single", "Double"),
    );
    assert.deepEqual([status, stdout, written], [1, "", false]);
    assert.match(
      stderr,
      /the stack's settings have 3 faults:\n {2}network.newVpc.natGateways: must be one of Single, OnePerAz, got "Double"\n {2}cluster.name:/,
    );
  });

  it("fails on what goes wrong only while the program runs, and writes nothing", () => {
    const { status, stderr, written } = broken((dev) =>
      dev.replace("natGateways: Single", "natGateways: Single\n      zones: 6"),
    );
    assert.deepEqual([status, written], [1, false]);
    assert.match(stderr, /newVpc.zones: 6 asked for, EKS takes 4 here/);
  });

  it("names the file that is no YAML, or lacks a region", () => {
    assert.match(broken(() => "config: [1").stderr, /error: stacks\/Pulumi.test-broken.yaml: Flow sequence/);
    assert.match(broken(() => "").stderr, /error: stacks\/Pulumi.test-broken.yaml: has no config/);
    const { stderr } = broken((dev) => dev.replace("us-east-1", "5"));
    assert.match(
      stderr,
      /error: stacks\/Pulumi.test-broken.yaml: aws:region: must be a region such as us-east-1, got 5/,
    );
  });

  it("says that a secret is only for Pulumi's own preview", () => {
    const { status, stderr } = broken((dev) => `${dev}  eks-fast-disks:secret:\n    secure: AAA\n`);
    assert.equal(status, 1);
    assert.match(stderr, /eks-fast-disks:secret is a secret, which only Pulumi's own preview can read/);
  });
});

describe("offline/start.js", () => {
  it("runs from any folder", () => {
    const out = mkdtempSync(join(tmpdir(), "plan-"));
    const start = join(process.cwd(), "offline/start.js");
    const { status } = spawnSync(process.execPath, [start, "--out", out], { cwd: tmpdir() });
    assert.equal(status, 0);
    rmSync(out, { recursive: true });
  });
});
