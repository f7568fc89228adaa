import assert from "node:assert/strict";
import { dashboardLabelsOf, prometheusSchema, validatePrometheus } from "../../../components/manifests/prometheus";
import { validateBy } from "../../../components/manifests/validation";
import { refusesEach } from "../../support/errors";

const validate = (spec: object) => validateBy(prometheusSchema, validatePrometheus, spec);

describe("validatePrometheus", () => {
  it("takes labels of a Prometheus operator", () => {
    const labels = { release: "kube-prometheus-stack", "example.com/team": "a" };
    assert.deepEqual(validate({ labels, namespace: "monitoring" }), []);
  });
  refusesEach<object>(validate, [
    [
      "a namespace that is none",
      { namespace: "A b" },
      /^namespace: must be a Kubernetes name such as "monitoring", got "A b"/,
    ],
    ["a label that is none", { labels: { a: "b c" } }, /^labels\.a: must be a Kubernetes label, got "a: b c"/],
    ["a number as label", { labels: { a: 1 } }, /^labels\.a: must be a string, got 1/],
    [
      "a dashboard's label that is none",
      { dashboardLabel: "a b" },
      /^dashboardLabel: must be the key of a Kubernetes label, got "a b"/,
    ],
    ["true as labels", { labels: true }, /^labels: must be a table, got true/],
  ]);
});

describe("dashboardLabelsOf", () => {
  it("is what Grafana's sidecar looks for, beside the operator's", () => {
    assert.deepEqual(dashboardLabelsOf({ labels: { a: "b" } }), { a: "b", grafana_dashboard: "1" });
    assert.deepEqual(dashboardLabelsOf({ dashboardLabel: "mine" }), { mine: "1" });
  });
});
