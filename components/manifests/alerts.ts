import { names } from "../names";
import type { MonitoringSpec } from "./monitoring";
import { Wipe } from "./storage-class";
import type { StorageClassSpec } from "./storage-class";

interface Alert {
  /** Name, and heading of its section in docs/runbook.md. */
  alert: string;
  expr: string;
  /** How long the expression must have a result. */
  for: string;
  severity: "critical" | "warning" | "info";
  summary: string;
}

/** A rule of a PrometheusRule. */
export interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

/** PrometheusRule's `spec`, with the alerts of the parts that exist. */
export function renderPrometheusRule(spec: MonitoringSpec): { groups: { name: string; rules: Rule[] }[] } {
  const { localVolumesNamespace, nodeCleanupNamespace, diskControllerNamespace, nodePools = [] } = spec;
  const alerts = [
    ...(diskControllerNamespace === undefined ? [] : diskControllerAlerts(diskControllerNamespace, spec)),
    ...(localVolumesNamespace === undefined ? [] : provisionerAlerts(localVolumesNamespace)),
    ...(nodeCleanupNamespace === undefined ? [] : nodeCleanupAlerts(nodeCleanupNamespace)),
    ...volumeAlerts(spec.storageClasses),
    ...(nodePools.length === 0 ? [] : nodePoolAlerts(nodePools)),
  ];
  return { groups: [{ name: "eks-fast-disks", rules: alerts.map(renderRule) }] };
}

function renderRule({ severity, summary, ...rule }: Alert): Rule {
  const runbook = `${names.runbook}#${rule.alert.toLowerCase()}`;
  return { ...rule, labels: { severity }, annotations: { summary, runbook_url: runbook } };
}

/** A selector's pattern that matches each of these names. */
function oneOf(values: string[]): string {
  return values.join("|");
}

function diskControllerAlerts(namespace: string, { storageClasses }: MonitoringSpec): Alert[] {
  const lastSync = `fast_disks_controller_last_sync_timestamp_seconds{namespace="${namespace}"}`;
  // A class with a pattern may have fewer volumes than disks.
  const whole = Object.keys(storageClasses).filter((name) => (storageClasses[name]?.namePattern ?? "*") === "*");
  return [
    ...(whole.length === 0
      ? []
      : [
          {
            alert: "FastDisksMissing",
            expr: `max by (node) (fast_disks_controller_node_missing_bytes{namespace="${namespace}",storage_class=~"${oneOf(whole)}"}) > 0`,
            for: "10m",
            severity: "warning",
            summary: "{{ $labels.node }} has fewer disks than its instance type",
          } as const,
        ]),
    {
      alert: "FastDisksNoVolumes",
      expr: `max by (namespace) (fast_disks_controller_nodes{namespace="${namespace}",state="without-volumes"}) > 0`,
      for: "10m",
      severity: "critical",
      summary: "A node for fast disks has no volume",
    },
    {
      alert: "FastDisksClaimOnLostNode",
      expr: `max by (claim) (fast_disks_controller_claim_on_lost_node{namespace="${namespace}"}) > 0`,
      for: "5m",
      severity: "critical",
      summary: "Claim {{ $labels.claim }} is bound to a lost node",
    },
    {
      alert: "FastDisksControllerStale",
      expr: `time() - max(${lastSync}) > 300 or absent(${lastSync})`,
      for: "5m",
      severity: "critical",
      summary: "No disk controller has updated the nodes for five minutes",
    },
  ];
}

function provisionerAlerts(namespace: string): Alert[] {
  const often = (metric: string, labels = "") =>
    `sum by (pod) (increase(local_volume_provisioner_${metric}{namespace="${namespace}"${labels}}[30m])) > 2`;
  return [
    {
      alert: "FastDisksDiscoveryFailing",
      expr: often("apiserver_requests_failed_total", ',method="create"'),
      for: "5m",
      severity: "critical",
      summary: "Provisioner {{ $labels.pod }} cannot create volumes for its node's disks",
    },
    {
      alert: "FastDisksProvisionerDown",
      expr: `max by (pod) (kube_pod_status_ready{namespace="${namespace}",condition="true"}) == 0`,
      for: "15m",
      severity: "critical",
      summary: "Provisioner {{ $labels.pod }} does not run",
    },
    {
      alert: "FastDisksWipeFailing",
      expr: `${often("proctable_failed")} or ${often("persistentvolume_delete_failed_total")}`,
      for: "5m",
      severity: "warning",
      summary: "Provisioner {{ $labels.pod }} fails to wipe disks",
    },
  ];
}

