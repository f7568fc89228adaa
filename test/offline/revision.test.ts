import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Comparison } from "../../offline/comparison";

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => /^[^/]+$|^(catalogue|components|stacks|offline|policies|bootstrap|disk-controller)\//.test(file));
const dev = "stacks/Pulumi.dev.yaml";

describe("npm start -- STACK --against", () => {
  let clone: string;

  function git(...args: string[]): string {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    return execFileSync("git", [...identity, ...args], { cwd: clone, encoding: "utf8" });
  }

  function compare(against: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const all = ["offline/start.js", "dev", "--against", against, ...args];
    return spawnSync(process.execPath, all, { cwd: clone, encoding: "utf8" });
  }

  function edit(file: string, from: string, to: string): void {
    const text = readFileSync(join(clone, file), "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(join(clone, file), text.replace(from, to));
  }

  // A repository whose program is in a folder of it.
  before(() => {
    const repository = mkdtempSync(join(tmpdir(), "against-"));
    clone = join(repository, "infrastructure");
    for (const file of tracked.filter((path) => path !== "")) cpSync(file, join(clone, file));
    execFileSync("git", ["init", "--quiet", repository]);
    git("add", "--all");
    git("commit", "--quiet", "--message", "first");
    symlinkSync(join(process.cwd(), "node_modules"), join(clone, "node_modules"));
    execFileSync("npm", ["run", "--silent", "bundle"], { cwd: clone });
  });
  after(() => {
    rmSync(join(clone, ".."), { recursive: true });
  });
  afterEach(() => {
    git("checkout", "--quiet", "--", ".");
    // No worktree is left behind, and this one's packages are there.
    assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    assert.ok(readdirSync("node_modules").length > 10);
  });

  it("finds no change where there is none", () => {
    const { status, stdout, stderr } = compare("HEAD");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^dev against HEAD: no change\n/);
  });

  it("exits with 3 when data is at risk, and with 0 when the stack allows it", () => {
    edit(dev, "version: 1.66.0", "version: 1.65.0");
    const { status, stdout } = compare("HEAD", "--json");
    const { pools, dataAtRisk, dataLossAllowed } = JSON.parse(stdout) as Comparison;
    assert.deepEqual([status, dataAtRisk, dataLossAllowed], [3, true, false]);
    assert.deepEqual(
      pools.map(({ pool, nodes }) => [pool, nodes]),
      [["fast", "all drift"]],
    );
    edit(dev, "config:", "config:\n  eks-fast-disks:allowDataLoss: true");
    const allowed = compare("HEAD", "--markdown");
    assert.equal(allowed.status, 0, allowed.stderr);
    assert.match(allowed.stdout, /\*\*Data is at risk in fast; the stack allows it: allowDataLoss\*\*/);
  });

  it("takes a folder that --out wrote, of this stack and of today's format", () => {
    const folder = join(clone, "..", "earlier");
    assert.equal(compare("HEAD", "--out", folder).status, 0);
    assert.match(compare(folder).stdout, /: no change\n/);
    const about = join(folder, "about.json");
    for (const [text, error] of [
      [{ format: 1, stack: "prod" }, /error: --against .*earlier: must be a plan of dev, got one of prod\n/],
      [{ format: 99, stack: "dev" }, /error: --against .*earlier: must be a plan of format 1, got 99; plan it again/],
      [{}, /must be a plan of format 1, got one without a format/],
    ] as const) {
      writeFileSync(about, JSON.stringify(text));
      const { status, stderr } = compare(folder);
      assert.equal(status, 1);
      assert.match(stderr, error);
    }
  });

  it("names a revision that git does not know, and a folder without a plan", () => {
    const { status, stderr } = compare("nope");
    assert.equal(status, 1);
    assert.match(stderr, /error: --against nope: must be a folder with a plan or a revision that git knows/);
    assert.match(compare("stacks").stderr, /error: --against stacks: the folder has no plan; write one with --out/);
  });

  it("says what preview would refuse", () => {
    edit(dev, "name: fast-disks-dev", "name: other");
    const { status, stderr } = compare("HEAD");
    assert.equal(status, 1);
    assert.match(stderr, /cluster.name: cannot change while the cluster exists, was "fast-disks-dev", got "other"/);
  });

  it("does not plan a revision with other packages", () => {
    edit("package-lock.json", '"lockfileVersion": 3', '"lockfileVersion": 2');
    const { status, stderr } = compare("HEAD");
    assert.equal(status, 1);
    assert.match(stderr, /error: --against HEAD: its package-lock.json differs.*compare with --against DIR/);
  });

  it("shows the errors of the other revision's plan under its name", () => {
    edit(dev, "Single", "Double");
    git("commit", "--quiet", "--all", "--message", "broken");
    edit(dev, "Double", "Single");
    const { status, stderr } = compare("HEAD");
    git("reset", "--quiet", "--hard", "HEAD~1");
    assert.equal(status, 1);
    assert.match(stderr, /error: --against HEAD: .*\n.*natGateways: must be one of Single, OnePerAz, got "Double"/s);
  });

  it("takes a stack that the other revision does not have as all new", () => {
    git("rm", "--quiet", dev);
    git("commit", "--quiet", "--message", "without");
    git("checkout", "--quiet", "HEAD~1", "--", dev);
    const { status, stdout, stderr } = compare("HEAD", "--json");
    git("reset", "--quiet", "--hard", "HEAD~1");
    assert.equal(status, 0, stderr);
    const { pools, resources, internet } = JSON.parse(stdout) as Comparison;
    assert.deepEqual(
      pools.map(({ nodes }) => nodes),
      ["new pool"],
    );
    assert.deepEqual(Object.keys(resources), ["created"]);
    assert.deepEqual(internet.opened, ["203.0.113.0/24"]);
  });

  it("refuses two forms at once, and a comment on nothing", () => {
    assert.match(compare("HEAD", "--json", "--markdown").stderr, /error: usage: npm start/);
    const { stderr } = spawnSync(process.execPath, ["offline/start.js", "--markdown"], {
      cwd: clone,
      encoding: "utf8",
    });
    assert.match(stderr, /error: usage: npm start/);
  });
});
