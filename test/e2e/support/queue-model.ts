import { nodeOf } from "./node-cleanup";
import { claimNamesOf, cpuOf, isFinished, thousandths } from "./observation";
import type { Node, Observation, Pod } from "./observation";

/** What the pools of a class may start, in words of a user: no labels, taints or resources of ours are read here. */
export interface Rules {
  /** One consumer per node. */
  alone: boolean;
  pools: {
    name: string;
    /** The pool's limit. */
    vcpus: number;
    types: { vcpus: number; allocatableCpu: number }[];
  }[];
}

/**
 * Why a waiting pod could run now, or nothing: its own disk has room, a free disk has, or a pool may start a node. Knows
 * disks, claims, vCPUs and limits, and none of what our controller writes.
 */
export function chanceOf(pod: Pod, seen: Observation, rules: Rules): string | undefined {
  const leaving = new Set(
    seen.nodeClaims.flatMap(({ metadata, status }) => (metadata.deletionTimestamp ? [status?.nodeName] : [])),
  );
  const usable = seen.nodes.filter(({ metadata }) => !metadata.deletionTimestamp && !leaving.has(metadata.name));
  const names = claimNamesOf(pod);
  const bound = seen.volumes.find(
    ({ spec, status }) => status?.phase === "Bound" && names.includes(spec.claimRef?.name ?? ""),
  );
  if (bound) {
    const name = nodeOf(bound);
    const node = usable.find(({ metadata }) => metadata.name === name);
    // Somebody has to delete the claim of a lost node, and a node that leaves has to go.
    if (!node) return `its claim is bound to ${name}, which is lost`;
    return hasRoom(node, pod, seen, rules) ? `its own disk on ${name} has room` : undefined;
  }
  const free = seen.volumes.find(
    (volume) =>
      volume.status?.phase === "Available" &&
      volume.metadata.deletionTimestamp === undefined &&
      usable.some((node) => node.metadata.name === nodeOf(volume) && hasRoom(node, pod, seen, rules)),
  );
  if (free) return `a free disk on ${nodeOf(free)} has room`;
  for (const { name, vcpus, types } of rules.pools) {
    const claims = seen.nodeClaims.filter(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] === name);
    const used = claims.reduce((sum, { status }) => sum + thousandths(status?.capacity?.cpu ?? "0") / 1000, 0);
    if (types.some((type) => used + type.vcpus <= vcpus && cpuOf(pod) <= type.allocatableCpu))
      return `the pool ${name} uses ${used} of ${vcpus} vCPUs`;
  }
  return undefined;
}

/** Whether another consumer holds the node that a pod's claim is bound to, so that the pod can never come back. */
export function lockedOutBy(pod: Pod, seen: Observation, rules: Rules): string | undefined {
  const names = claimNamesOf(pod);
  const bound = seen.volumes.find(({ spec }) => names.includes(spec.claimRef?.name ?? ""));
  if (!rules.alone || !bound) return undefined;
  return consumersOn(nodeOf(bound), seen).find(({ metadata }) => metadata.uid !== pod.metadata.uid)?.metadata.name;
}

function hasRoom(node: Node, pod: Pod, seen: Observation, { alone }: Rules): boolean {
  const others = consumersOn(node.metadata.name, seen);
  const used = others.reduce((sum, other) => sum + cpuOf(other), 0);
  return (!alone || others.length === 0) && used + cpuOf(pod) <= thousandths(node.status.allocatable?.cpu ?? "0");
}

export function consumersOn(node: string, { pods }: Observation): Pod[] {
  return pods.filter((pod) => pod.spec.nodeName === node && !isFinished(pod));
}
