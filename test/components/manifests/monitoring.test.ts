import assert from "node:assert/strict";
import { validateMonitoringArgs } from "../../../components/manifests/monitoring";
import { refusesEach } from "../../support/errors";

describe("validateMonitoringArgs", () => {
  const storageClasses = { a: {} };
  it("takes classes alone, and parts by their namespaces", () => {
    assert.deepEqual(validateMonitoringArgs({ storageClasses }), []);
    const parts = { localVolumesNamespace: "v", nodeCleanupNamespace: "c", diskControllerNamespace: "d" };
    assert.deepEqual(validateMonitoringArgs({ storageClasses, ...parts, nodePools: ["p"] }), []);
  });
  refusesEach<object>(validateMonitoringArgs, [
    ["no class", { storageClasses: {} }, /^storageClasses: must have at least one class, got none/],
    ["a class that is none", { storageClasses: { a: { wipe: "no" } } }, /^storageClasses\.a\.wipe: must be one of/],
    ["what the operator's labels may not be", { storageClasses, labels: { a: "b c" } }, /^labels\.a: must be/],
    ["a part as a table", { storageClasses, nodeCleanupNamespace: {} }, /^nodeCleanupNamespace: must be a string/],
    [
      "a part that there is not",
      { storageClasses, cleanupNamespace: "a" },
      /^cleanupNamespace: no such setting; did you mean "nodeCleanupNamespace"/,
    ],
  ]);
});
