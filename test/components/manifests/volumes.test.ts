import assert from "node:assert/strict";
import { check } from "../../../components/manifests/validation";
import { volumeRules, volumesOf } from "../../../components/manifests/volumes";

describe("volumeRules", () => {
  it("refuse sizes that EBS or Bottlerocket could not use", () => {
    const errors = check("pools.fast", volumeRules({ rootVolumeGiB: 3, dataVolumeGiB: 20.5 }));
    assert.deepEqual(errors, [
      "pools.fast.rootVolumeGiB: must be a whole number of GiB from 4 to 16384, got 3",
      "pools.fast.dataVolumeGiB: must be a whole number of GiB from 10 to 16384, got 20.5",
    ]);
    assert.deepEqual(check("", volumeRules({ rootVolumeGiB: 4, dataVolumeGiB: 16384 })), []);
  });
});

describe("volumesOf", () => {
  it("has Bottlerocket's two devices", () => {
    assert.deepEqual(volumesOf({ dataVolumeGiB: 50 }), [
      { deviceName: "/dev/xvda", sizeGiB: 4 },
      { deviceName: "/dev/xvdb", sizeGiB: 50 },
    ]);
  });
});
