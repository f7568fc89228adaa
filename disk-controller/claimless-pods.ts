import type { Api } from "./api";
import type { Cluster } from "./cluster";
import { keyOf } from "./disks";
import { deletePod } from "./pods";
import type { Metrics } from "./metrics";
import type { Claim, ClaimRecord, PodRecord } from "./records";

/** Milliseconds in which the StatefulSet may create the claim itself. */
const patience = 2000;

interface Waiting {
  /** Milliseconds. */
  since: number;
  /** Claims that are not of the configured classes. */
  foreign: Set<string>;
}

/** Pods of StatefulSets that wait for a node with fast disks, with their claims that are not of the configured classes. */
export function podsThatLackClaims(
  pods: readonly PodRecord[],
  claims: readonly ClaimRecord[],
  classes: Set<string>,
): Map<PodRecord, string[]> {
  const ours = new Set(claims.map(({ metadata }) => keyOf(metadata)));
  return new Map(
    pods
      .filter((pod) => pod.statefulSet && pod.node === undefined && !pod.leaving && classes.has(pod.storageClass ?? ""))
      .map((pod) => [pod, pod.claims.filter((claim) => !ours.has(claim))] as const)
      .filter(([, lacking]) => lacking.length > 0),
  );
}

/**
 * Deletes pods that wait for a deleted claim. A StatefulSet creates a missing claim only when its pod changes, and nothing
 * changes a waiting pod: the scheduler retries it after five minutes.
 */
export class ClaimlessPods {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly api: Api,
    private readonly cluster: Cluster,
    private readonly classes: Set<string>,
    private readonly metrics: Metrics,
  ) {}

  /** Returns the deletions to do now, and the milliseconds until the next check; undefined if only an event matters. */
  plan(): { deletions: (() => Promise<void>)[]; next: number | undefined } {
    const now = Date.now();
    const found = podsThatLackClaims(this.cluster.pods.items(), this.cluster.claims.items(), this.classes);
    const uids = new Set([...found.keys()].map(({ metadata }) => metadata.uid));
    for (const uid of this.waiting.keys()) if (!uids.has(uid)) this.waiting.delete(uid);
    const waits: number[] = [];
    const deletions: (() => Promise<void>)[] = [];
    for (const [pod, lacking] of found) {
      const { uid } = pod.metadata;
      const waiting = this.waiting.get(uid) ?? { since: now, foreign: new Set<string>() };
      this.waiting.set(uid, waiting);
      const unknown = lacking.filter((claim) => !waiting.foreign.has(claim));
      if (unknown.length === 0) continue;
      const wait = waiting.since + patience - now;
      if (wait > 0) waits.push(wait);
      else deletions.push(() => this.deleteWithout(pod, unknown, waiting));
    }
    return { deletions, next: waits.length === 0 ? undefined : Math.min(...waits) };
  }

  private async deleteWithout(pod: PodRecord, claims: string[], { foreign }: Waiting): Promise<void> {
    for (const claim of claims) {
      const [namespace = "", name = ""] = claim.split("/");
      const found = await this.api.find<Claim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
      if (found === undefined) {
        await deletePod(this.api, pod, this.metrics, "pod with a missing claim deleted", { claim });
        return;
      }
      if (!this.classes.has(found.spec.storageClassName ?? "")) foreign.add(claim);
    }
  }
}
