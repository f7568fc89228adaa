import assert from "node:assert/strict";
import { changeOf, disksOf, isBare, missingBytes, problemsOf, wantedOf } from "../../disk-controller/disks";
import type { Capacity, Disks, Objects } from "../../disk-controller/disks";
import { resource, taintKey } from "../../disk-controller/records";
import type { ClaimRecord, NodeRecord, PodRecord, VolumeRecord } from "../../disk-controller/records";

const meta = (name: string, namespace?: string) => ({ name, namespace, uid: `uid-${name}`, resourceVersion: "1" });
const node = (change: Partial<NodeRecord> = {}): NodeRecord => ({
  metadata: meta("one"),
  hostname: "host-one",
  storageClass: "fast-disks",
  karpenter: true,
  ready: 0,
  taints: [],
  owned: false,
  ...change,
});
const volume = (name: string, claim?: string, change: Partial<VolumeRecord> = {}): VolumeRecord => ({
  metadata: meta(name),
  hostname: "host-one",
  phase: claim === undefined ? "Available" : "Bound",
  bytes: 100,
  claim: claim && `default/${claim}`,
  claimUid: claim && `uid-${claim}`,
  ...change,
});
const claim = (name: string): ClaimRecord => ({ metadata: meta(name, "default") });
const pod = (name: string, claims: string[], change: Partial<PodRecord> = {}): PodRecord => ({
  metadata: meta(name, "default"),
  finished: false,
  leaving: false,
  statefulSet: false,
  claims: claims.map((it) => `default/${it}`),
  requests: 1,
  ...change,
});

type Counts = Pick<Disks, "free" | "used" | "taken" | "requested">;
const none: Counts = { free: 0, used: 0, taken: 0, requested: 0 };
const cases: Record<string, { objects: Partial<Objects>; is: Partial<Counts> }> = {
  "a node without volumes has no disks": { objects: {}, is: {} },
  "a volume that nobody has claimed is free": { objects: { volumes: [volume("a")] }, is: { free: 1 } },
  "so is one that the server has not looked at yet": {
    objects: { volumes: [volume("a", undefined, { phase: "Pending" })] },
    is: { free: 1 },
  },
  "a volume of another host is not counted": {
    objects: { volumes: [volume("a", undefined, { hostname: "two" })] },
    is: {},
  },
  "a claim's pod uses the disk": {
    objects: { volumes: [volume("a", "c")], claims: [claim("c")], pods: [pod("p", ["c"])] },
    is: { used: 1, requested: 1 },
  },
  "also while the claim is being bound": {
    objects: {
      volumes: [volume("a", "c", { phase: "Available", claimUid: undefined })],
      claims: [claim("c")],
      pods: [pod("p", ["c"])],
    },
    is: { used: 1, requested: 1 },
  },
  "a pod that does not request it uses it": {
    objects: { volumes: [volume("a", "c")], claims: [claim("c")], pods: [pod("p", ["c"], { requests: 0 })] },
    is: { used: 1 },
  },
  "a finished pod does not": {
    objects: { volumes: [volume("a", "c")], claims: [claim("c")], pods: [pod("p", ["c"], { finished: true })] },
    is: { taken: 1 },
  },
  "a claim without a pod takes its disk": {
    objects: { volumes: [volume("a", "c")], claims: [claim("c")], pods: [pod("p", ["other"])] },
    is: { taken: 1 },
  },
  "a volume whose claim is gone is taken until it is wiped": {
    objects: { volumes: [volume("a", "c", { phase: "Released" })], pods: [pod("p", ["c"])] },
    is: { taken: 1 },
  },
  "also where a claim of that name was made again": {
    objects: { volumes: [volume("a", "c", { claimUid: "uid-before" })], claims: [claim("c")], pods: [pod("p", ["c"])] },
    is: { taken: 1 },
  },
  "a volume that could not be wiped is taken": {
    objects: { volumes: [volume("a", undefined, { phase: "Failed" })] },
    is: { taken: 1 },
  },
  "a pod that requests one disk of its two is counted once": {
    objects: {
      volumes: [volume("a", "c"), volume("b", "d")],
      claims: [claim("c"), claim("d")],
      pods: [pod("p", ["c", "d"])],
    },
    is: { used: 2, requested: 1 },
  },
  "a pod that requests both is counted twice": {
    objects: {
      volumes: [volume("a", "c"), volume("b", "d")],
      claims: [claim("c"), claim("d")],
      pods: [pod("p", ["c", "d"], { requests: 2 })],
    },
    is: { used: 2, requested: 2 },
  },
  "two pods that share a disk are counted once": {
    objects: { volumes: [volume("a", "c")], claims: [claim("c")], pods: [pod("p", ["c"]), pod("q", ["c"])] },
    is: { used: 1, requested: 1 },
  },
};

