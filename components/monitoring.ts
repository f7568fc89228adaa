import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { renderPrometheusRule } from "./manifests/alerts";
import { renderDashboard } from "./manifests/dashboard";
import { validateMonitoringArgs } from "./manifests/monitoring";
import type { MonitoringArgs } from "./manifests/monitoring";
import { dashboardLabelsOf } from "./manifests/prometheus";
import { renderProvisionerService, renderServiceMonitor, serviceLabels, targets } from "./manifests/service-monitor";
import { resourceName } from "./resource-name";

const apiVersion = "monitoring.coreos.com/v1";

/**
 * Alerts, each explained in the runbook, a dashboard, and the monitors for the parts' metrics in Prometheus. The cluster
 * needs the kinds of the Prometheus operator and kube-state-metrics; kube-prometheus-stack has both.
 *
 *     new Monitoring("monitoring", {
 *       storageClasses: { "fast-disks": {} },
 *       nodePools: [pool.nodePoolName],
 *       localVolumesNamespace: volumes.namespace,
 *       nodeCleanupNamespace: cleanup.namespace,
 *       diskControllerNamespace: controller.namespace,
 *       labels: { release: "kube-prometheus-stack" },
 *     });
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Monitoring", name, args, opts);
    const checked = checkArgs(this, args, validateMonitoringArgs);
    const options = childOptions(this, opts);
    const child = (key: string) => resourceName("object", `${name}-${key}`);
    const namespace = checked.namespace ?? new k8s.core.v1.Namespace(child("namespace"), {}, options).metadata.name;
    const { labels } = checked;
    const spec = pulumi.output(checked);
    new k8s.apiextensions.CustomResource(
      child("alerts"),
      { apiVersion, kind: "PrometheusRule", metadata: { namespace, labels }, spec: spec.apply(renderPrometheusRule) },
      options,
    );
    const { localVolumesNamespace, nodeCleanupNamespace, diskControllerNamespace, karpenterNamespace } = checked;
    const watch = (part: keyof typeof targets, of: pulumi.Input<string> | undefined) => {
      if (of === undefined) return;
      new k8s.apiextensions.CustomResource(
        child(targets[part].service),
        {
          apiVersion,
          kind: "ServiceMonitor",
          metadata: { namespace, labels },
          spec: pulumi.output(of).apply((known) => renderServiceMonitor(targets[part], known)),
        },
        options,
      );
    };
    watch("provisioner", localVolumesNamespace);
    watch("nodeCleanup", nodeCleanupNamespace);
    watch("diskController", diskControllerNamespace);
    watch("karpenter", karpenterNamespace);
    if (localVolumesNamespace !== undefined)
      new k8s.core.v1.Service(
        child("provisioner"),
        {
          metadata: {
            namespace: localVolumesNamespace,
            labels: serviceLabels(targets.provisioner),
            // The Service has no pods before the first node.
            annotations: { "pulumi.com/skipAwait": "true" },
          },
          spec: renderProvisionerService(),
        },
        options,
      );
    new k8s.core.v1.ConfigMap(
      child("dashboard"),
      {
        metadata: { namespace, labels: spec.apply(dashboardLabelsOf) },
        data: spec.apply((known) => ({ [`${name}.json`]: renderDashboard(name, known) })),
      },
      // Grafana's sidecar would delete the file of the new ConfigMap with the old one.
      pulumi.mergeOptions(options, { deleteBeforeReplace: true }),
    );
    this.registerOutputs({});
  }
}
