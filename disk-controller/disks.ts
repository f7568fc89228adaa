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
  /** A pod that is not finished uses its claim. */
  used: number;
  /** No such pod uses its claim, or the disk is not wiped yet. */
  taken: number;
  /** Used disks that their pods request as a resource. */
  requested: number;
  /** Bytes of all of the node's volumes. */
  bytes: number;
  /** Claims without a pod. */
  idleClaims: string[];
  /** Pods that use a disk without requesting it. */
  silentPods: string[];
}

export const capacities = ["counted", "exclusive"] as const;
export type Capacity = (typeof capacities)[number];

/** Desired taint and number of a node. */
export interface Wanted {
  tainted: boolean;
  /** A number; "none": removes this program's number; "any": leaves the number as it is. */
  advertised: string;
}

/** The disks of every existing node. */
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
      addVolume(disks, volume, uids, users, requests);
    }
    return disks;
  };
  return new Map(nodes.map((node) => [node, counted(node)]));
}

function addVolume(
  disks: Disks,
  { phase, claim, claimUid }: VolumeRecord,
  uids: Map<string, string>,
  users: Map<string, PodRecord[]>,
  /** Requested disks that are not counted yet, by pod. */
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
  const remaining = (pod: PodRecord) => requests.get(pod) ?? pod.requests;
  const requesting = pods.find((pod) => remaining(pod) > 0);
  if (requesting) {
    requests.set(requesting, remaining(requesting) - 1);
    disks.requested += 1;
  } else disks.silentPods.push(...pods.map(({ metadata }) => keyOf(metadata)));
}

/** Milliseconds in which the volumes of a node must appear once it accepts pods. */
export const patience = 60_000;

/**
 * Whether a node must get no further consumer. In exclusive mode a claim without a pod closes its node to other
 * consumers, even if a disk is free: with another consumer on the node, the claim's own pod could not start again.
 */
export function isClosed(capacity: Capacity, { free, used, taken, idleClaims }: Disks): boolean {
  return capacity === "exclusive" && used === 0 && taken > 0 && (free === 0 || idleClaims.length > 0);
}

/** Whether a node has no volumes after `patience`. Before that, Karpenter waits for the volumes. */
export function isBare(node: NodeRecord, { free, used, taken }: Disks, now: number): boolean {
  const overdue = node.ready !== undefined && now >= node.ready + patience;
  return node.storageClass !== undefined && overdue && free + used + taken === 0;
}

/** Volumes are rounded down to whole GiB. If they are less than this share of the type's bytes, a disk is missing. */
const complete = 0.95;

/** Bytes of the type's disks that are missing in the volumes; 0 if that is not known, or without any volume. */
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

/** Changes of a node, in the order in which they are written. */
export interface Change {
  taint?: "add" | "remove";
  /** The number to write, or "none" to remove this program's number. */
  advertise?: string;
  /** Takes something away from consumers: the replacement of a pod must not cause it. */
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

/** Messages of a node's events, by reason. */
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
