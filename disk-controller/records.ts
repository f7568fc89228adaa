/** The remembered fields of each object. All others are dropped on arrival, since thousands of objects are remembered. */

/** The resource of `--capacity=counted`: a disk that a consumer can get. */
export const resource = "eks-fast-disks/disk";
/** Taint of a node that has no disk for another consumer. Only this program uses the key. */
export const taintKey = "eks-fast-disks/disks-taken";
/** Node label: the StorageClass of the node's volumes. */
export const classLabel = "eks-fast-disks/class";
/** Node label of Karpenter: gigabytes of all local NVMe disks of the instance type. */
const nvmeLabel = "karpenter.k8s.aws/instance-local-nvme";
/** Owner of the fields that this program writes. */
export const fieldManager = "eks-fast-disks-controller";

export interface Meta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

export interface NodeRecord {
  metadata: Meta;
  /** The hostname in the node affinity of its volumes. */
  hostname: string;
  /** The StorageClass of its volumes. */
  storageClass?: string;
  /** Bytes of all disks of its instance type; undefined without Karpenter's label. */
  diskBytes?: number;
  providerID?: string;
  /** Created by Karpenter, which deletes a Node only after its instance has ended. */
  karpenter: boolean;
  /** Since when it accepts pods, in milliseconds. */
  ready?: number;
  taints: Taint[];
  /** The resource in the node's status; only if capacity and allocatable are the same. */
  advertised?: string;
  /** Whether this program has written the resource. */
  owned: boolean;
}

export interface VolumeRecord {
  metadata: Meta;
  hostname: string;
  phase: string;
  bytes: number;
  /** `namespace/name`. */
  claim?: string;
  claimUid?: string;
}

export interface ClaimRecord {
  metadata: Meta;
}

export interface PodRecord {
  metadata: Meta;
  node?: string;
  finished: boolean;
  /** Whether it is being deleted. */
  leaving: boolean;
  /** Whether a StatefulSet recreates it after its deletion, with missing claims. */
  statefulSet: boolean;
  /** The StorageClass in its node selector. */
  storageClass?: string;
  /** `namespace/name` of each claim, including those of generic ephemeral volumes. */
  claims: string[];
  /** How many disks it requests as the resource. */
  requests: number;
}

/** Karpenter's request for a node. */
export interface NodeClaimRecord {
  metadata: Meta;
  node?: string;
  providerID?: string;
}

interface Metadata extends Meta {
  labels?: Record<string, string>;
  managedFields?: { manager: string; fieldsV1?: object }[];
  ownerReferences?: { kind: string; controller?: boolean }[];
  deletionTimestamp?: string;
}
type Quantities = Record<string, string | undefined>;
export interface Node {
  metadata: Metadata;
  spec: { providerID?: string; taints?: Taint[] };
  status?: {
    capacity?: Quantities;
    allocatable?: Quantities;
    conditions?: { type: string; status: string; lastTransitionTime: string }[];
  };
}
export interface Volume {
  metadata: Metadata;
  spec: {
    storageClassName?: string;
    capacity?: Quantities;
    claimRef?: { namespace: string; name: string; uid?: string };
    nodeAffinity?: { required?: { nodeSelectorTerms: { matchExpressions?: { key: string; values?: string[] }[] }[] } };
  };
  status?: { phase?: string };
}
export interface Claim {
  metadata: Metadata;
  spec: { storageClassName?: string };
}
interface Container {
  resources?: { requests?: Quantities; limits?: Quantities };
}
export interface Pod {
  metadata: Metadata;
  spec: {
    nodeName?: string;
    nodeSelector?: Record<string, string>;
    volumes?: { name: string; persistentVolumeClaim?: { claimName: string }; ephemeral?: object }[];
    containers: Container[];
    initContainers?: Container[];
  };
  status?: { phase?: string };
}
export interface NodeClaim {
  metadata: Metadata;
  status?: { nodeName?: string; providerID?: string };
}

