import { Refusal } from "./api";
import type { Api } from "./api";
import type { Cluster } from "./cluster";
import { log } from "./log";
import type { LostNode } from "./lost-nodes";
import { strandedPods, waitOf } from "./lost-nodes";
import type { Metrics } from "./metrics";
import type { PodRecord } from "./records";

/** Deletes pods of lost nodes, which frees their claims; the cluster itself takes 40 to 60 s longer. */
export class PodDeleter {
  private readonly lost = new Map<string, LostNode>();

  constructor(
    private readonly api: Api,
    private readonly cluster: Cluster,
    private readonly delaySeconds: number,
    private readonly metrics: Metrics,
  ) {
    cluster.nodes.onDeleted(({ metadata: { name }, providerID, karpenter }) => {
      this.lost.set(name, { name, providerID, karpenter, since: Date.now() });
    });
  }

  /** Returns the deletions to do now, and the milliseconds until the next check; undefined if only an event matters. */
  plan(): { deletions: (() => Promise<void>)[]; next: number | undefined } {
    const { nodes, pods, claims, nodeClaims } = this.cluster;
    const stranded = strandedPods(nodes.items(), pods.items(), claims.items());
    for (const name of this.lost.keys()) if (!stranded.has(name)) this.lost.delete(name);
    // Without a watch of NodeClaims it is unknown whether one remains.
    if (!nodeClaims.ready) return { deletions: [], next: undefined };
    const waits: number[] = [];
    const deletions: (() => Promise<void>)[] = [];
    for (const [name, held] of stranded) {
      const lost = this.lost.get(name) ?? { name, karpenter: false, since: Date.now() };
      this.lost.set(name, lost);
      const wait = waitOf(lost, nodeClaims.items(), this.delaySeconds, Date.now());
      if (wait === 0) deletions.push(() => this.deleteOn(name, held));
      else if (wait !== undefined) waits.push(wait);
    }
    return { deletions, next: waits.length === 0 ? undefined : Math.min(...waits) };
  }

  private async deleteOn(node: string, pods: PodRecord[]): Promise<void> {
    // The event of a new node with this name may not have arrived yet.
    if ((await this.api.find(`/api/v1/nodes/${node}`)) !== undefined) return;
    for (const pod of pods) await deletePod(this.api, pod, this.metrics, "pod of a lost node deleted", { node });
  }
}

/** Deletes exactly this pod, by its UID, without a grace period. */
export async function deletePod(
  api: Api,
  { metadata: { namespace = "", name, uid } }: PodRecord,
  metrics: Metrics,
  message: string,
  details: Record<string, string>,
): Promise<void> {
  try {
    await api.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`, {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      preconditions: { uid },
    });
    metrics.add("pods_deleted_total");
    log("info", message, { pod: `${namespace}/${name}`, ...details });
  } catch (error) {
    // The pod is gone, or a new one has its name.
    if (!(error instanceof Refusal) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}