describe("disksOf", () => {
  for (const [title, { objects, is }] of Object.entries(cases))
    it(title, () => {
      const [disks] = disksOf({ nodes: [node()], volumes: [], claims: [], pods: [], ...objects }).values();
      const { free, used, taken, requested } = disks ?? { ...none, free: -1 };
      assert.deepEqual({ free, used, taken, requested }, { ...none, ...is });
    });
});

describe("missingBytes", () => {
  const missing = (change: Partial<NodeRecord>, ...volumes: VolumeRecord[]) => {
    const one = node({ diskBytes: 200, ...change });
    const disks = disksOf({ nodes: [one], volumes, claims: [], pods: [] }).get(one);
    return disks && missingBytes(one, disks);
  };
  const rows: [string, Partial<NodeRecord>, VolumeRecord[], number][] = [
    ["nothing where the volumes are what the type has", {}, [volume("a"), volume("b", "c")], 0],
    ["nothing where they are a little less", {}, [volume("a"), volume("b", undefined, { bytes: 91 })], 0],
    ["a disk without a volume", {}, [volume("a")], 100],
    ["a disk that is smaller than it should be", {}, [volume("a"), volume("b", undefined, { bytes: 89 })], 11],
    ["one of eight", { diskBytes: 800 }, ["a", "b", "c", "d", "e", "f", "g"].map((name) => volume(name)), 100],
    ["not where no volume is there: that has a name of its own", {}, [], 0],
    ["not where nobody says what the type has", { diskBytes: undefined }, [volume("a")], 0],
    ["not on a node of no class", { storageClass: undefined }, [volume("a")], 0],
  ];
  for (const [title, change, volumes, bytes] of rows)
    it(title, () => {
      assert.equal(missing(change, ...volumes), bytes);
    });
});

describe("wantedOf", () => {
  const rows: [Capacity, Partial<Counts> & { idle?: number }, Partial<NodeRecord>, boolean, string][] = [
    ["exclusive", {}, {}, false, "any"],
    ["exclusive", { taken: 1 }, {}, true, "any"],
    ["exclusive", { taken: 1, idle: 1 }, {}, true, "any"],
    // Its pod could not come back beside another consumer.
    ["exclusive", { taken: 1, idle: 1, free: 1 }, {}, true, "any"],
    ["exclusive", { taken: 1, free: 1 }, {}, false, "any"],
    ["exclusive", { taken: 1, idle: 1, used: 1 }, {}, false, "any"],
    ["exclusive", { taken: 1, used: 1 }, {}, false, "any"],
    ["exclusive", { free: 1 }, { owned: true, advertised: "1" }, false, "none"],
    ["exclusive", { free: 1 }, { owned: false, advertised: "1" }, false, "any"],
    ["counted", {}, {}, false, "any"],
    ["counted", {}, { owned: true, advertised: "1" }, false, "0"],
    ["counted", { taken: 1 }, {}, false, "0"],
    ["counted", { taken: 1, free: 1, used: 2, requested: 1 }, {}, false, "2"],
  ];
  for (const [capacity, counts, change, tainted, advertised] of rows)
    it(`${capacity}, ${JSON.stringify({ ...counts, ...change })}: ${tainted ? "tainted" : "no taint"}, ${advertised}`, () => {
      const idleClaims = Array.from({ length: counts.idle ?? 0 }, (_, index) => `default/${index}`);
      const disks = { ...none, ...counts, bytes: 0, idleClaims, silentPods: [] };
      assert.deepEqual(wantedOf(capacity, node(change), disks, false), { tainted, advertised });
    });
  it("closes a node without volumes where they should be there", () => {
    const disks = { ...none, bytes: 0, idleClaims: [], silentPods: [] };
    assert.deepEqual(wantedOf("counted", node(), disks, true), { tainted: true, advertised: "any" });
  });
});

