import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FastDisks } from "../../components";
import type { Graph } from "../../offline/graph";
import { judge } from "../../offline/policies";
import { createPolicies, presets } from "../../policies/index";
import { marks } from "../../policies/value";
import { record, settingsOf } from "../support/record";
import { edit } from "./chain";
import { Engine } from "./engine";

describe("judge", () => {
  let dev: Graph;
  before(async () => {
    dev = await record(() => new FastDisks("fast-disks", settingsOf("dev")));
  });

  it("has a verdict of each group, and no violation", () => {
    const verdicts = judge("dev", dev);
    assert.deepEqual(
      verdicts.map(({ group }) => group),
      Object.keys(createPolicies().groups),
    );
    assert.deepEqual(
      verdicts.filter(({ policies, notApplicable }) => policies === notApplicable).map(({ group }) => group),
      ["consumers", "cluster"],
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

  it("finds what is wrong with a resource of the plan", () => {
    const resources = structuredClone(dev.resources);
    const pool = resources.find(({ type }) => type === "kubernetes:karpenter.sh/v1:NodePool");
    assert(pool);
    for (const props of [pool.inputs, pool.outputs])
      edit(props, "spec.disruption.consolidationPolicy", "WhenEmptyOrUnderutilized");
    const faults = judge("dev", { ...dev, resources }).flatMap((verdict) => verdict.faults);
    assert.deepEqual(
      faults.map(({ policy, level }) => [policy, level]),
      [["node-pool-consolidation", "mandatory"]],
    );
  });
});

describe("our own stacks, through the pack's process", () => {
  let engine: Engine;
  before(async () => (engine = await Engine.start("policies")));
  after(() => {
    engine.stop();
  });

  for (const stack of ["dev", "prod"] as const)
    it(`comply with the preset of ${stack}, known and in a first preview`, async () => {
      const { resources } = await record(() => new FastDisks("fast-disks", settingsOf(stack)));
      await engine.configure(presets[stack]);
      assert.ok(resources.length > 70);
      assert.deepEqual(await engine.judge(resources), []);
      const unknown = resources.map((one) => ({
        ...one,
        outputs: { ...one.outputs, id: marks[2], arn: marks[2], url: marks[2], name: marks[2], metadata: marks[6] },
      }));
      assert.deepEqual(await engine.analyzeStack(unknown), []);
    });
});

describe("npm start", () => {
  const start = (stack: string, ...flags: string[]) => {
    const out = mkdtempSync(join(tmpdir(), "plan-"));
    rmSync(out, { recursive: true });
    const result = spawnSync(process.execPath, ["offline/start.js", stack, "--out", out, ...flags], {
      encoding: "utf8",
    });
    rmSync(out, { recursive: true, force: true });
    return result;
  };

  it("prints one line for each group of policies, and ends well", () => {
    const { stdout, status } = start("dev");
    const lines = (/\npolicies\n((?: {2}.*\n)+)/.exec(stdout)?.[1] ?? "").trimEnd().split("\n");
    assert.equal(lines.length, Object.keys(createPolicies().groups).length);
    assert.equal(lines[1], "  node pools: passed (10 policies)");
    assert.equal(lines.at(-1), "  cluster: nothing to judge before preview (4 policies)");
    assert.equal(status, 0);
  });

  it("prints violations in full, and ends badly on a mandatory one, in JSON too", () => {
    const file = "stacks/Pulumi.without-preset.yaml";
    writeFileSync(file, readFileSync("stacks/Pulumi.dev.yaml", "utf8"));
    try {
      const { stdout, status } = start("without-preset");
      assert.match(
        stdout,
        /\n {2}node pools: 1 violation \(10 policies\)\n {4}mandatory node-pool-drift: fast-disks-fast-pool: .+; add/,
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
