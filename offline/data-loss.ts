import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What Karpenter does with a node when it receives an interruption. */
export type Action = "drained" | "terminated by force" | "left alone";

/** An event that may end a node or a volume, and its effect on the data: a row of docs/data-loss.md. */
export interface Cause {
  cause: string;
  effect: string;
  /** Karpenter's names of the interruptions that are this cause. */
  interruptions?: Record<string, Action>;
  /** EC2's scheduled events that are this cause. */
  scheduledEvents?: string[];
  /** EC2's status checks whose failure is this cause. */
  statusChecks?: string[];
}

/** The release of Karpenter whose interruptions are listed: test/e2e/data-loss.test.ts compares them with its source. */
export const karpenterRelease = "1.14.0";
/** How long a status check fails before Karpenter terminates the node by force. */
export const secondsUntilForce = 120;

export const causes: Cause[] = [
  {
    cause: "spot interruption",
    effect:
      "**lost**: EC2 takes the instance back two minutes after the warning, even if it is not drained, also in a node group",
    interruptions: { spot_interrupted: "drained" },
  },
  {
    cause: "rebalance recommendation, and any event of AWS that is not in this table",
    effect: "stays: Karpenter does nothing",
    interruptions: { rebalance_recommendation: "left alone", no_op: "left alone" },
  },
  {
    cause: "interrupted capacity reservation",
    effect: "**lost**: Karpenter drains and terminates the node",
    interruptions: { capacity_reservation_interrupted: "drained" },
  },
  {
    cause: "AWS maintenance: a Health event, or an event scheduled for the instance, **including a reboot**",
    effect:
      "**lost**: Karpenter drains and terminates the node. With `karpenter.onMaintenance: hold` it does not receive the event: " +
      "data survives a reboot, and is lost when AWS stops or retires the instance",
    interruptions: { scheduled_change: "drained", event_status: "drained" },
    scheduledEvents: ["instance-reboot", "instance-retirement", "instance-stop", "system-maintenance", "system-reboot"],
  },
  {
    cause: "status check of the instance or its host that fails for two minutes",
    effect: "**lost**: Karpenter terminates the node by force. `hold`: stays, if the instance recovers",
    interruptions: { instance_status: "terminated by force", system_status: "terminated by force" },
    statusChecks: ["instance-status.status", "system-status.status"],
  },
  {
    cause: "instance that a user stops or terminates",
    effect: "**lost**: EC2 erases local disks when an instance stops",
    interruptions: { instance_stopped: "drained", instance_terminated: "drained" },
  },
  {
    cause: "lost node: the instance has failed or disappeared without a warning",
    effect:
      "**lost**: the claim is deleted 15 s after the Node object (`nodeCleanup.claimDeletionDelay`); a StatefulSet recreates " +
      "its claim, other claims must be recreated by hand",
  },
  {
    cause: "upgrade of Bottlerocket or Kubernetes, new boot image, changed setting of nodes (drift)",
    effect:
      "`onDrift: hold`: stays until the node ends for another reason. `replace`: **lost**, a tenth of the pool's nodes at a time",
  },
  {
    cause: "pool switched between `bootstrap` and `udev`",
    effect: "as drift; existing nodes keep their links, so no disk is offered twice",
  },
  { cause: "zone or subnet added", effect: "stays. Nodes of a removed subnet drift" },
  {
    cause: "age (`expireAfter`)",
    effect: "**lost**: Karpenter removes the node by force and ignores disruption budgets. The default is `Never`",
  },
  {
    cause: "scaling to zero",
    effect: "**lost**: Karpenter removes a node without pods after `consolidateAfter`, even with bound claims",
  },
  { cause: "reboot of a node from inside", effect: "stays: links are named by the disk's serial" },
  { cause: "deleted claim, `Delete`", effect: "**lost**: the disk is wiped and offered again" },
  {
    cause: "deleted claim, `Retain`",
    effect:
      "stays. **If you delete the volume by hand, its disk is offered unwiped, with the old data.** Safe: `kubectl patch pv NAME -p " +
      `'{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'\`: the disk is wiped, then offered again`,
  },
  {
    cause: "changed `reclaimPolicy`",
    effect: "stays: the StorageClass is replaced; existing volumes keep their old policy",
  },
  { cause: "pool renamed or removed", effect: "**lost** with the pool's nodes, after their drain" },
  {
    cause:
      "node group: upgrade of Bottlerocket or Kubernetes, new boot image, changed settings, tags, volume sizes, class or discovery",
    effect:
      "**lost**: EKS replaces every node, `maxUnavailable` at a time. **No setting prevents that**, there is no `onDrift`. If a " +
      "disruption budget refuses an eviction for 15 minutes, the update ends with an error, unless `forceUpdateVersion` is on",
  },
  {
    cause: "node group: other `instanceTypes`, another `capacityType`, renamed or removed",
    effect: "**lost** with all nodes of the group, after a drain of at most 5 minutes",
  },
  {
    cause: "node group on spot: rebalance recommendation",
    effect: "**lost**: EKS starts another node, then drains and terminates this one, before any interruption",
  },
  {
    cause: "node group: fewer nodes, by a lower `minSize`, by an autoscaler or by hand",
    effect: "**lost**: EKS chooses the nodes, even if they hold data, and drains them for at most 15 minutes",
  },
  {
    cause: "node group: failed status check, or zones out of balance",
    effect: "**lost**: Auto Scaling terminates the node and starts another one",
  },
  {
    cause: "node group: AWS maintenance",
    effect:
      "stays until AWS stops or retires the instance: no controller drains the node before. A reboot loses nothing",
  },
  {
    cause: "node group: node repair of EKS",
    effect: "stays: it is off. If you turn it on: **lost** with each node that EKS regards as unhealthy",
  },
  {
    cause: "`pulumi destroy`",
    effect: "**lost**. With `cluster.deletionProtection: true` it stops before the first deletion",
  },
];

const header = "| what happens | what it does to data |";

/** The table in docs/data-loss.md. */
export function renderCauses(): string {
  return [header, "| --- | --- |", ...causes.map(({ cause, effect }) => `| ${cause} | ${effect} |`)].join("\n");
}

function main(): void {
  const path = join(__dirname, "..", "docs", "data-loss.md");
  const lines = readFileSync(path, "utf8").split("\n");
  const start = lines.indexOf(header);
  const end = lines.indexOf("", start);
  writeFileSync(path, [...lines.slice(0, start), renderCauses(), ...lines.slice(end)].join("\n"));
}

if (require.main === module) main();
