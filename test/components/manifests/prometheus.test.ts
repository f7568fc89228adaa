import assert from "node:assert/strict";
import { validateMonitoringArgs } from "../../../components/manifests/monitoring";
import { dashboardLabelsOf } from "../../../components/manifests/prometheus";
import { refusesEach } from "../../support/errors";

describe("validateMonitoringArgs", () => {
  const storageClasses = { a: {} };
  it("takes labels of a Prometheus operator", () => {
    const labels = { release: "kube-prometheus-stack", "example.com/team": "a" };
    assert.deepEqual(validateMonitoringArgs({ storageClasses, labels, namespace: "monitoring" }), []);
  });
  refusesEach<object>(validateMonitoringArgs, [
    ["no class", { storageClasses: {} }, /^storageClasses: must have at least one class, got none/],
    [
      "a namespace that is none",
      { storageClasses, namespace: "A b" },
      /^namespace: must be a Kubernetes name such as "monitoring", got "A b"/,
    ],
    [
      "a label that is none",
      { storageClasses, labels: { a: "b c" } },
      /^labels\.a: must be a Kubernetes label, got "a: b c"/,
    ],
    ["a number as label", { storageClasses, labels: { a: 1 } }, /^labels\.a: must be a string, got 1/],
    [
      "a dashboard's label that is none",
      { storageClasses, dashboardLabel: "a b" },
      /^dashboardLabel: must be the key of a Kubernetes label, got "a b"/,
    ],
    ["true as labels", { storageClasses, labels: true }, /^labels: must be a table, got true/],
  ]);
});

describe("dashboardLabelsOf", () => {
  it("is what Grafana's sidecar looks for, beside the operator's", () => {
    assert.deepEqual(dashboardLabelsOf({ labels: { a: "b" } }), { a: "b", grafana_dashboard: "1" });
    assert.deepEqual(dashboardLabelsOf({ dashboardLabel: "mine" }), { mine: "1" });
  });
});