describe("changeOf", () => {
  const taints = [{ key: taintKey, effect: "NoSchedule" }];
  it("says nothing where everything is as it should be", () => {
    assert.equal(changeOf(node(), { tainted: false, advertised: "any" }), undefined);
    assert.equal(changeOf(node({ taints }), { tainted: true, advertised: "any" }), undefined);
    assert.equal(changeOf(node({ advertised: "2" }), { tainted: false, advertised: "2" }), undefined);
    assert.equal(changeOf(node({ advertised: "2" }), { tainted: false, advertised: "none" }), undefined);
  });
  it("waits before it takes something away, and gives at once", () => {
    const tightens = (its: NodeRecord, tainted: boolean, advertised: string) =>
      changeOf(its, { tainted, advertised })?.tightens;
    assert.equal(tightens(node(), true, "any"), true);
    assert.equal(tightens(node({ taints }), false, "any"), false);
    assert.equal(tightens(node({ advertised: "2" }), false, "1"), true);
    assert.equal(tightens(node({ advertised: "0" }), false, "1"), false);
    assert.equal(tightens(node(), false, "1"), false);
    assert.equal(tightens(node({ advertised: "1", owned: true }), false, "none"), false);
  });
  it("says what to write", () => {
    assert.deepEqual(changeOf(node({ taints }), { tainted: false, advertised: "3" }), {
      taint: "remove",
      advertise: "3",
      tightens: false,
    });
  });
});

describe("isBare", () => {
  const disks = { ...none, bytes: 0, idleClaims: [], silentPods: [] };
  const rows: [string, Partial<NodeRecord>, Partial<Counts>, number, boolean][] = [
    ["a node that has taken pods for a minute", {}, {}, 60_000, true],
    ["not before", {}, {}, 59_999, false],
    ["not one that takes no pods yet", { ready: undefined }, {}, 60_000, false],
    ["not one of no class", { storageClass: undefined }, {}, 60_000, false],
    ["not one with a volume", {}, { taken: 1 }, 60_000, false],
  ];
  for (const [title, change, counts, now, is] of rows)
    it(title, () => {
      assert.equal(isBare(node(change), { ...disks, ...counts }, now), is);
    });
});

describe("problemsOf", () => {
  const disks = { ...none, bytes: 0, idleClaims: [], silentPods: [] };
  it("names a node whose volumes do not appear", () => {
    assert.deepEqual(problemsOf("exclusive", node(), disks, 59_000), {});
    assert.match(problemsOf("exclusive", node(), disks, 60_000).NoVolumes ?? "", /fast-disks for 60 s/);
  });
  it("names the claims that keep a node closed", () => {
    const tainted = node({ taints: [{ key: taintKey, effect: "NoSchedule" }] });
    const found = problemsOf("exclusive", tainted, { ...disks, taken: 1, idleClaims: ["default/c"] }, 0);
    assert.match(found.DisksTaken ?? "", /default\/c/);
  });
  it("names the pods that do not request their disk, where disks are counted", () => {
    const silent = { ...disks, used: 1, silentPods: ["default/p"] };
    assert.match(problemsOf("counted", node(), silent, 0).DiskNotRequested ?? "", new RegExp(`${resource}: default/p`));
    assert.deepEqual(problemsOf("exclusive", node(), silent, 0), {});
  });
});
