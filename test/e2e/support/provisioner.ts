import { instanceTypes } from "../../../catalogue/instance-types";
import type { ControlPlane } from "./control-plane";
import type { KubernetesObject } from "./kubernetes-api";
import { pause } from "./tools";

/** Taken from the release that the plan makes for a class: where the volumes come from and where they appear. */
export interface ProvisionerValues {
  classes: { name: string; hostDir: string; volumeMode: string; fsType?: string }[];
  nodeSelector: Record<string, string>;
}

/**
 * Makes the PersistentVolumes that the local static provisioner would find: one per disk of each node that its
 * DaemonSet's nodeSelector takes. Runs until `stop`.
 */
export function startProvisioner(
  { api }: ControlPlane,
  { classes, nodeSelector }: ProvisionerValues,
  reclaimPolicy: string,
): { stop: () => Promise<void> } {
  const state = { running: true };
  const pass = async (): Promise<void> => {
    const nodes = (await api.list("v1", "Node")).filter(
      ({ metadata }) =>
        metadata.deletionTimestamp === undefined &&
        Object.entries(nodeSelector).every(([key, value]) => metadata.labels?.[key] === value),
    );
    const known = new Set((await api.list("v1", "PersistentVolume")).map(({ metadata }) => metadata.name));
    for (const node of nodes)
      for (const volume of classes.flatMap((one) => volumesOf(node, one, reclaimPolicy)))
        if (!known.has(volume.metadata.name)) await api.create(volume);
  };
  const loop = (async () => {
    while (state.running) {
      await pass().catch((error: unknown) => {
        if (state.running) process.stderr.write(`  provisioner: ${String(error)}\n`);
      });
      await pause(1);
    }
  })();
  return {
    stop: () => {
      state.running = false;
      return loop;
    },
  };
}

function volumesOf(
  { metadata: { name, uid = "", labels } }: KubernetesObject,
  { name: storageClassName, hostDir, volumeMode, fsType }: ProvisionerValues["classes"][number],
  persistentVolumeReclaimPolicy: string,
): KubernetesObject[] {
  const type = instanceTypes.find((one) => one.name === labels?.["node.kubernetes.io/instance-type"]);
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values: [name] };
  return Array.from({ length: type?.disks ?? 0 }, (_, index) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `local-pv-${name}-${index}`,
      annotations: { "pv.kubernetes.io/provisioned-by": `local-volume-provisioner-${name}-${uid}` },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }],
    },
    spec: {
      ...{ storageClassName, volumeMode, persistentVolumeReclaimPolicy, accessModes: ["ReadWriteOnce"] },
      capacity: { storage: String((type?.diskGB ?? 0) * 1e9) },
      local: { path: `${hostDir}/nvme-${index}-ns1`, ...(fsType !== undefined && { fsType }) },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  }));
}
