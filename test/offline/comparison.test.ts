import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planChanges } from "../../offline/change-table";
import type { PlannedChange } from "../../offline/change-table";
import { compareChange, folder, renderGoldens } from "../support/comparisons";

/** Pools and groups whose nodes do not stay as they are, of all changes of settings where every pool has `onDrift: hold`. */
const expected: Record<string, string> = {
  "network.existingVpc.subnetIds one fewer": "dense some drift, fast some drift, other some drift",
  "network.existingVpc.subnets terms that find another subnet": "dense some drift, fast some drift, other some drift",
  "cluster.kubernetesVersion upgrade": "dense all drift, fast all drift, other all drift, ! base all are replaced",
  "bottlerocket.version another release": "dense all drift, fast all drift, other all drift, ! base all are replaced",
  "bottlerocket.settings any": "dense all drift, fast all drift, other all drift, ! base all are replaced",
  "bootImage.reference a ready-made image": "dense all drift, fast all drift, other all drift, ! base all are replaced",
  "existingKarpenter.nodeRole another role": "dense all drift, fast all drift, other all drift",
  "pools.<name> renamed or removed": "! fast all are removed",
  "pools.<name> added": "more new pool",
  "pools.<name>.requirements in place of types": "fast all drift",
  "pools.<name>.storageClass another class": "fast all drift",
  "pools.<name>.labels one more": "fast all drift",
  "pools.<name>.taint off": "fast all drift",
  "pools.<name>.disks another number": "other all drift",
  "pools.<name>.disks left out": "other all drift",
  "pools.<name>.expireAfter an age": "fast all drift",
  "pools.<name>.terminationGracePeriod longer": "fast all drift",
  "pools.<name>.onDrift `hold` to `replace`": "! fast previously held nodes drift",
  "pools.<name>.discovery `bootstrap` to `udev`": "fast all drift",
  "pools.<name>.onMissing `fail` to `continue`": "fast all drift",
  "pools.<name>.instanceProfile a ready-made one": "fast all drift",
  "pools.<name>.rootVolumeGiB larger": "fast all drift",
  "pools.<name>.dataVolumeGiB larger": "fast all drift",
  "pools.<name>.bottlerocket any": "fast all drift",
  "nodeGroups.<name> renamed or removed": "! base all are removed",
  "nodeGroups.<name> added": "more new node group",
  "nodeGroups.<name>.instanceTypes one more": "! base all are removed",
  "nodeGroups.<name>.capacityType `on-demand` to `spot`": "! base all are removed",
  "nodeGroups.<name>.minSize one fewer": "! base 1 of 2 are removed",
  "nodeGroups.<name>.storageClass another class": "! base all are replaced",
  "nodeGroups.<name>.discovery `bootstrap` to `udev`": "! base all are replaced",
  "nodeGroups.<name>.onMissing `fail` to `continue`": "! base all are replaced",
  "nodeGroups.<name>.rootVolumeGiB larger": "! base all are replaced",
  "nodeGroups.<name>.dataVolumeGiB larger": "! base all are replaced",
  "nodeGroups.<name>.bottlerocket any": "! base all are replaced",
  "storageClasses.<name> added, with a pool": "more new pool",
  "tags.<key> one more": "dense all drift, fast all drift, other all drift, ! base all are replaced",
};

describe("comparePlans, of every change of a setting", () => {
  let changes: PlannedChange[];
  before(async () => {
    changes = (await planChanges()).filter(({ refused }) => refused === undefined);
  });

  it("says which nodes drift or go, and where data is at risk", () => {
    const found = changes.map((change) => {
      const pools = compareChange(change).pools.filter(({ nodes }) => !nodes.startsWith("none "));
      const lines = pools.map(({ pool, nodes, atRisk }) => `${atRisk ? "! " : ""}${pool} ${nodes}`);
      return [`${change.setting} ${change.what}`, lines.join(", ")] as const;
    });
    assert.deepEqual(Object.fromEntries(found.filter(([, line]) => line !== "")), expected);
  });

  it("says in which way each range newly reaches the API", () => {
    const opened = changes.flatMap((change) => compareChange(change).internet.opened);
    assert.deepEqual(opened, ["8.8.4.0/24"]);
  });

  it("says from when on something else destroys data", () => {
    const added = changes.flatMap((change) =>
      compareChange(change).pools.some(({ rules }) => rules.added.length > 0) ? [change.setting] : [],
    );
    assert.deepEqual(added, [
      "karpenter.onMaintenance",
      "pools.<name>.storageClass",
      "pools.<name>.consolidateAfter",
      "pools.<name>.expireAfter",
      "pools.<name>.terminationGracePeriod",
      "pools.<name>.onDrift",
      "pools.<name>.discovery",
      "nodeGroups.<name>.capacityType",
      "nodeGroups.<name>.minSize",
      "nodeGroups.<name>.minSize",
      "nodeGroups.<name>.maxSize",
      "nodeGroups.<name>.maxUnavailable",
      "nodeGroups.<name>.storageClass",
      "nodeGroups.<name>.discovery",
      "storageClasses.<name>.reclaimPolicy",
    ]);
  });

  it("has the price before and after", () => {
    const [change] = changes.filter(({ setting }) => setting === "pools.<name>.requirements");
    assert.ok(change);
    const [, fast, other] = compareChange(change).pools;
    assert.ok(fast?.usdPerGBMonth.before && fast.usdPerGBMonth.after);
    assert.notDeepEqual(fast.usdPerGBMonth.before, fast.usdPerGBMonth.after);
    assert.deepEqual(other?.usdPerGBMonth.before, other?.usdPerGBMonth.after);
  });

  it("names every resource that changes, and how", () => {
    const [change] = changes.filter(({ setting }) => setting === "network.newVpc.natGateways");
    assert.ok(change);
    const { resources } = compareChange(change);
    assert.deepEqual(Object.fromEntries(Object.entries(resources).map(([effect, keys]) => [effect, keys.length])), {
      created: 4,
      "in place": 2,
    });
    assert.ok(resources["in place"]?.includes("aws:ec2/route:Route::fast-disks-network-private-1 (natGatewayId)"));
  });

  it("gives the golden comments; npm run goldens renews them", () => {
    const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
    assert.deepEqual(renderGoldens(changes), Object.fromEntries(files));
  });
});
