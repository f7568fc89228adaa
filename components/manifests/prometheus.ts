import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { text } from "./example";
import { isLabelKey, isLabelValue } from "./label";
import { check } from "./validation";
import type { Shape } from "./validation";

/** How a Prometheus operator and Grafana find rules, monitors and the dashboard. */
export interface PrometheusArgs {
  /** Namespace of all of them; it must exist. @default - a new one */
  namespace?: pulumi.Input<string>;
  /**
   * Labels of all of them. An operator may select only objects with its own label, for kube-prometheus-stack
   * `release: <name of its Helm release>`. @default - none
   */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Label of the dashboard's ConfigMap, for Grafana's sidecar. @default "grafana_dashboard" */
  dashboardLabel?: pulumi.Input<string>;
}
export type PrometheusSpec = pulumi.Unwrap<PrometheusArgs>;

export const prometheusShape = {
  namespace: text("monitoring").optional(),
  labels: z
    .record(z.string(), z.string())
    .meta({ example: { release: "kube-prometheus-stack" } })
    .optional(),
  dashboardLabel: text("grafana_dashboard").optional(),
} satisfies Shape<PrometheusSpec>;

export const prometheusSchema = z.strictObject(prometheusShape);

export function validatePrometheus(spec: PrometheusSpec, path: string): string[] {
  return check(path, [
    () =>
      spec.namespace !== undefined &&
      !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(spec.namespace) &&
      `namespace: must be a Kubernetes name such as "monitoring", got "${spec.namespace}"`,
    () =>
      Object.entries(spec.labels ?? {}).flatMap(([key, value]) =>
        isLabelKey(key) && isLabelValue(value)
          ? []
          : [`labels.${key}: must be a Kubernetes label, got "${key}: ${value}"`],
      ),
    () =>
      spec.dashboardLabel !== undefined &&
      !isLabelKey(spec.dashboardLabel) &&
      `dashboardLabel: must be the key of a Kubernetes label, got "${spec.dashboardLabel}"`,
  ]);
}

/** Labels of the dashboard's ConfigMap. */
export function dashboardLabelsOf(spec: PrometheusSpec): Record<string, string> {
  return { ...spec.labels, [spec.dashboardLabel ?? "grafana_dashboard"]: "1" };
}
