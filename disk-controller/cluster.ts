import type { Api } from "./api";
import type { Objects } from "./disks";
import { Informer } from "./informer";
import type { Metrics } from "./metrics";
import { claimRecord, nodeClaimRecord, nodeRecord, podRecord, volumeRecord } from "./records";
import type { Claim, ClaimRecord, Node, NodeClaim, NodeClaimRecord, NodeRecord } from "./records";
import type { Pod, PodRecord, Volume, VolumeRecord } from "./records";

/** This program's view of the cluster. */
export class Cluster {
  readonly nodes: Informer<Node, NodeRecord>;
  readonly volumes: Informer<Volume, VolumeRecord>;
  readonly claims: Informer<Claim, ClaimRecord>;
  readonly pods: Informer<Pod, PodRecord>;
  readonly nodeClaims: Informer<NodeClaim, NodeClaimRecord>;

  constructor(api: Api, classes: Set<string>, metrics: Metrics, changed: () => void) {
    this.nodes = new Informer(api, "nodes", "/api/v1/nodes", nodeRecord, metrics, changed);
    this.volumes = new Informer(
      api,
      "persistentvolumes",
      "/api/v1/persistentvolumes",
      (volume: Volume) => volumeRecord(volume, classes),
      metrics,
      changed,
    );
    this.claims = new Informer(
      api,
      "persistentvolumeclaims",
      "/api/v1/persistentvolumeclaims",
      (claim: Claim) => claimRecord(claim, classes),
      metrics,
      changed,
    );
    this.pods = new Informer(api, "pods", "/api/v1/pods", podRecord, metrics, changed);
    this.nodeClaims = new Informer(
      api,
      "nodeclaims",
      "/apis/karpenter.sh/v1/nodeclaims",
      nodeClaimRecord,
      metrics,
      changed,
      true,
    );
  }

  start(): void {
    for (const informer of this.informers()) informer.start();
  }

  stop(): void {
    for (const informer of this.informers()) informer.stop();
  }

  /** Whether all kinds were listed once: before that, a claim may wrongly seem to have no pod. */
  get synced(): boolean {
    return this.informers().every(({ synced, absent }) => synced || absent);
  }

  /** Whether all kinds are being watched. */
  get ready(): boolean {
    return this.informers().every(({ ready }) => ready);
  }

  objects(): Objects {
    return {
      nodes: this.nodes.items(),
      volumes: this.volumes.items(),
      claims: this.claims.items(),
      pods: this.pods.items(),
    };
  }

  private informers() {
    return [this.nodes, this.volumes, this.claims, this.pods, this.nodeClaims];
  }
}