export function nodeRecord({ metadata, spec, status }: Node): NodeRecord {
  const labels = metadata.labels ?? {};
  const capacity = status?.capacity?.[resource];
  const ready = status?.conditions?.find(({ type, status }) => type === "Ready" && status === "True");
  return {
    metadata: metaOf(metadata),
    hostname: labels["kubernetes.io/hostname"] ?? metadata.name,
    storageClass: labels[classLabel],
    diskBytes: nvmeLabel in labels ? Number(labels[nvmeLabel]) * 1e9 : undefined,
    providerID: spec.providerID,
    karpenter: "karpenter.sh/nodepool" in labels,
    ready: ready && Date.parse(ready.lastTransitionTime),
    taints: spec.taints ?? [],
    advertised: capacity === status?.allocatable?.[resource] ? capacity : undefined,
    owned: (metadata.managedFields ?? []).some(
      ({ manager, fieldsV1 }) => manager === fieldManager && JSON.stringify(fieldsV1).includes(`f:${resource}`),
    ),
  };
}

/** Undefined for a volume of another class, or without a node. */
export function volumeRecord({ metadata, spec, status }: Volume, classes: Set<string>): VolumeRecord | undefined {
  const hostname = spec.nodeAffinity?.required?.nodeSelectorTerms
    .flatMap(({ matchExpressions = [] }) => matchExpressions)
    .find(({ key }) => key === "kubernetes.io/hostname")?.values?.[0];
  if (hostname === undefined || !classes.has(spec.storageClassName ?? "")) return undefined;
  return {
    metadata: metaOf(metadata),
    hostname,
    phase: status?.phase ?? "Pending",
    bytes: bytesOf(spec.capacity?.storage ?? "0"),
    claim: spec.claimRef && `${spec.claimRef.namespace}/${spec.claimRef.name}`,
    claimUid: spec.claimRef?.uid,
  };
}

/** Undefined for a claim of another class. */
export function claimRecord({ metadata, spec }: Claim, classes: Set<string>): ClaimRecord | undefined {
  return classes.has(spec.storageClassName ?? "") ? { metadata: metaOf(metadata) } : undefined;
}

/** Undefined for a pod without claims. */
export function podRecord({ metadata, spec, status }: Pod): PodRecord | undefined {
  const claims = (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata.name}-${name}`);
    return claim === undefined ? [] : [`${metadata.namespace ?? ""}/${claim}`];
  });
  if (claims.length === 0) return undefined;
  const requested = ({ resources }: Container) =>
    Number(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? 0);
  return {
    metadata: metaOf(metadata),
    node: spec.nodeName,
    leaving: metadata.deletionTimestamp !== undefined,
    statefulSet: (metadata.ownerReferences ?? []).some(({ kind, controller }) => kind === "StatefulSet" && controller),
    storageClass: spec.nodeSelector?.[classLabel],
    finished: status?.phase === "Succeeded" || status?.phase === "Failed",
    claims,
    // As the scheduler counts: the sum of the containers, or the largest init container.
    requests: Math.max(
      spec.containers.reduce((sum, container) => sum + requested(container), 0),
      ...(spec.initContainers ?? []).map(requested),
    ),
  };
}

export function nodeClaimRecord({ metadata, status }: NodeClaim): NodeClaimRecord {
  return { metadata: metaOf(metadata), node: status?.nodeName, providerID: status?.providerID };
}

/** Bytes of a quantity that is a whole number, with or without a unit: the provisioner writes no other form. */
function bytesOf(quantity: string): number {
  const [, number = "0", unit = "", binary] = /^(\d+)([kKMGTP]?)(i?)$/.exec(quantity) ?? [];
  return Number(number) * (binary ? 1024 : 1000) ** " KMGTP".indexOf(unit.toUpperCase() || " ");
}

function metaOf({ name, namespace, uid, resourceVersion }: Meta): Meta {
  return { name, namespace, uid, resourceVersion };
}
