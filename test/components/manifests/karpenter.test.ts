import assert from "node:assert/strict";
import {
  renderKarpenterValues,
  validateKarpenter,
  validateKarpenterArgs,
} from "../../../components/manifests/karpenter";

describe("validateKarpenter", () => {
  it("refuses another release than the one of the manifests, by the user's path", () => {
    assert.deepEqual(validateKarpenter({ version: "1.14.3" }, "karpenter"), []);
    assert.match(validateKarpenter({ version: "1.15.0" }, "karpenter").join(), /^karpenter\.version: must be 1\.14\.x/);
    assert.match(validateKarpenter({ version: "v1.14.0" }, "karpenter").join(), /must be X\.Y\.Z without a "v"/);
  });
});

describe("validateKarpenterArgs", () => {
  it("asks for what is missing", () => {
    const errors = validateKarpenterArgs({ version: "1.14.0" });
    assert.deepEqual(
      errors.map((error) => error.replace(/:.*/, "")),
      ["clusterName", "interruptionQueue"],
    );
  });
});

describe("renderKarpenterValues", () => {
  it("names the queue by the key that the chart reads, and keeps two replicas apart on system nodes", () => {
    const values = renderKarpenterValues("dev", "queue") as Record<string, unknown>;
    assert.deepEqual(values.settings, { clusterName: "dev", interruptionQueue: "queue" });
    assert.deepEqual([values.replicas, values.serviceAccount], [2, { name: "karpenter" }]);
    assert.match(JSON.stringify(values.affinity), /karpenter\.sh\/nodepool","operator":"DoesNotExist"/);
    assert.match(JSON.stringify(values.affinity), /"topologyKey":"kubernetes\.io\/hostname"/);
  });

  it("turns the feature gate on where disks are counted, and leaves it to the chart otherwise", () => {
    const settingsOf = (...capacity: ["counted" | "exclusive"] | []) =>
      (renderKarpenterValues("dev", "queue", ...capacity) as { settings: object }).settings;
    assert.deepEqual(settingsOf("counted"), {
      clusterName: "dev",
      interruptionQueue: "queue",
      featureGates: { nodeOverlay: true },
    });
    assert.deepEqual(settingsOf("exclusive"), settingsOf());
  });
});
