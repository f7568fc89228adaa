import assert from "node:assert/strict";
import { isDuration, secondsOf } from "../../../components/manifests/duration";

describe("secondsOf", () => {
  it("adds hours, minutes and seconds", () => {
    assert.deepEqual(["1h30m", "90s", "2h", ""].map(secondsOf), [5400, 90, 7200, 0]);
  });
});

describe("isDuration", () => {
  it("takes durations longer than nothing that Go can hold", () => {
    for (const good of ["1h30m", "90s", "720h"]) assert.ok(isDuration(good), good);
    for (const bad of ["", "60", "0s", "30d", "Never", "1m1h", "1.5h", "9999999h"]) assert.ok(!isDuration(bad), bad);
  });
});
