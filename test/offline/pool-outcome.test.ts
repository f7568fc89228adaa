import assert from "node:assert/strict";
import { renderNodePool } from "../../components/manifests/node-pool";
import type { PoolSpec } from "../../components/manifests/pool";
import { Effect } from "../../offline/effects";
import type { Change } from "../../offline/changes";
import type { Resource } from "../../offline/graph";
import type { PlannedPool } from "../../offline/planned-pool";
import { poolOutcomesOf } from "../../offline/pool-outcome";

const poolType = "kubernetes:karpenter.sh/v1:NodePool";

function pool(spec: PoolSpec = {}): PlannedPool {
  const inputs = renderNodePool({ instanceTypes: ["c8gd.xlarge"], ...spec }, "fast");
  return { name: "fast", nodePool: { key: `${poolType}::fast`, inputs } as object as Resource };
}

function change(type: string, effect: Effect, name = "fast"): Change {
  return { key: `${type}::${name}`, type, name, effect, paths: ["spec.x"], source: "" };
}

const drifts = [change(poolType, Effect.drift)];
const hold = pool({ onDrift: "hold" });
const replace = pool({ onDrift: "replace" });
const release = "kubernetes:helm.sh/v3:Release";
const definitions = "fast-disks-karpenter-crds";

const rows: [what: string, before: PlannedPool[], after: PlannedPool[], changes: Change[], atRisk: boolean][] = [
  ["stays where nothing changes", [hold], [hold], [], false],
  ["stays where drift is held", [hold], [hold], drifts, false],
  ["is lost where drifted nodes are replaced", [replace], [replace], drifts, true],
  ["is lost where drift is held no longer", [hold], [replace], [], true],
  ["stays where drift is held from now on", [replace], [hold], drifts, false],
  ["is lost with a pool that goes", [hold], [], [], true],
  ["is lost with a NodePool that is replaced", [hold], [hold], [change(poolType, Effect.replaced)], true],
  ["is not there in a new pool", [], [replace], drifts, false],
  ["is lost with the control plane", [hold], [hold], [change("eks:index:Cluster", Effect.replaced)], true],
  ["may be lost where nobody knows of it", [hold], [hold], [change("eks:index:Cluster", Effect.unknown)], true],
  [
    "stays where the control plane is changed",
    [replace],
    [replace],
    [change("eks:index:Cluster", Effect.inPlace)],
    false,
  ],
  ["stays at an upgrade that is held", [hold], [hold], [change("eks:index:Cluster", Effect.upgrade)], false],
  ["is lost by an upgrade that is not", [replace], [replace], [change("eks:index:Cluster", Effect.upgrade)], true],
  ["is lost with a subnet", [hold], [hold], [change("aws:ec2/subnet:Subnet", Effect.replaced)], true],
  ["is lost with Karpenter's definitions", [hold], [hold], [change(release, Effect.deleted, definitions)], true],
  ["stays at their upgrade", [replace], [replace], [change(release, Effect.rollsPods, definitions)], false],
];

describe("poolOutcomesOf", () => {
  for (const [what, before, after, changes, atRisk] of rows)
    it(`says that data ${what}`, () => {
      const [outcome, ...more] = poolOutcomesOf(before, after, changes);
      assert.deepEqual([outcome?.pool, outcome?.atRisk, more.length], ["fast", atRisk, 0]);
      assert.equal(/\blost\b/.test(outcome?.data ?? ""), atRisk, outcome?.data);
    });
});
