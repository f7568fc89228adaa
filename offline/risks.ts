import { names } from "../components/names";
import type { Resource } from "./graph";
import { inputsOf, isSizedElsewhere } from "./planned-group";
import type { PlannedGroup } from "./planned-group";
import { holdsDrift, replacedAtATime, specOf } from "./planned-pool";

const spotInterruption = "a spot interruption: data is lost two minutes after the warning";

/** What destroys data of a pool, and when, in sentences. */
export function risksOfPool(pool: Resource, resources: Resource[]): string[] {
  const { template, disruption } = specOf(pool);
  const { labels } = template.metadata;
  const receivesHealth = resources.some(({ inputs }) => String(inputs.eventPattern).includes("aws.health"));
  const drifted = holdsDrift(pool)
    ? "held: nodes stay as they are until they end for another reason"
    : `replaced, ${replacedAtATime(pool)} of the nodes at a time, with all data on them`;
  return [
    spotInterruption,
    receivesHealth
      ? "AWS maintenance, including a reboot, or failed status checks: the node is drained and terminated, with all data on it"
      : "AWS maintenance: held; a node stays until AWS stops it, and then its data is lost",
    `an upgrade of Bottlerocket or Kubernetes, a changed boot image, changed settings: ${drifted}`,
    `a discovery other than ${labels[names.discoveryLabel] ?? ""}: counts as changed settings; existing nodes keep theirs, so no disk is offered twice`,
    template.spec.expireAfter === "Never"
      ? "age: never"
      : `age: ${template.spec.expireAfter}, then the node is removed by force, with all data on it`,
    `scaling to zero: ${disruption.consolidateAfter} after its last pod a node is removed with its data, even with bound claims`,
    deletedClaim(labels, resources),
    `pulumi destroy: all data, after a drain of at most ${template.spec.terminationGracePeriod}`,
  ];
}

/** What destroys data of a node group, and when, in sentences. */
export function risksOfGroup(group: PlannedGroup, resources: Resource[]): string[] {
  const { capacityType, updateConfig, scalingConfig } = inputsOf(group);
  const size = isSizedElsewhere(group)
    ? `fewer nodes, by an autoscaler or by hand, from ${scalingConfig.minSize} to ${scalingConfig.maxSize}`
    : `fewer nodes than ${scalingConfig.desiredSize}, by a lower minSize or by hand`;
  return [
    ...(capacityType === "SPOT"
      ? [
          spotInterruption,
          "a rebalance recommendation: EKS starts another node, and drains and terminates this one, with all data on it",
        ]
      : []),
    "an upgrade of Bottlerocket or Kubernetes, a changed boot image, changed settings, tags or volume sizes: " +
      `every node is replaced, ${updateConfig?.maxUnavailable ?? 1} at a time, with all data on it; no setting prevents that`,
    `a discovery other than ${group.labels[names.discoveryLabel] ?? ""}, another storageClass: count as changed settings`,
    "other instance types, another capacity type: the whole group is replaced, with all data on its nodes",
    `${size}: EKS removes a node even if it holds data, after a drain of at most 15 minutes`,
    "failed status checks, or zones that are out of balance: Auto Scaling terminates a node, with all data on it",
    "AWS maintenance: a node stays until AWS stops it, and then its data is lost",
    "age: never; node repair of EKS: off",
    deletedClaim(group.labels, resources),
    "pulumi destroy: all data, after a drain of at most 5 minutes",
  ];
}

function deletedClaim(labels: Record<string, string>, resources: Resource[]): string {
  const className = labels[names.classLabel] ?? "";
  const storageClass = resources.find(
    ({ inputs }) => inputs.kind === "StorageClass" && (inputs.metadata as { name: string }).name === className,
  );
  return storageClass?.inputs.reclaimPolicy === "Retain"
    ? `a deleted claim of ${className}: data stays; after the volume is deleted by hand, its disk is offered unwiped`
    : `a deleted claim of ${className}: the disk is wiped and offered again`;
}
