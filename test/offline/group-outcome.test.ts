import assert from "node:assert/strict";
import { renderDiskNodeGroup } from "../../components/manifests/disk-node-group";
import type { DiskNodeGroupSettingsSpec } from "../../components/manifests/disk-node-group";
import type { Change } from "../../offline/changes";
import { Effect } from "../../offline/effects";
import type { Resource } from "../../offline/graph";
import { groupOutcomesOf } from "../../offline/group-outcome";
import { nodeGroupType } from "../../offline/planned-group";
import type { PlannedGroup } from "../../offline/planned-group";

const templateType = "aws:ec2/launchTemplate:LaunchTemplate";

function group(spec: Partial<DiskNodeGroupSettingsSpec> = {}): PlannedGroup {
  const inputs = renderDiskNodeGroup({ instanceTypes: ["c8gd.xlarge"], minSize: 3, ...spec });
  const ignoreChanges = spec.maxSize === undefined ? [] : ["scalingConfig.desiredSize"];
  const nodeGroup = { key: `${nodeGroupType}::base`, inputs, ignoreChanges } as object as Resource;
  const template = { key: `${templateType}::base`, inputs: {} } as Resource;
  return { name: "base", nodeGroup, template, labels: {} };
}

function change(type: string, effect: Effect, path = "x"): Change {
  return { key: `${type}::base`, type, name: "base", effect, paths: [path], source: "" };
}

const three = group();
const ranged = group({ maxSize: 5 });
const update = change(templateType, Effect.rollsNodes, "userData");

const rows: [what: string, before: PlannedGroup[], after: PlannedGroup[], changes: Change[], nodes: string][] = [
  ["stays where nothing changes", [three], [three], [], "none replaced"],
  [
    "stays where the group's own labels change",
    [three],
    [three],
    [change(nodeGroupType, Effect.inPlace)],
    "none replaced",
  ],
  [
    "stays where another resource changes",
    [three],
    [three],
    [{ ...update, key: `${templateType}::system` }],
    "none replaced",
  ],
  ["is lost by a new template", [three], [three], [update], "! all are replaced"],
  ["is lost by a new release", [three], [three], [change(nodeGroupType, Effect.rollsNodes)], "! all are replaced"],
  ["may be lost where nobody knows", [three], [three], [change(nodeGroupType, Effect.unknown)], "! all are replaced"],
  [
    "is lost with a group that is replaced",
    [three],
    [three],
    [change(nodeGroupType, Effect.replaced)],
    "! all are removed",
  ],
  ["is lost with a group that goes", [three], [], [], "! all are removed"],
  [
    "is lost with the control plane",
    [three],
    [three],
    [change("eks:index:Cluster", Effect.replaced)],
    "! all are removed",
  ],
  ["is not there in a new group", [], [three], [update], "new node group"],
  ["stays where the group grows", [three], [group({ minSize: 4 })], [], "none replaced"],
  ["is lost where the group shrinks", [three], [group({ minSize: 1 })], [], "! 2 of 3 are removed"],
  ["stays where somebody else sizes it from now on", [three], [ranged], [], "none replaced"],
  ["may be lost where the state's number is outdated", [ranged], [group({ maxSize: 6 })], [], "! some may be removed"],
  ["may be lost where the size is fixed again", [ranged], [three], [], "! some may be removed"],
];

describe("groupOutcomesOf", () => {
  for (const [what, before, after, changes, nodes] of rows)
    it(`says that data ${what}`, () => {
      const [outcome, ...more] = groupOutcomesOf(before, after, changes);
      assert.ok(outcome && more.length === 0);
      assert.equal(`${outcome.atRisk ? "! " : ""}${outcome.nodes}`, nodes);
      assert.equal(outcome.data.includes("lost"), outcome.atRisk);
      assert.equal(outcome.section, "nodeGroups");
    });

  it("says that EKS takes the latest release, unless the release changes", () => {
    const latest = "EKS takes the latest Bottlerocket release, because bottlerocket.version does not change";
    const reasonsOf = (...changes: Change[]) => groupOutcomesOf([three], [three], changes)[0]?.reasons;
    assert.deepEqual(reasonsOf(update), ["LaunchTemplate userData", latest]);
    const release = change(nodeGroupType, Effect.rollsNodes, "releaseVersion");
    assert.deepEqual(reasonsOf(update, release), ["LaunchTemplate userData", "NodeGroup releaseVersion"]);
    assert.deepEqual(reasonsOf(change(nodeGroupType, Effect.unknown, "new")), ["NodeGroup new"]);
  });

  it("says how many nodes an update replaces at a time, and why", () => {
    const [outcome] = groupOutcomesOf([three], [group({ maxUnavailable: 2 })], [update]);
    assert.equal(outcome?.data, "lost with each replaced node, 2 at a time");
    assert.equal(outcome.reasons[0], "LaunchTemplate userData");
  });
});
