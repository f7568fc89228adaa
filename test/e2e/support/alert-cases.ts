/** Series of one sample a minute, in the notation of promtool's tests: `1x9` is ten samples. */
export type Samples = [series: string, values: string][];

/** What an alert is given, and what it does at the last minute. */
export interface AlertCase {
  alert: string;
  what: string;
  samples: Samples;
  minutes: number;
  /** Labels of what fires, without the severity; nothing where it must not fire. */
  fires?: Record<string, string>;
}

/** Names of the plan that metrics carry. */
export interface PlannedNames {
  localVolumes: string;
  nodeCleanup: string;
  diskController: string;
  /** A NodePool. */
  nodePool: string;
}

const day = 86400;

/** For each alert at least one case in which it fires, and one in which it does not. `fast-disks` is wiped fast, `dense` slowly. */
export function alertCases({ localVolumes, nodeCleanup, diskController, nodePool }: PlannedNames): AlertCase[] {
  const controller = (metric: string, labels = "", replica = "a") =>
    `fast_disks_controller_${metric}{namespace="${diskController}",pod="${replica}"${labels}}`;
  const provisioner = (metric: string, labels = "") =>
    `local_volume_provisioner_${metric}{namespace="${localVolumes}",pod="p"${labels}}`;
  const cleanup = (metric: string, labels = "") =>
    `local_volume_node_cleanup_${metric}{namespace="${nodeCleanup}"${labels}}`;
  const missing = controller("node_missing_bytes", ',node="n",storage_class="fast-disks"');
  const bare = controller("nodes", ',state="without-volumes"');
  const lost = controller("claim_on_lost_node", ',claim="default/data-0"');
  const lastSync = controller("last_sync_timestamp_seconds");
  const created = provisioner("apiserver_requests_failed_total", ',method="create"');
  const ready = `kube_pod_status_ready{namespace="${localVolumes}",pod="p",condition="true"}`;
  const pool = (metric: string, name = nodePool) =>
    `karpenter_nodepools_${metric}{nodepool="${name}",resource_type="cpu"}`;
  const noCapacity = (name = nodePool) =>
    `karpenter_nodeclaims_disrupted_total{nodepool="${name}",reason="insufficient_capacity",capacity_type="spot"}`;
  const condition = (type: string, name = nodePool) =>
    `operator_nodeclaim_status_condition_current_status_seconds{name="n",type="${type}",status="True",karpenter_sh_nodepool="${name}"}`;
  const volume = (storageClass: string, policy: string, released: string): Samples => [
    [
      `kube_persistentvolume_info{persistentvolume="v",storageclass="${storageClass}",reclaim_policy="${policy}"}`,
      "1x3000",
    ],
    ['kube_persistentvolume_status_phase{persistentvolume="v",phase="Released"}', released],
    ['kube_persistentvolume_status_phase{persistentvolume="v",phase="Bound"}', "0x3000"],
  ];
  const waiting = (storageClass: string, values: string): Samples => [
    ['kube_pod_status_unschedulable{namespace="default",pod="db-0"}', values],
    [
      'kube_pod_spec_volumes_persistentvolumeclaims_info{namespace="default",pod="db-0",volume="data",persistentvolumeclaim="data-0"}',
      "1x60",
    ],
    [
      `kube_persistentvolumeclaim_info{namespace="default",persistentvolumeclaim="data-0",storageclass="${storageClass}"}`,
      "1x60",
    ],
  ];
  const one = (alert: string, what: string, samples: Samples, minutes: number, fires?: Record<string, string>) => ({
    alert,
    what,
    samples,
    minutes,
    ...(fires && { fires }),
  });
  return [
    one("FastDisksMissing", "a disk is missing for ten minutes", [[missing, "1e9x10"]], 10, { node: "n" }),
    one("FastDisksMissing", "a disk comes after eight minutes", [[missing, "1e9x8 stale"]], 12),
    one("FastDisksNoVolumes", "a node has no volume for ten minutes", [[bare, "1x10"]], 10, {
      namespace: diskController,
    }),
    one("FastDisksNoVolumes", "nodes boot", [[bare, "0 1x3 0 1x3 0 1x3"]], 12),
    one("FastDisksClaimOnLostNode", "a claim is not deleted in five minutes", [[lost, "1x5"]], 5, {
      claim: "default/data-0",
    }),
    one("FastDisksClaimOnLostNode", "a claim is deleted after a minute", [[lost, "1x1 stale"]], 6),
    one("FastDisksControllerStale", "the last look was long ago", [[lastSync, "60x20"]], 12, {}),
    one("FastDisksControllerStale", "nothing is read", [], 5, { namespace: diskController }),
    one(
      "FastDisksControllerStale",
      "one of two replicas writes",
      [
        [lastSync, "0+60x20"],
        [controller("last_sync_timestamp_seconds", "", "b"), "0x20"],
      ],
      20,
    ),
    one("FastDisksDiscoveryFailing", "volumes are refused all the time", [[created, "0+6x40"]], 40, { pod: "p" }),
    one("FastDisksDiscoveryFailing", "one is refused once", [[created, "0x9 1x40"]], 40),
    one(
      "FastDisksDiscoveryFailing",
      "others are refused",
      [[provisioner("apiserver_requests_failed_total", ',method="delete"'), "0+6x40"]],
      40,
    ),
    one("FastDisksProvisionerDown", "a pod is not ready for a quarter of an hour", [[ready, "0x15"]], 15, { pod: "p" }),
    one("FastDisksProvisionerDown", "a pod starts", [[ready, "0x9 1x9"]], 16),
    one("FastDisksWipeFailing", "a wipe is tried again and again", [[provisioner("proctable_failed"), "0+6x40"]], 40, {
      pod: "p",
    }),
    one(
      "FastDisksWipeFailing",
      "a wipe cannot start",
      [[provisioner("persistentvolume_delete_failed_total", ',mode="Block",type="process"'), "0+6x40"]],
      40,
      { pod: "p" },
    ),
    one("FastDisksWipeFailing", "a wipe failed once", [[provisioner("proctable_failed"), "0x9 1x40"]], 40),
    one("FastDisksWipeStuck", "a volume is released for an hour", volume("fast-disks", "Delete", "1x3000"), 60, {
      persistentvolume: "v",
      storageclass: "fast-disks",
    }),
    one("FastDisksWipeStuck", "a volume is wiped in time", volume("fast-disks", "Delete", "1x20 0x3000"), 60),
    one("FastDisksWipeStuck", "a volume is retained", volume("fast-disks", "Retain", "1x3000"), 120),
    one("FastDisksWipeStuck", "a volume of another class", volume("gp3", "Delete", "1x3000"), 120),
    one("FastDisksWipeStuck", "a slow wipe takes a day", volume("dense", "Delete", "1x3000"), 24 * 60),
    one("FastDisksWipeStuck", "a slow wipe takes two days", volume("dense", "Delete", "1x3000"), 48 * 60, {
      persistentvolume: "v",
      storageclass: "dense",
    }),
    one("FastDisksPodPending", "a pod waits a quarter of an hour", waiting("fast-disks", "1x60"), 15, {
      namespace: "default",
      pod: "db-0",
    }),
    one("FastDisksPodPending", "a pod waits for its node", waiting("fast-disks", "1x5 stale"), 16),
    one("FastDisksPodPending", "a pod waits for another class", waiting("gp3", "1x60"), 30),
    one("FastDisksNoCapacity", "every try fails", [[noCapacity(), "1x2 2x2 3x2 4x2 5x2 6x20"]], 25, {
      nodepool: nodePool,
    }),
    one("FastDisksNoCapacity", "a try fails once", [[noCapacity(), "0x9 1x30"]], 30),
    one("FastDisksNoCapacity", "another pool's fail", [[noCapacity("other"), "0+1x30"]], 30),
    one(
      "FastDisksPoolAtLimit",
      "no further node fits",
      [
        [pool("usage"), "96x20"],
        [pool("limit"), "100x20"],
      ],
      15,
      { nodepool: nodePool, resource_type: "cpu" },
    ),
    one(
      "FastDisksPoolAtLimit",
      "others fit",
      [
        [pool("usage"), "88x20"],
        [pool("limit"), "100x20"],
      ],
      20,
    ),
    one("FastDisksCleanupDown", "nothing is read", [], 10, { namespace: nodeCleanup }),
    one("FastDisksCleanupDown", "it runs", [[cleanup("persistentvolumeclaim_delete_total"), "0x20"]], 20),
    one(
      "FastDisksCleanupFailing",
      "claims cannot be deleted",
      [[cleanup("persistentvolumeclaim_delete_failed_total"), "0+6x40"]],
      40,
      { namespace: nodeCleanup },
    ),
    one(
      "FastDisksCleanupFailing",
      "volumes cannot be deleted",
      [[cleanup("persistentvolume_delete_failed_total", ',phase="Available"'), "0+6x40"]],
      40,
      { namespace: nodeCleanup },
    ),
    one(
      "FastDisksCleanupFailing",
      "a claim was deleted by somebody else",
      [[cleanup("persistentvolumeclaim_delete_failed_total"), "0x9 1x40"]],
      40,
    ),
    one("FastDisksDriftHeld", "30 days", [[condition("Drifted"), `${30 * day + 1}+60x9`]], 5, {
      name: "n",
      karpenter_sh_nodepool: nodePool,
    }),
    one("FastDisksDriftHeld", "29 days", [[condition("Drifted"), `${29 * day}+60x9`]], 9),
    one("FastDisksDriftHeld", "in service for long", [[condition("Ready"), `${60 * day}+60x9`]], 9),
    one("FastDisksKarpenterSilent", "nothing is read", [], 15, {}),
    one("FastDisksKarpenterSilent", "Karpenter is read", [[pool("limit"), "100x20"]], 20),
  ];
}
