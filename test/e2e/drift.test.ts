import assert from "node:assert/strict";
import { instanceTypes } from "../../catalogue/instance-types";
import { labelsOf, matchingTypes, permits } from "../../catalogue/requirements";
import type { PoolSpec } from "../../components/manifests/pool";
import { renderNodePool } from "../../components/manifests/node-pool";
import { changedResources } from "../../offline/change-table";
import { compareGraphs } from "../../offline/changes";
import { Drift, driftOf } from "../../offline/drift";
import { Effect, karpenterHash } from "../../offline/effects";
import type { Resource } from "../../offline/graph";
import { specOf } from "../../offline/planned-pool";
import { run } from "./support/process";
import { goProgram } from "./support/tools";

const karpentersDrift = goProgram("drift");

/** A change of a NodePool or EC2NodeClass, and labels of nodes that were made before it. */
interface Question {
  Kind: string | undefined;
  Before: object;
  After: object;
  Nodes?: Record<string, string>[];
}

/** Whether the hash of the static fields is another one, and which of the nodes the controller marks as drifted. */
interface Verdict {
  Static: boolean;
  Nodes: boolean[];
}

async function ask(questions: Question[]): Promise<Verdict[]> {
  return JSON.parse(await run(karpentersDrift, [], { input: JSON.stringify(questions) })) as Verdict[];
}

describe("drift, by Karpenter's own hash", () => {
  it("is what docs/changes.md says of every change", async () => {
    const changed = (await changedResources()).filter(({ source }) => source === karpenterHash);
    assert.ok(changed.length > 20, "too few changes to judge");
    const verdicts = await ask(
      changed.map(({ type, before, after }) => ({ Kind: type.split(":").at(-1), Before: before, After: after })),
    );
    const drifting = new Set(changed.filter(({ effect }) => effect === Effect.drift).map(idOf));
    const wrong = changed.filter((one, index) => drifting.has(idOf(one)) !== verdicts[index]?.Static);
    assert.deepEqual([...new Set(wrong.map(idOf))], []);
  });
});

const types = ["c8gd.xlarge", "m8gd.xlarge"];
const both = { instanceTypes: types, capacityTypes: ["spot", "on-demand"] } satisfies PoolSpec;
const family = (...values: string[]) => ({ key: "karpenter.k8s.aws/instance-family", operator: "In", values });
const cpu = (operator: string, value: string) => ({ key: "karpenter.k8s.aws/instance-cpu", operator, values: [value] });

/** Changes of a pool of which the labels of a node decide. */
const poolChanges: [what: string, before: PoolSpec, after: PoolSpec][] = [
  ["a type more", { instanceTypes: types }, { instanceTypes: [...types, "r8gd.xlarge"] }],
  ["a type less", both, { ...both, instanceTypes: ["c8gd.xlarge"] }],
  ["other types only", { instanceTypes: types }, { instanceTypes: ["r8gd.xlarge"] }],
  ["types as a requirement", { instanceTypes: types }, { requirements: [family("c8gd", "m8gd")] }],
  ["on-demand more", { instanceTypes: types }, both],
  ["on-demand less", both, { instanceTypes: types }],
  ["a family less", { requirements: [family("c8gd", "i8g")] }, { requirements: [family("i8g")] }],
  ["a lower bound", { requirements: [family("c8gd")] }, { requirements: [family("c8gd"), cpu("Gt", "8")] }],
  ["a bound that all keep", { requirements: [family("c8gd")] }, { requirements: [family("c8gd"), cpu("Gt", "0")] }],
  ["another limit", { instanceTypes: types }, { instanceTypes: types, limits: { cpu: "8" } }],
  ["drift that is held no longer", both, { ...both, onDrift: "replace" }],
  ["a label more", both, { ...both, labels: { team: "a" } }],
];

describe("drift of a pool's nodes, by Karpenter's own controller", () => {
  it("is what the comparison of plans says", async () => {
    const pools = poolChanges.map(([, before, after]) => [nodePoolOf(before), nodePoolOf(after)] as const);
    const verdicts = await ask(
      pools.map(([before, after]) => ({
        Kind: "NodePool",
        Before: before.inputs,
        After: after.inputs,
        Nodes: nodesOf(before),
      })),
    );
    const judged = verdicts.map(({ Nodes: nodes }) => {
      assert.ok(nodes.length > 0);
      return nodes.every((drifts) => drifts) ? Drift.all : nodes.some((drifts) => drifts) ? Drift.some : Drift.none;
    });
    const said = pools.map(([before, after]) => {
      const changes = compareGraphs({ resources: [before] }, { resources: [after] });
      return driftOf({ name: "pool", nodePool: before }, { name: "pool", nodePool: after }, changes).nodes;
    });
    assert.deepEqual(pair(said), pair(judged));
    assert.deepEqual([...new Set(judged)].sort(), ["all", "none", "some"]);
  });
});

function pair(found: string[]): string[] {
  return poolChanges.map(([what], index) => `${what}: ${found[index] ?? ""}`);
}

function nodePoolOf(spec: PoolSpec): Resource {
  const type = "kubernetes:karpenter.sh/v1:NodePool";
  return {
    key: type,
    type,
    name: "pool",
    custom: true,
    inputs: renderNodePool(spec, "pool"),
    ignoreChanges: [],
  } as object as Resource;
}

/** Labels of every node that the pool may have. */
function nodesOf(pool: Resource): Record<string, string>[] {
  const { requirements } = specOf(pool).template.spec;
  const names = new Set(matchingTypes(requirements).map(({ name }) => name));
  const sold = ["spot", "on-demand"].filter((value) => permits(requirements, "karpenter.sh/capacity-type", value));
  return instanceTypes
    .filter(({ name }) => names.has(name))
    .flatMap((type) => sold.map((value) => ({ ...labelsOf(type), "karpenter.sh/capacity-type": value })));
}

/** An object may change in several ways at once. */
function idOf({ setting, key }: { setting: string; key: string }): string {
  return `${setting}: ${key}`;
}