function nodeCleanupAlerts(namespace: string): Alert[] {
  const metric = (name: string) => `local_volume_node_cleanup_${name}{namespace="${namespace}"}`;
  const often = (name: string) => `sum by (namespace) (increase(${metric(name)}[30m])) > 2`;
  return [
    {
      alert: "FastDisksCleanupDown",
      expr: `absent(${metric("persistentvolumeclaim_delete_total")})`,
      for: "10m",
      severity: "critical",
      summary: "The node-cleanup controller does not run, or Prometheus cannot reach it",
    },
    {
      alert: "FastDisksCleanupFailing",
      expr: `${often("persistentvolumeclaim_delete_failed_total")} or ${often("persistentvolume_delete_failed_total")}`,
      for: "5m",
      severity: "critical",
      summary: "The node-cleanup controller fails to delete claims or volumes of lost nodes",
    },
  ];
}

/** Alerts on kube-state-metrics of volumes and pods. */
function volumeAlerts(storageClasses: Record<string, StorageClassSpec>): Alert[] {
  const classes = Object.keys(storageClasses);
  const isSlow = (name: string) => [Wipe.zero, Wipe.shred].some((slow) => slow === storageClasses[name]?.wipe);
  const stuck = (some: string[], hours: number): Alert[] =>
    some.length === 0
      ? []
      : [
          {
            alert: "FastDisksWipeStuck",
            expr:
              `max by (persistentvolume, storageclass) (kube_persistentvolume_info{storageclass=~"${oneOf(some)}",reclaim_policy="Delete"})` +
              ' and on (persistentvolume) (kube_persistentvolume_status_phase{phase=~"Released|Failed"} == 1)',
            for: `${hours}h`,
            severity: "warning",
            summary: `Volume {{ $labels.persistentvolume }} has not been wiped for ${hours} h`,
          },
        ];
  const claims = `kube_persistentvolumeclaim_info{storageclass=~"${oneOf(classes)}"}`;
  return [
    ...stuck(
      classes.filter((name) => !isSlow(name)),
      1,
    ),
    ...stuck(classes.filter(isSlow), 48),
    {
      alert: "FastDisksPodPending",
      expr:
        "max by (namespace, pod) (kube_pod_status_unschedulable) > 0 and on (namespace, pod) (" +
        "max by (namespace, pod, persistentvolumeclaim) (kube_pod_spec_volumes_persistentvolumeclaims_info)" +
        ` * on (namespace, persistentvolumeclaim) group_left () max by (namespace, persistentvolumeclaim) (${claims}))`,
      for: "15m",
      severity: "warning",
      summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} waits for a disk",
    },
  ];
}

function nodePoolAlerts(nodePools: string[]): Alert[] {
  const pools = oneOf(nodePools);
  const perPool = (metric: string) =>
    `max by (nodepool, resource_type) (karpenter_nodepools_${metric}{nodepool=~"${pools}"})`;
  return [
    {
      alert: "FastDisksNoCapacity",
      expr: `sum by (nodepool) (increase(karpenter_nodeclaims_disrupted_total{nodepool=~"${pools}",reason="insufficient_capacity"}[30m])) > 2`,
      for: "5m",
      severity: "warning",
      summary: "EC2 has no capacity for NodePool {{ $labels.nodepool }}",
    },
    {
      alert: "FastDisksPoolAtLimit",
      expr: `${perPool("usage")} / ${perPool("limit")} > 0.9`,
      for: "15m",
      severity: "warning",
      summary: "NodePool {{ $labels.nodepool }} has used 90% of its limit of {{ $labels.resource_type }}",
    },
    {
      alert: "FastDisksDriftHeld",
      expr: `max by (name, karpenter_sh_nodepool) (operator_nodeclaim_status_condition_current_status_seconds{type="Drifted",status="True",karpenter_sh_nodepool=~"${pools}"}) > 30 * 86400`,
      for: "5m",
      severity: "info",
      summary: "NodeClaim {{ $labels.name }} has been out of date for 30 days",
    },
    {
      alert: "FastDisksKarpenterSilent",
      expr: `absent(karpenter_nodepools_limit{nodepool=~"${pools}"})`,
      for: "15m",
      severity: "warning",
      summary: "Prometheus has no metrics of the NodePools: Karpenter does not run, or is not scraped",
    },
  ];
}
