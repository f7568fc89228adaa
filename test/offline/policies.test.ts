import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { Graph } from "../../offline/graph";
import { judge } from "../../offline/policies";
import { renderReport, reportOf } from "../../offline/report";
import { createPolicies } from "../../policies/index";
import { edit } from "../policies/chain";
import { record, settingsOf } from "../support/record";

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
      verdicts.flatMap(({ violations }) => violations),
      [],
    );
  });

  it("passes a chain whose disks are counted, and misses the argument by which the controller counts", async () => {
    const chain = () => new FastDisks("fast-disks", { ...settingsOf("dev"), capacity: "counted" });
    const { resources, ...counted } = await record(chain);
    const found = (changed: Graph["resources"]) =>
      judge("dev", { ...counted, resources: changed }).flatMap(({ violations }) =>
        violations.map(({ policy }) => policy),
      );
    assert.deepEqual(found(resources), []);
    const silent = structuredClone(resources);
    const controller = silent.find(({ name }) => name === "fast-disks-disk-controller-deployment");
    assert(controller);
    for (const props of [controller.inputs, controller.outputs])
      edit(props, "spec.template.spec.containers.0.args", ["--storage-classes=fast-disks"]);
    assert.deepEqual(found(silent), ["overlay-advertiser"]);
  });

  it("takes the preset of the stack's name, and none for another", () => {
    const violations = judge("staging", dev).flatMap(({ violations }) => violations);
    assert.deepEqual(
      violations.map(({ policy, level }) => [policy, level]),
      [["node-pool-drift", "mandatory"]],
    );
  });

  it("finds what is wrong with a resource of the plan", () => {
    const resources = structuredClone(dev.resources);
    const pool = resources.find(({ type }) => type === "kubernetes:karpenter.sh/v1:NodePool");
    assert(pool);
    for (const props of [pool.inputs, pool.outputs])
      edit(props, "spec.disruption.consolidationPolicy", "WhenEmptyOrUnderutilized");
    const violations = judge("dev", { ...dev, resources }).flatMap((verdict) => verdict.violations);
    assert.deepEqual(
      violations.map(({ policy, level }) => [policy, level]),
      [["node-pool-consolidation", "mandatory"]],
    );
  });

  it("says in the table of pools that disks are counted", async () => {
    const tableOf = async (capacity: "counted" | "exclusive") => {
      const graph = await record(() => new FastDisks("fast-disks", { ...settingsOf("dev"), capacity }));
      return /\n {2}fast +18 +(.*?) {2}/.exec(renderReport(reportOf("dev", graph, {})))?.[1];
    };
    assert.equal(await tableOf("counted"), "1, counted");
    assert.equal(await tableOf("exclusive"), "1");
  });

  it("is printed in a line for each group, and violations in full", () => {
    const print = (stack: string) =>
      /\npolicies\n((?: {2}.*\n)+)/
        .exec(renderReport(reportOf(stack, dev, {})))?.[1]
        ?.trimEnd()
        .split("\n") ?? [];
    const passed = print("dev");
    assert.equal(passed.length, Object.keys(createPolicies().groups).length);
    assert.equal(passed[1], "  node pools: passed (10 policies)");
    assert.equal(passed.at(-1), "  cluster: nothing to check before preview (4 policies)");
    const [line, violation = ""] = print("staging").slice(1);
    assert.equal(line, "  node pools: 1 violation (10 policies)");
    assert.match(violation, /^ {4}mandatory node-pool-drift: fast-disks-fast-pool: .+; add/);
  });
});
