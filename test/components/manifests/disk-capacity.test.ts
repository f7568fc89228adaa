import assert from "node:assert/strict";
import { instanceTypes } from "../../../catalogue/instance-types";
import {
  DiskCapacity,
  diskNumberError,
  diskNumbers,
  mixedDisksError,
  requireDisks,
} from "../../../components/manifests/disk-capacity";
import { capacities } from "../../../disk-controller/disks";

const typed = (...values: string[]) => [{ key: "node.kubernetes.io/instance-type", operator: "In", values }];
const mixed = typed("i8g.xlarge", "i8g.8xlarge", "i8g.12xlarge", "i8g.16xlarge");

describe("DiskCapacity", () => {
  it("has the words that the program reads", () => {
    assert.deepEqual(Object.values(DiskCapacity).sort(), [...capacities].sort());
  });
});

describe("diskNumbers", () => {
  it("gives each number of the matching types once, ascending", () => {
    assert.deepEqual(diskNumbers(mixed), [1, 2, 3, 4]);
    assert.deepEqual(diskNumbers(typed("c8gd.xlarge", "c8gd.2xlarge")), [1]);
    assert.deepEqual(diskNumbers(typed("c7g.large")), []);
  });
});

describe("requireDisks", () => {
  it("names the types with that number, and no other", () => {
    assert.deepEqual(requireDisks(mixed, 2), typed("i8g.8xlarge")[0]);
    const all = requireDisks([], 1).values ?? [];
    assert.ok(all.length > 90);
    for (const { name, disks } of instanceTypes) assert.equal(all.includes(name), disks === 1, name);
  });
});

describe("diskNumberError", () => {
  it("refuses a number that no type has, with those that there are", () => {
    assert.equal(diskNumberError(mixed, 4), undefined);
    assert.equal(diskNumberError(mixed, 6), "must be 1, 2, 3 or 4, the numbers of disks of its types, got 6");
    assert.equal(diskNumberError(typed("c8gd.xlarge"), 0), "must be 1, the number of disks of its types, got 0");
  });

  it("leaves requirements that match nothing to their own error", () => {
    assert.equal(diskNumberError(typed("c7g.large"), 1), undefined);
  });
});

describe("mixedDisksError", () => {
  it("refuses several numbers, and says which pools to make of them", () => {
    const error = (...types: string[]) => mixedDisksError(typed(...types));
    assert.equal(error("c8gd.xlarge", "c8gd.2xlarge"), undefined);
    assert.equal(error("c7g.large"), undefined);
    assert.equal(
      error("i8g.xlarge", "i8g.8xlarge", "i8g.16xlarge"),
      "must be set with capacity counted: its types have 1, 2 or 4 disks, and Karpenter would put small consumers on " +
        "large nodes; add disks: 1, and a pool each for 2 and 4",
    );
    assert.match(error("i8g.8xlarge", "i8g.16xlarge") ?? "", /have 2 or 4 disks, .*; add disks: 2, and a pool for 4$/);
  });
});
