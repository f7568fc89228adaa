import assert from "node:assert/strict";
import { bottlerocketSettingsSchema } from "../../../components/manifests/bottlerocket";
import type { BottlerocketSettingsSpec } from "../../../components/manifests/bottlerocket";
import { renderUserData, validateMergedSettings, validateOwnSettings } from "../../../components/manifests/user-data";
import { notKnown, validateBy } from "../../../components/manifests/validation";

const soft = { kubernetes: { evictionSoft: { "memory.available": "5%" } } };
const motd = (length: number): BottlerocketSettingsSpec => ({ further: { motd: "x".repeat(length) } });
const most = 13 * 1024 - Buffer.byteLength(renderUserData([motd(0)]));

describe("validateMergedSettings", () => {
  it("reports what the upper layers break, and leaves the lowest one's own errors to itself", () => {
    assert.deepEqual(validateMergedSettings([soft], "b", "eks"), []);
    assert.deepEqual(validateMergedSettings([soft, {}], "b", "eks"), []);
    assert.deepEqual(validateMergedSettings([{}, soft], "b", "eks"), [
      "b.kubernetes.evictionSoft.memory.available: needs a time in evictionSoftGracePeriod, for example 1m30s",
    ]);
  });

  it("checks the size of what is rendered, where it grows too long", () => {
    assert.deepEqual(validateMergedSettings([motd(most)], "b", "karpenter"), []);
    const error =
      "b: user data must be at most 13312 bytes, the rest of EC2's 16 KiB is for EKS and Karpenter, got 13313; shorten it";
    assert.deepEqual(validateMergedSettings([motd(most + 1)], "b", "karpenter"), [error]);
    assert.deepEqual(validateMergedSettings([{}, motd(most + 1)], "b", "karpenter"), [error]);
    assert.deepEqual(validateMergedSettings([motd(most + 1), {}], "b", "karpenter"), []);
  });

  it("waits for what is not known", () => {
    const settings = { further: { motd: notKnown, aws: { a: "x".repeat(most) } } };
    const validate = (spec: BottlerocketSettingsSpec, path: string) => validateMergedSettings([{}, spec], path, "eks");
    assert.deepEqual(validateBy(bottlerocketSettingsSchema, validate, settings, "b"), []);
  });
});

describe("validateOwnSettings", () => {
  const cluster = { bottlerocketVersion: "1.66.0" };

  it("takes settings that Karpenter leaves alone", () => {
    const pool = { bottlerocket: { further: { motd: "hello" } } };
    assert.deepEqual(validateOwnSettings(pool, cluster, "pools.fast", "karpenter"), []);
  });

  it("refuses what its consumer overwrites, and nothing that another one would", () => {
    const part = { bottlerocket: { kubernetes: { nodeTaints: { "example.com/a": ["b:NoSchedule"] } } } };
    const [error = "", ...others] = validateOwnSettings(part, cluster, "pools.fast", "karpenter");
    assert.match(error, /^pools\.fast\.bottlerocket\.kubernetes\.nodeTaints/);
    assert.deepEqual(others, []);
    assert.deepEqual(validateOwnSettings(part, cluster, "systemNodes", "eks"), []);
  });
});

describe("renderUserData", () => {
  it("switches the control container on unless told otherwise", () => {
    assert.equal(renderUserData([]), "[settings.host-containers.control]\nenabled = true\n");
    const off = renderUserData([{ hostContainers: { control: { enabled: false } } }]);
    assert.equal(off, "[settings.host-containers.control]\nenabled = false\n");
  });
});
