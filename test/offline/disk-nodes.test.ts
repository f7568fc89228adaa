import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { FastDisksArgs } from "../../components";
import { diskNodesOf } from "../../offline/disk-nodes";
import { reportOf } from "../../offline/report";
import { record, settingsOf } from "../support/record";

type Groups = NonNullable<FastDisksArgs["nodeGroups"]>;
const plan = (nodeGroups: Groups, own: Partial<FastDisksArgs> = {}) =>
  record(() => new FastDisks("fd", { ...settingsOf("dev"), nodeGroups, ...own }));
const base: Groups = { base: { instanceTypes: ["c8gd.xlarge", "i8g.2xlarge"], minSize: 2 } };
const withoutKarpenter = { pools: undefined, karpenter: undefined };

describe("diskNodesOf", () => {
  it("has pools and groups under the names of the stack file, with what a node can hold", async () => {
    const nodes = diskNodesOf((await plan(base)).resources);
    assert.deepEqual(
      nodes.map(({ section, name, component }) => [section, name, component]),
      [
        ["pools", "fast", "eks-fast-disks:index:NodePool::fd-fast"],
        ["nodeGroups", "base", "eks-fast-disks:index:DiskNodeGroup::fd-nodes-base"],
      ],
    );
    const [, group] = nodes;
    assert.deepEqual(group?.capacity.types, ["c8gd.xlarge", "i8g.2xlarge"]);
    assert.deepEqual(group.labels, { "eks-fast-disks/class": "fast-disks", "eks-fast-disks/discovery": "bootstrap" });
  });

  it("does not take the system nodes for a group with fast disks", async () => {
    const nodes = diskNodesOf((await record(() => new FastDisks("fd", settingsOf("dev")))).resources);
    assert.deepEqual(
      nodes.map(({ name }) => name),
      ["fast"],
    );
  });

  it("says of a group what destroys its data: more on spot, and another size where others size it", async () => {
    const risksOf = async (own: object) => {
      const nodes = diskNodesOf((await plan({ base: { ...base.base!, ...own } })).resources);
      return nodes.at(-1)?.risks ?? [];
    };
    const onDemand = await risksOf({});
    assert.ok(!onDemand.some((line) => /spot|rebalance/.test(line)));
    assert.ok(onDemand.some((line) => line.startsWith("fewer nodes than 2, by a lower minSize or by hand")));
    assert.ok(onDemand.some((line) => line.endsWith("1 at a time, with all data on it; no setting prevents that")));
    const spot = await risksOf({ capacityType: "spot", maxSize: 5, maxUnavailable: 3 });
    assert.match(spot[0] ?? "", /^a spot interruption/);
    assert.match(spot[1] ?? "", /^a rebalance recommendation: EKS starts another node/);
    assert.ok(spot.some((line) => line.startsWith("fewer nodes, by an autoscaler or by hand, from 2 to 5")));
    assert.ok(spot.some((line) => line.includes("3 at a time")));
  });
});

describe("reportOf, of node groups", () => {
  const report = async (groups: Groups, own?: Partial<FastDisksArgs>) => reportOf("x", await plan(groups, own), {});

  it("warns that a full group stays full, unless a pool feeds the same class", async () => {
    const warning = /^nodeGroups\.base: fast-disks has no pool, so no node is started for a pod/;
    assert.ok((await report(base, withoutKarpenter)).warnings.some((line) => warning.test(line)));
    assert.ok(!(await report(base)).warnings.some((line) => warning.test(line)));
  });

  it("has a component's warning under the key in the stack file", async () => {
    const { warnings } = await report({ base: { instanceTypes: ["i8g.12xlarge"] } });
    assert.ok(warnings.some((line) => line.startsWith("nodeGroups.base.instanceTypes: one consumer per node")));
  });

  it("calls a provisioner idle that neither a pool nor a group has nodes for", async () => {
    const notes = async (groups: Groups) =>
      (await report(groups, withoutKarpenter)).tree.flatMap(({ note }) => note ?? []).filter((one) => /idle/.test(one));
    assert.deepEqual(await notes(base), ["idle: no nodes have discovery udev"]);
    assert.deepEqual(await notes({ base: { ...base.base!, discovery: "udev" } }), [
      "idle: no nodes have discovery bootstrap",
    ]);
  });
});
