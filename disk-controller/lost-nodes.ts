import { keyOf } from "./disks";
import type { Objects } from "./disks";
import type { ClaimRecord, NodeClaimRecord, NodeRecord, PodRecord } from "./records";

/** A deleted node that still has pods. */
export interface LostNode {
  name: string;
  providerID?: string;
  /** Whether Karpenter created it; false if it was lost before this program started. */
  karpenter: boolean;
  /** Milliseconds. */
  since: number;
}

/** Pods with a claim of the configured classes on nodes that do not exist, by node. */
export function strandedPods(
  nodes: readonly NodeRecord[],
  pods: readonly PodRecord[],
  claims: readonly ClaimRecord[],
): Map<string, PodRecord[]> {
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const ours = new Set(claims.map(({ metadata }) => keyOf(metadata)));
  const stranded = new Map<string, PodRecord[]>();
  for (const pod of pods) {
    if (pod.node === undefined || names.has(pod.node) || !pod.claims.some((claim) => ours.has(claim))) continue;
    const others = stranded.get(pod.node);
    if (others) others.push(pod);
    else stranded.set(pod.node, [pod]);
  }
  return stranded;
}

/** Claims, as `namespace/name`, that are bound to a volume of a node that does not exist. */
export function lostClaims({ nodes, volumes, claims }: Objects): string[] {
  const hosts = new Set(nodes.map(({ hostname }) => hostname));
  const uids = new Map(claims.map(({ metadata }) => [keyOf(metadata), metadata.uid]));
  return volumes.flatMap(({ hostname, claim, claimUid }) =>
    claim !== undefined && claimUid !== undefined && !hosts.has(hostname) && uids.get(claim) === claimUid
      ? [claim]
      : [],
  );
}

/**
 * Milliseconds until the pods of a lost node may be deleted; undefined while a NodeClaim still names the node. Karpenter
 * deletes a Node only when its instance is gone. Other nodes may return.
 */
export function waitOf(
  lost: LostNode,
  nodeClaims: readonly NodeClaimRecord[],
  delaySeconds: number,
  now: number,
): number | undefined {
  const remains = nodeClaims.some(
    ({ node, providerID }) => node === lost.name || (providerID !== undefined && providerID === lost.providerID),
  );
  if (remains) return undefined;
  return lost.karpenter ? 0 : Math.max(0, lost.since + delaySeconds * 1000 - now);
}
