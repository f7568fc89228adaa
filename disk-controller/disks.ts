import type { ClaimRecord, NodeRecord, PodRecord, VolumeRecord } from "./records";
import { resource, taintKey } from "./records";

export interface Objects {
  nodes: readonly NodeRecord[];
  volumes: readonly VolumeRecord[];
  claims: readonly ClaimRecord[];
  pods: readonly PodRecord[];
}

/** The disks of one node. */
export interface Disks {
  /** A consumer can get it. */
  free: number;
  /** Its claim has a pod that is not finished. */
  used: number;
  /** Its claim has no such pod, or it is not wiped yet. */
  taken: number;
  /** Those of the used ones that their pods request as a resource. */
  requested: number;
  /** Of all of them. */
  bytes: number;
  /** Claims without a pod. */
  idleClaims: string[];
  /** Pods that use a disk without requesting it. */
  silentPods: string[];
}

export const capacities = ["counted", "exclusive"] as const;
export type Capacity = (typeof capacities)[number];

/** What a node is to have. */
export interface Wanted {
  tainted: boolean;
  /** A number, "none" of ours, or "any" that is there. */
  advertised: string;
}

/** The disks of every node that is there. */
export function disksOf({ nodes, volumes, claims, pods }: Objects): Map<NodeRecord, Disks> {
  const uids = new Map(claims.map(({ metadata }) => [keyOf(metadata), metadata.uid]));
  const users = new Map<string, PodRecord[]>();
  for (const pod of pods)
    if (!pod.finished)
      for (const claim of pod.claims) {
        const others = users.get(claim);
        if (others) others.push(pod);
        else users.set(claim, [pod]);
      }
  const onHost = new Map<string, VolumeRecord[]>();
  for (const volume of volumes) {
    const others = onHost.get(volume.hostname);
    if (others) others.push(volume);
    else onHost.set(volume.hostname, [volume]);
  }
  const counted = (node: NodeRecord) => {
    const disks: Disks = { free: 0, used: 0, taken: 0, requested: 0, bytes: 0, idleClaims: [], silentPods: [] };
    const requests = new Map<PodRecord, number>();
    for (const volume of onHost.get(node.hostname) ?? []) {
      disks.bytes += volume.bytes;
      count(disks, volume, uids, users, requests);
    }
    return disks;
  };
  return new Map(nodes.map((node) => [node, counted(node)]));
}

function count(
  disks: Disks,
  { phase, claim, claimUid }: VolumeRecord,
  uids: Map<string, string>,
  users: Map<string, PodRecord[]>,
  /** What pods have requested beyond the disks that were counted before. */
  requests: Map<PodRecord, number>,
): void {
  const lost = phase === "Released" || phase === "Failed";
  if (claim === undefined && !lost) {
    disks.free += 1;
    return;
  }
  const bound = claim !== undefined && !lost && (claimUid === undefined || claimUid === uids.get(claim));
  const pods = (bound && users.get(claim)) || [];
  if (pods.length === 0) {
    disks.taken += 1;
    if (bound) disks.idleClaims.push(claim);
    return;
  }
  disks.used += 1;
  const left = (pod: PodRecord) => requests.get(pod) ?? pod.requests;
  const requesting = pods.find((pod) => left(pod) > 0);
  if (requesting) {
    requests.set(requesting, left(requesting) - 1);
    disks.requested += 1;
  } else disks.silentPods.push(...pods.map(({ metadata }) => keyOf(metadata)));
}

/** Milliseconds in which the volumes of a node that takes pods must appear. */
export const patience = 60_000;

/**
 * Whether a node is to take no consumer. In exclusive mode a claim without a pod keeps every other consumer off its node,
 * also where a disk is free: its own pod could not come back beside one.
 */
export function isClosed(capacity: Capacity, { free, used, taken, idleClaims }: Disks): boolean {
  return capacity === "exclusive" && used === 0 && taken > 0 && (free === 0 || idleClaims.length > 0);
}

/** Whether the volumes of a node should be there and are not. Until then, Karpenter waits for them with its pod. */
export function isBare(node: NodeRecord, { free, used, taken }: Disks, now: number): boolean {
  const late = node.ready !== undefined && now >= node.ready + patience;
  return node.storageClass !== undefined && late && free + used + taken === 0;
}

/** A volume is its disk without what is above a whole GiB: less than this part of the type's bytes means that one is missing. */
const complete = 0.95;

/** What a node's type has and its volumes do not; 0 where that is not known, and where it has no volume at all. */
export function missingBytes({ storageClass, diskBytes }: NodeRecord, { free, used, taken, bytes }: Disks): number {
  if (storageClass === undefined || diskBytes === undefined || free + used + taken === 0) return 0;
  return bytes < diskBytes * complete ? diskBytes - bytes : 0;
}

export function wantedOf(capacity: Capacity, node: NodeRecord, disks: Disks, bare: boolean): Wanted {
  const counts = disks.free + disks.used + disks.taken > 0 || node.owned;
  return {
    tainted: bare || isClosed(capacity, disks),
    advertised:
      capacity === "exclusive" ? (node.owned ? "none" : "any") : counts ? String(disks.free + disks.requested) : "any",
  };
}

/** What differs, in the order in which it is written. */
export interface Change {
  taint?: "add" | "remove";
  /** The number to write, or nothing of ours. */
  advertise?: string;
  /** Takes something away from the scheduler: pods that are being replaced must not cause it. */
  tightens: boolean;
}

export function changeOf(node: NodeRecord, { tainted, advertised }: Wanted): Change | undefined {
  const has = isTainted(node);
  const taint = has === tainted ? undefined : tainted ? "add" : "remove";
  const differs = advertised === "none" ? node.owned : advertised !== "any" && advertised !== node.advertised;
  if (taint === undefined && !differs) return undefined;
  return {
    taint,
    advertise: differs ? advertised : undefined,
    tightens: taint === "add" || (differs && Number(advertised) < Number(node.advertised ?? 0)),
  };
}

export function isTainted({ taints }: NodeRecord): boolean {
  return taints.some(({ key }) => key === taintKey);
}

/** What somebody should know of a node, by reason. */
export function problemsOf(capacity: Capacity, node: NodeRecord, disks: Disks, now: number): Record<string, string> {
  const problems: Record<string, string> = {};
  if (isBare(node, disks, now))
    problems.NoVolumes =
      `no volume of class ${node.storageClass ?? ""} for ${patience / 1000} s: no consumer can run here; ` +
      "look at the log of its provisioner, then delete the node";
  else if (isTainted(node) && isClosed(capacity, disks))
    problems.DisksTaken =
      disks.idleClaims.length > 0
        ? `claims without a pod: ${disks.idleClaims.join(", ")}; other consumers get other nodes until these are deleted`
        : "its disks are not wiped yet; other consumers get other nodes";
  if (capacity === "counted" && disks.silentPods.length > 0)
    problems.DiskNotRequested =
      `uses a disk of this node and does not request ${resource}: ${disks.silentPods.join(", ")}; ` +
      "add the request to the pod, or its disk is not counted";
  return problems;
}

export function keyOf({ namespace, name }: { namespace?: string; name: string }): string {
  return `${namespace ?? ""}/${name}`;
}
