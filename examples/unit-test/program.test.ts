import { planProgram, valueOf } from "eks-fast-disks/testing";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDisks } from "./program";

describe("createDisks", () => {
  it("holds drifted nodes in prod", async () => {
    const { resources } = await planProgram(() => createDisks("prod"));
    const pools = resources.filter(({ inputs }) => inputs.kind === "NodePool");
    assert.equal(pools.length, 1);
    const { disruption } = pools[0]?.inputs.spec as { disruption: { budgets: object[] } };
    assert.deepEqual(disruption.budgets[0], { nodes: "0", reasons: ["Drifted"] });
  });

  it("tags the interruption queue", async () => {
    const { resources } = await planProgram(() => createDisks("dev"));
    const queue = resources.find(({ type }) => type === "aws:sqs/queue:Queue");
    assert.deepEqual(queue?.inputs.tags, { environment: "dev" });
  });

  it("names the cluster by its environment", async () => {
    let clusterName: ReturnType<typeof createDisks>["clusterName"] | undefined;
    await planProgram(() => ({ clusterName } = createDisks("dev")));
    assert.ok(clusterName);
    assert.equal(await valueOf(clusterName), "disks-dev");
  });

  it("refuses what cannot work", async () => {
    await assert.rejects(
      planProgram(() => createDisks("a.b")),
      /cluster\.name: /,
    );
  });
});
