import type { ControlPlane } from "./control-plane";
import { pause, repeat } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";
import type { Volume } from "./provisioner";

/** What the Deployment of the plan tells the node-cleanup controller. */
export interface CleanupFlags {
  storageClasses: string[];
  /** Seconds. */
  claimDeletionDelay: number;
  /** Seconds. */
  discoveryInterval: number;
}

export function cleanupFlagsOf(deployment: KubernetesObject): CleanupFlags {
  const { containers } = (deployment.spec as { template: { spec: { containers: { args: string[] }[] } } }).template
    .spec;
  const flag = (name: string): string => {
    const found = containers.flatMap(({ args }) => args).find((arg) => arg.startsWith(`--${name}=`));
    if (found === undefined) throw new Error(`${deployment.metadata.name}: has no flag --${name}`);
    return found.slice(name.length + 3);
  };
  return {
    storageClasses: flag("storageclass-names").split(","),
    claimDeletionDelay: secondsOf(flag("pvc-deletion-delay")),
    discoveryInterval: secondsOf(flag("stale-pv-discovery-interval")),
  };
}

/**
 * Mock of the node-cleanup controller: a delay after a node has gone it deletes the claims of the node's bound volumes,
 * and at each interval those of its volumes that are free. Runs until `stop`.
 */
export function startNodeCleanup(
  { api }: ControlPlane,
  flags: CleanupFlags,
  /** Seconds between two looks, and how many deletions a second there may be. */
  { every = 0.2, requestsPerSecond = Infinity } = {},
): { stop: () => Promise<void> } {
  const lostSince = new Map<string, number>();
  let discovered = 0;
  const remove = async (object: KubernetesObject) => {
    await api.delete(object, { wait: false });
    await pause(1 / requestsPerSecond);
  };
  return repeat("node cleanup", every, async () => {
    const nodes = new Set((await api.list("v1", "Node")).map(({ metadata }) => metadata.name));
    const volumes = (await api.list<Volume>("v1", "PersistentVolume")).filter(
      (volume) => flags.storageClasses.includes(volume.spec.storageClassName) && !nodes.has(nodeOf(volume)),
    );
    const now = Date.now() / 1000;
    const discovers = now - discovered >= flags.discoveryInterval;
    if (discovers) discovered = now;
    for (const volume of volumes) {
      const since = lostSince.get(volume.metadata.name) ?? now;
      lostSince.set(volume.metadata.name, since);
      const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
      const phase = volume.status?.phase;
      if (phase === "Bound" && claimRef && now - since >= flags.claimDeletionDelay) {
        const claim = await api.get({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: claimRef });
        if (claim && claim.metadata.deletionTimestamp === undefined) await remove(claim);
      } else if (
        discovers &&
        (phase === "Available" || (phase === "Released" && persistentVolumeReclaimPolicy === "Delete"))
      )
        await remove(volume);
    }
  });
}

/** The node that a volume's disk is in. */
export function nodeOf({ spec }: Volume): string {
  return spec.nodeAffinity.required.nodeSelectorTerms[0]?.matchExpressions[0]?.values[0] ?? "";
}

function secondsOf(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, count = "", unit = ""]) => sum + Number(count) * (units[unit] ?? Number.NaN), 0);
}
