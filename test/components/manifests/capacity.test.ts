import assert from "node:assert/strict";
import { instanceTypes } from "../../../catalogue/instance-types";
import { capacityOf } from "../../../components/manifests/capacity";

const typed = (...values: string[]) => [{ key: "node.kubernetes.io/instance-type", operator: "In", values }];

describe("capacityOf", () => {
  it("gives disks, sizes and the largest claim that every type satisfies", () => {
    const capacity = capacityOf(typed("c8gd.xlarge", "i8g.16xlarge"), false);
    assert.deepEqual(capacity.types, ["c8gd.xlarge", "i8g.16xlarge"]);
    assert.deepEqual(capacity.disks, { min: 1, max: 4 });
    assert.ok(capacity.largestClaimGi * 2 ** 30 <= capacity.diskBytes.min);
    assert.ok((capacity.largestClaimGi + 1) * 2 ** 30 > capacity.diskBytes.min);
    assert.deepEqual(capacity.warnings, ["one consumer per node uses one disk: the others of i8g.16xlarge stay empty"]);
  });

  it("leaves no disk empty where disks are counted", () => {
    const counted = capacityOf(typed("i8g.16xlarge"), false, "counted");
    assert.deepEqual([counted.counted, counted.warnings], [true, []]);
    assert.equal("counted" in capacityOf(typed("i8g.16xlarge"), false, "exclusive"), false);
  });

  it("prices a GB-month on demand over the types whose price is known", () => {
    const type = instanceTypes.find(({ name }) => name === "c6gd.xlarge");
    assert.equal(capacityOf(typed("c6gd.xlarge"), false).usdPerGBMonth?.min, ((type?.usdPerHour ?? NaN) * 730) / 237);
    assert.equal(capacityOf(typed("r9gd.xlarge"), false).usdPerGBMonth, undefined);
  });

  it("warns of narrow spot pools only", () => {
    assert.match(capacityOf(typed("c8gd.xlarge"), true).warnings.join(), /^1 instance types for spot, fewer than 10/);
    assert.deepEqual(capacityOf(typed("c8gd.xlarge"), false).warnings, []);
  });
});
