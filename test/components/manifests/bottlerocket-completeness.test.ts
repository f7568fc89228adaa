import assert from "node:assert/strict";
import type { BottlerocketSettingsSpec } from "../../../components/manifests/bottlerocket";
import type { Consumer } from "../../../components/manifests/bottlerocket-checks";
import { incompleteSettings } from "../../../components/manifests/bottlerocket-completeness";

const errorsOf = (layers: BottlerocketSettingsSpec[], consumer: Consumer = "karpenter") =>
  incompleteSettings(layers, [consumer]).map(({ layer, error }) => `${layer} ${error}`);

const allSignals = {
  "memory.available": "100Mi",
  "nodefs.available": "10%",
  "nodefs.inodesFree": "5%",
  "imagefs.available": "15%",
  "imagefs.inodesFree": "5%",
  "pid.available": "0%",
};
const soft = { evictionSoft: { "memory.available": "10%" } };
const grace = { evictionSoftGracePeriod: { "memory.available": "1m" } };
const imageGc = (high?: unknown, low?: unknown): BottlerocketSettingsSpec => ({
  further: {
    kubernetes: {
      ...(high !== undefined && { "image-gc-high-threshold-percent": high }),
      ...(low !== undefined && { "image-gc-low-threshold-percent": low }),
    },
  },
});

describe("incompleteSettings", () => {
  it("wants every signal of evictionHard, with the whole list as the fix", () => {
    assert.deepEqual(errorsOf([{ kubernetes: { evictionHard: { "memory.available": "5%" } } }]), [
      '0 kubernetes.evictionHard: must set every signal, kubelet turns off the others, got memory.available; set { memory.available: "5%", nodefs.available: "10%", nodefs.inodesFree: "5%", imagefs.available: "15%", imagefs.inodesFree: "5%", pid.available: "0%" }',
    ]);
    assert.deepEqual(errorsOf([{ kubernetes: { evictionHard: allSignals } }]), []);
    assert.deepEqual(errorsOf([{ kubernetes: { evictionHard: {} } }]), []);
  });

  it("completes evictionHard by the layers below", () => {
    const over = { further: { kubernetes: { "eviction-hard": { "memory.available": "1Gi" } } } };
    assert.deepEqual(errorsOf([{ kubernetes: { evictionHard: allSignals } }, over]), []);
    assert.match(errorsOf([{}, over])[0] ?? "", /^1 further.kubernetes.eviction-hard: must set every signal/);
  });

  it("wants a grace period of each soft threshold, of any layer", () => {
    const error =
      "kubernetes.evictionSoft.memory.available: needs a time in evictionSoftGracePeriod, for example 1m30s";
    assert.deepEqual(errorsOf([{ kubernetes: soft }]), [`0 ${error}`]);
    assert.deepEqual(errorsOf([{ kubernetes: grace }, { kubernetes: soft }]), []);
    assert.deepEqual(errorsOf([{}, { kubernetes: soft }]), [`1 ${error}`]);
  });

  it("wants image-gc in order, kubelet's defaults included", () => {
    const error = "must be above low, got";
    for (const layers of [
      [imageGc("80")],
      [imageGc(undefined, "85")],
      [imageGc(50, 50)],
      [imageGc("70", "60"), imageGc(undefined, "70")],
    ])
      assert.match(errorsOf(layers)[0] ?? "", new RegExp(error));
    for (const layers of [
      [imageGc("81")],
      [imageGc(undefined, "84")],
      [imageGc("70", "60")],
      [imageGc("70", "60"), imageGc(undefined, "69")],
    ])
      assert.deepEqual(errorsOf(layers), []);
    assert.match(
      errorsOf([imageGc("70", "60"), imageGc(undefined, "70")])[0] ?? "",
      /^1 further.kubernetes.image-gc-low/,
    );
  });

  it("wants enabled, source and superpowered of a new host container", () => {
    assert.deepEqual(errorsOf([{ hostContainers: { mine: { enabled: true }, admin: { enabled: true } } }]), [
      "0 hostContainers.mine: needs enabled, source, superpowered, since it is not one of Bottlerocket's own; add source, superpowered",
    ]);
    const base = { hostContainers: { mine: { source: "a", superpowered: false } } };
    assert.deepEqual(errorsOf([base, { hostContainers: { mine: { enabled: true } } }]), []);
  });

  it("wants all of a bootstrap command for Karpenter", () => {
    const settings = { further: { "bootstrap-commands": { a: { commands: [], essential: true } } } };
    assert.deepEqual(errorsOf([settings]), [
      "0 further.bootstrap-commands.a: needs commands, mode, essential, since Karpenter empties omitted fields; add mode",
    ]);
    assert.deepEqual(errorsOf([settings], "eks"), []);
  });
});
