import { instanceTypes } from "../../../catalogue/instance-types";
import { names } from "../../../components/names";
import type { ControlPlane } from "./control-plane";
import { repeat } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";

/** Taken from the releases of the plan: where each looks for disks, on which nodes. */
export interface ProvisionerValues {
  classes: { name: string; hostDir: string; volumeMode: string; fsType?: string }[];
  nodeSelector: Record<string, string>;
  setPVOwnerRef?: boolean;
}

export interface Volume extends KubernetesObject {
  spec: {
    persistentVolumeReclaimPolicy: string;
    storageClassName: string;
    local: { path: string };
    claimRef?: { name: string; namespace: string; uid?: string };
    nodeAffinity: { required: { nodeSelectorTerms: { matchExpressions: { values: string[] }[] }[] } };
  };
  status?: { phase: string };
}

/**
 * Mock of releases of the local static provisioner: makes a PersistentVolume of each link in its folder, on each node
 * that a DaemonSet's nodeSelector takes, and wipes and offers again what is released there. Runs until `stop`.
 */
export function startProvisioner(
  { api }: ControlPlane,
  releases: ProvisionerValues[],
  {
    bootstrapped = () => true,
    wiped = () => true,
  }: {
    /** Whether a node ran the bootstrap container, which makes the links of that folder. */
    bootstrapped?: (node: string) => boolean;
    /** Whether a released volume's disk is wiped by now. */
    wiped?: (volume: Volume) => boolean;
  } = {},
): { passes: () => number; stop: () => Promise<void> } {
  return repeat("provisioner", 1, async () => {
    const all = (await api.list("v1", "Node")).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const policies = new Map(
      (await api.list<KubernetesObject & { reclaimPolicy: string }>("storage.k8s.io/v1", "StorageClass")).map(
        ({ metadata, reclaimPolicy }) => [metadata.name, reclaimPolicy],
      ),
    );
    const known = new Map((await api.list<Volume>("v1", "PersistentVolume")).map((it) => [it.metadata.name, it]));
    for (const { classes, nodeSelector, setPVOwnerRef = false } of releases)
      for (const node of all.filter(({ metadata }) =>
        Object.entries(nodeSelector).every(([key, value]) => metadata.labels?.[key] === value),
      ))
        for (const one of classes)
          for (const link of linksIn(one.hostDir, node, bootstrapped(node.metadata.name))) {
            const volume = volumeOf(node, one, link, policies.get(one.name) ?? "Delete", setPVOwnerRef);
            const found = known.get(volume.metadata.name);
            if (!found) await api.create(volume);
            else if (
              found.status?.phase === "Released" &&
              found.spec.persistentVolumeReclaimPolicy === "Delete" &&
              wiped(found)
            )
              await api.delete(found, { wait: false });
          }
  });
}

/** Serial of the disk behind a volume: links of both kinds end in it. */
export function diskOf({ spec }: Volume): string {
  return /disk[0-9a-f]+x\d+/.exec(spec.local.path)?.[0] ?? spec.local.path;
}

/** Bottlerocket's own links are always there; ours only where the bootstrap container has run. */
function linksIn(folder: string, node: KubernetesObject, bootstrapped: boolean): string[] {
  const serials = Array.from(
    { length: typeOf(node)?.disks ?? 0 },
    (_, index) => `disk${hashOf(node.metadata.name)}x${index}`,
  );
  if (folder === names.udevFolder) return serials.map((serial) => `nvme-Amazon_EC2_NVMe_Instance_Storage_${serial}`);
  return bootstrapped ? serials.map((serial) => `nvme-${serial}-ns1`) : [];
}

function volumeOf(
  node: KubernetesObject,
  { name: storageClassName, hostDir, volumeMode, fsType }: ProvisionerValues["classes"][number],
  link: string,
  persistentVolumeReclaimPolicy: string,
  owned: boolean,
): KubernetesObject {
  const { name, uid = "" } = node.metadata;
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values: [name] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `local-pv-${hashOf(link + name + storageClassName)}`,
      annotations: { "pv.kubernetes.io/provisioned-by": `local-volume-provisioner-${name}-${uid}` },
      ...(owned && { ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] }),
    },
    spec: {
      storageClassName,
      volumeMode,
      persistentVolumeReclaimPolicy,
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: String((typeOf(node)?.diskGB ?? 0) * 1e9) },
      local: { path: `${hostDir}/${link}`, ...(fsType !== undefined && { fsType }) },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  };
}

function typeOf({ metadata }: KubernetesObject): (typeof instanceTypes)[number] | undefined {
  return instanceTypes.find(({ name }) => name === metadata.labels?.["node.kubernetes.io/instance-type"]);
}

/** FNV-1 with 32 bits, as the provisioner names its volumes. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash.toString(16);
}
