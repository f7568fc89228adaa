import assert from "node:assert/strict";
import { lostClaims, strandedPods, waitOf } from "../../disk-controller/lost-nodes";
import type { LostNode } from "../../disk-controller/lost-nodes";
import { nodeRecord } from "../../disk-controller/records";
import type { PodRecord, VolumeRecord } from "../../disk-controller/records";

const meta = (name: string, namespace?: string) => ({ name, namespace, uid: `uid-${name}`, resourceVersion: "1" });
const pod = (name: string, node: string | undefined, claim: string): PodRecord => ({
  metadata: meta(name, "default"),
  node,
  finished: false,
  leaving: false,
  statefulSet: true,
  claims: [`default/${claim}`],
  requests: 0,
});

describe("strandedPods", () => {
  it("finds pods with one of our claims on nodes that do not exist", () => {
    const node = nodeRecord({ metadata: meta("here"), spec: {} });
    const claims = [{ metadata: meta("ours", "default") }];
    const pods = [
      pod("held", "lost", "ours"),
      pod("alive", "here", "ours"),
      pod("other", "lost", "others"),
      pod("pending", undefined, "ours"),
    ];
    const found = [...strandedPods([node], pods, claims)].map(([name, its]) => [
      name,
      its.map((it) => it.metadata.name),
    ]);
    assert.deepEqual(found, [["lost", ["held"]]]);
  });
});

describe("lostClaims", () => {
  const node = nodeRecord({ metadata: { ...meta("one"), labels: { "kubernetes.io/hostname": "here" } }, spec: {} });
  const claims = [{ metadata: meta("c", "default") }];
  const volume = (change: Partial<VolumeRecord>): VolumeRecord => ({
    metadata: meta("v"),
    hostname: "gone",
    phase: "Bound",
    bytes: 1,
    claim: "default/c",
    claimUid: "uid-c",
    ...change,
  });
  const rows: [string, Partial<VolumeRecord>, string[]][] = [
    ["a claim whose volume is on a host that no node has", {}, ["default/c"]],
    ["not one on a host that is there", { hostname: "here" }, []],
    ["not one that is gone itself", { claim: "default/d", claimUid: "uid-d" }, []],
    ["not another one of its name", { claimUid: "uid-before" }, []],
    ["not a volume without a claim", { claim: undefined, claimUid: undefined }, []],
  ];
  for (const [title, change, found] of rows)
    it(title, () => {
      assert.deepEqual(lostClaims({ nodes: [node], volumes: [volume(change)], claims, pods: [] }), found);
    });
});

describe("waitOf", () => {
  const lost: LostNode = { name: "lost", providerID: "aws:///lost", karpenter: true, since: 1000 };
  const claim = (node?: string, providerID?: string) => ({ metadata: meta("claim"), node, providerID });
  const rows: [string, LostNode, ReturnType<typeof claim>[], number | undefined][] = [
    ["at once where Karpenter made it and has no claim on it any more", lost, [claim("other", "aws:///other")], 0],
    ["not while a NodeClaim names it", lost, [claim("lost")], undefined],
    ["not while a NodeClaim has its instance", lost, [claim(undefined, "aws:///lost")], undefined],
    ["a NodeClaim without an instance says nothing", { ...lost, providerID: undefined }, [claim()], 0],
    ["after the delay where somebody else made it", { ...lost, karpenter: false }, [], 14_000],
    ["not longer than the delay", { ...lost, karpenter: false, since: -60_000 }, [], 0],
  ];
  for (const [title, node, claims, wait] of rows)
    it(title, () => {
      assert.equal(waitOf(node, claims, 15, 2000), wait);
    });
});
