import assert from "node:assert/strict";
import { podsThatLackClaims } from "../../disk-controller/claimless-pods";
import type { PodRecord } from "../../disk-controller/records";

const meta = (name: string) => ({ name, namespace: "default", uid: `uid-${name}`, resourceVersion: "1" });
const waiting: PodRecord = {
  metadata: meta("pod"),
  finished: false,
  leaving: false,
  statefulSet: true,
  storageClass: "fast-disks",
  claims: ["default/there", "default/gone"],
  requests: 0,
};

describe("podsThatLackClaims", () => {
  const lacking = (change: Partial<PodRecord>) => [
    ...podsThatLackClaims([{ ...waiting, ...change }], [{ metadata: meta("there") }], new Set(["fast-disks"])).values(),
  ];
  const rows: [string, Partial<PodRecord>, string[][]][] = [
    ["finds a pod that waits for a claim which is not among ours", {}, [["default/gone"]]],
    ["leaves a pod alone whose claims are there", { claims: ["default/there"] }, []],
    ["leaves a pod alone that has a node", { node: "one" }, []],
    ["leaves a pod alone that nobody would make again", { statefulSet: false }, []],
    ["leaves a pod alone that is being deleted", { leaving: true }, []],
    ["leaves a pod alone that selects nodes of another class", { storageClass: "slow" }, []],
    ["leaves a pod alone that selects no class", { storageClass: undefined }, []],
  ];
  for (const [title, change, found] of rows)
    it(title, () => {
      assert.deepEqual(lacking(change), found);
    });
});
