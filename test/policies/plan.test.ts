import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FastDisks } from "../../components";
import type { Graph } from "../../offline/graph";
import { judge } from "../../offline/policies";
import { groups } from "../../policies/index";
import { record, settingsOf } from "../support/record";
import { mutate, mutations } from "./mutations";

describe("judge", () => {
  let dev: Graph;
  before(async function () {
    this.timeout(30_000);
    dev = await record(() => new FastDisks("fast-disks", settingsOf("dev")));
  });

  it("has a verdict of each group, with nothing to judge inside of remote components", () => {
    const verdicts = judge("dev", dev);
    assert.deepEqual(
      verdicts.map(({ group }) => group),
      Object.keys(groups),
    );
    assert.deepEqual(
      verdicts.filter(({ policies, notApplicable }) => policies === notApplicable).map(({ group }) => group),
      ["managed node groups", "cluster"],
    );
    assert.deepEqual(
      verdicts.flatMap(({ faults }) => faults),
      [],
    );
  });

  it("takes the preset of the stack's name, and none for another", () => {
    const faults = judge("staging", dev).flatMap(({ faults }) => faults);
    assert.deepEqual(
      faults.map(({ policy, level }) => [policy, level]),
      [["node-pool-drift", "mandatory"]],
    );
  });

  it("finds what the engine finds, where the plan has the resource", function () {
    this.timeout(20_000);
    const inside = /^(node-group|cluster)-/;
    for (const mutation of mutations.filter(({ policy, stack }) => stack !== "prod" && !inside.test(policy))) {
      const { stack } = mutate(dev.resources, mutation);
      const faults = judge("dev", { ...dev, resources: stack }).flatMap((verdict) => verdict.faults);
      assert.deepEqual(
        faults.map(({ policy, level }) => [policy, level]),
        [[mutation.policy, mutation.level ?? "mandatory"]],
      );
    }
  });
});

describe("npm start", function () {
  this.timeout(30_000);
  const start = (stack: string, ...flags: string[]) => {
    const out = mkdtempSync(join(tmpdir(), "plan-"));
    rmSync(out, { recursive: true });
    const result = spawnSync(process.execPath, ["offline/start.js", stack, "--out", out, ...flags], {
      encoding: "utf8",
    });
    rmSync(out, { recursive: true, force: true });
    return result;
  };

  it("prints one line for each group of kept policies, and ends well", () => {
    const { stdout, status } = start("dev");
    const lines = (/\npolicies\n((?: {2}.*\n)+)/.exec(stdout)?.[1] ?? "").trimEnd().split("\n");
    assert.equal(lines.length, Object.keys(groups).length);
    assert.equal(lines[0], "  node pools: kept (10 policies)");
    assert.equal(lines[3], "  managed node groups: nothing to judge before preview (4 policies)");
    assert.equal(status, 0);
  });

  it("prints faults in full, and ends badly on a mandatory one, in JSON too", () => {
    const file = "stacks/Pulumi.without-preset.yaml";
    writeFileSync(file, readFileSync("stacks/Pulumi.dev.yaml", "utf8"));
    try {
      const { stdout, status } = start("without-preset");
      assert.match(
        stdout,
        /\n {2}node pools: 1 broken \(10 policies\)\n {4}mandatory node-pool-drift: fast-disks-fast-pool: .+; add/,
      );
      assert.equal(status, 1);
      const json = start("without-preset", "--json");
      const { policies } = JSON.parse(json.stdout) as { policies: { faults: object[] }[] };
      assert.equal(policies.flatMap(({ faults }) => faults).length, 1);
      assert.equal(json.status, 1);
    } finally {
      rmSync(file);
    }
  });
});
