import type { MonitoringSpec } from "./monitoring";

interface Curve {
  expr: string;
  /** Grafana's name of the curve, with labels as `{{label}}`. */
  legend: string;
}

interface Graph {
  title: string;
  unit: "short" | "bytes" | "percentunit" | "s";
  curves: Curve[];
}

const columns = 3;
const width = 24 / columns;
const height = 8;
const datasource = { type: "prometheus", uid: "${datasource}" };

/** A Grafana dashboard, as JSON (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/). */
export function renderDashboard(name: string, spec: MonitoringSpec): string {
  const dashboard = {
    // Grafana's maximum length.
    uid: name.slice(0, 40),
    title: `EKS fast disks: ${name}`,
    tags: ["eks-fast-disks"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    templating: { list: [{ name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" }] },
    panels: graphsOf(spec).map(renderPanel),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function renderPanel({ title, unit, curves }: Graph, index: number) {
  return {
    id: index + 1,
    title,
    type: "timeseries",
    datasource,
    gridPos: { x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    targets: curves.map(({ expr, legend }, position) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + position),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

function graphsOf(spec: MonitoringSpec): Graph[] {
  const { diskControllerNamespace, localVolumesNamespace, nodeCleanupNamespace, nodePools = [] } = spec;
  return [
    ...(diskControllerNamespace === undefined ? [] : diskGraphs(diskControllerNamespace)),
    ...volumeGraphs(Object.keys(spec.storageClasses)),
    ...(localVolumesNamespace === undefined ? [] : provisionerGraphs(localVolumesNamespace)),
    ...(nodeCleanupNamespace === undefined ? [] : nodeCleanupGraphs(nodeCleanupNamespace)),
    ...(nodePools.length === 0 ? [] : nodePoolGraphs(nodePools)),
  ];
}

function diskGraphs(namespace: string): Graph[] {
  const ours = `namespace="${namespace}"`;
  return [
    {
      title: "Disks",
      unit: "short",
      curves: [{ expr: `max by (state) (fast_disks_controller_disks{${ours}})`, legend: "{{state}}" }],
    },
    {
      title: "Nodes with disks",
      unit: "short",
      curves: [{ expr: `max by (state) (fast_disks_controller_nodes{${ours}})`, legend: "{{state}}" }],
    },
    {
      title: "Missing disk space per node",
      unit: "bytes",
      curves: [
        { expr: `max by (node) (fast_disks_controller_node_missing_bytes{${ours},node!=""})`, legend: "{{node}}" },
      ],
    },
    {
      title: "Disk controller: time since the last complete check",
      unit: "s",
      curves: [
        { expr: `time() - max(fast_disks_controller_last_sync_timestamp_seconds{${ours}})`, legend: "last check" },
      ],
    },
    {
      title: "Disk controller: actions",
      unit: "short",
      curves: [
        {
          expr: `sum by (kind) (increase(fast_disks_controller_patches_total{${ours}}[$__rate_interval]))`,
          legend: "nodes changed: {{kind}}",
        },
        {
          expr: `sum(increase(fast_disks_controller_pods_deleted_total{${ours}}[$__rate_interval]))`,
          legend: "pods of lost nodes deleted",
        },
        {
          expr: `sum by (what) (increase(fast_disks_controller_errors_total{${ours}}[$__rate_interval]))`,
          legend: "errors: {{what}}",
        },
      ],
    },
  ];
}

function volumeGraphs(classes: string[]): Graph[] {
  const info = `kube_persistentvolume_info{storageclass=~"${classes.join("|")}"}`;
  const ofClass = `on (persistentvolume) group_left (storageclass) max by (persistentvolume, storageclass) (${info})`;
  const claims = `kube_persistentvolumeclaim_info{storageclass=~"${classes.join("|")}"}`;
  return [
    {
      title: "Volumes",
      unit: "short",
      curves: [
        {
          expr: `sum by (storageclass, phase) (max by (persistentvolume, phase) (kube_persistentvolume_status_phase) * ${ofClass})`,
          legend: "{{storageclass}} {{phase}}",
        },
      ],
    },
    {
      title: "Bytes of volumes",
      unit: "bytes",
      curves: [
        {
          expr: `sum by (storageclass) (max by (persistentvolume) (kube_persistentvolume_capacity_bytes) * ${ofClass})`,
          legend: "{{storageclass}}",
        },
      ],
    },
    {
      title: "Claims",
      unit: "short",
      curves: [
        {
          expr: `sum by (phase) (max by (namespace, persistentvolumeclaim, phase) (kube_persistentvolumeclaim_status_phase) * on (namespace, persistentvolumeclaim) group_left () max by (namespace, persistentvolumeclaim) (${claims}))`,
          legend: "{{phase}}",
        },
      ],
    },
  ];
}

function provisionerGraphs(namespace: string): Graph[] {
  const sum = (metric: string) =>
    `sum(increase(local_volume_provisioner_${metric}{namespace="${namespace}"}[$__rate_interval]))`;
  return [
    {
      title: "Provisioners",
      unit: "short",
      curves: [
        { expr: sum("persistentvolume_discovery_total"), legend: "volumes created" },
        { expr: sum("proctable_succeeded"), legend: "disks wiped" },
        { expr: sum("proctable_failed"), legend: "wipes failed" },
        {
          expr: `sum(local_volume_provisioner_proctable_running{namespace="${namespace}"})`,
          legend: "disks being wiped",
        },
      ],
    },
  ];
}

function nodeCleanupGraphs(namespace: string): Graph[] {
  const sum = (metric: string) =>
    `sum(increase(local_volume_node_cleanup_${metric}{namespace="${namespace}"}[$__rate_interval]))`;
  return [
    {
      title: "Cleanup of lost nodes",
      unit: "short",
      curves: [
        { expr: sum("persistentvolumeclaim_delete_total"), legend: "claims deleted" },
        { expr: sum("persistentvolume_delete_total"), legend: "volumes deleted" },
        { expr: sum("persistentvolumeclaim_delete_failed_total"), legend: "claims not deleted" },
        { expr: sum("persistentvolume_delete_failed_total"), legend: "volumes not deleted" },
      ],
    },
  ];
}

function nodePoolGraphs(nodePools: string[]): Graph[] {
  const pools = nodePools.join("|");
  const perPool = (metric: string) =>
    `max by (nodepool, resource_type) (karpenter_nodepools_${metric}{nodepool=~"${pools}"})`;
  return [
    {
      title: "Pools: used share of their limits",
      unit: "percentunit",
      curves: [{ expr: `${perPool("usage")} / ${perPool("limit")}`, legend: "{{nodepool}} {{resource_type}}" }],
    },
    {
      title: "Pools: nodes removed",
      unit: "short",
      curves: [
        {
          expr: `sum by (nodepool, reason) (increase(karpenter_nodeclaims_disrupted_total{nodepool=~"${pools}"}[$__rate_interval]))`,
          legend: "{{nodepool}} {{reason}}",
        },
      ],
    },
    {
      title: "Pools: nodes that are out of date",
      unit: "short",
      curves: [
        {
          expr: `count by (karpenter_sh_nodepool) (operator_nodeclaim_status_condition_current_status_seconds{type="Drifted",status="True",karpenter_sh_nodepool=~"${pools}"})`,
          legend: "{{karpenter_sh_nodepool}}",
        },
      ],
    },
  ];
}
