import { names } from "../names";
import { DiskCapacity } from "./disk-capacity";

/** The parts of a pod with which it gets a node with a free disk of a StorageClass. */
export interface Placement {
  /** Merge into the pod template's `metadata.labels`. */
  labels: Record<string, string>;
  /** Merge into the pod's `spec`. */
  spec: PlacementSpec;
  /** Merge into the `resources` of one container; empty unless disks are counted. */
  resources: PlacementResources;
}

/** What a placement adds to the `spec` of a pod. */
export interface PlacementSpec {
  /** Nodes with volumes of the class. */
  nodeSelector: Record<string, string>;
  /** Tolerates the taint of such nodes. */
  tolerations: Toleration[];
  /** A Kubernetes affinity, with `podAntiAffinity` by host; empty if disks are counted. */
  affinity: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** What a placement adds to the `resources` of one container. */
export interface PlacementResources {
  /** How many disks the pod uses, by resource. */
  requests: Record<string, string>;
  /** The same: Kubernetes requires it for extended resources. */
  limits: Record<string, string>;
}

/** A toleration (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/). */
export interface Toleration {
  /** Key of the taint. */
  key: string;
  /** How key and value are compared. */
  operator: string;
  /** Value of the taint. */
  value: string;
  /** Effect of the taint on pods without the toleration. */
  effect: string;
}

/**
 * If disks are not counted, Karpenter would put a second consumer on a node whose disk is taken, so consumers of all
 * namespaces have an anti-affinity by host. If disks are counted, a consumer requests one.
 */
export function renderPlacement(
  storageClass: string = names.defaultClass,
  capacity: DiskCapacity = DiskCapacity.exclusive,
): Placement {
  const disks: Record<string, string> = capacity === DiskCapacity.counted ? { [names.diskResource]: "1" } : {};
  return {
    labels: { [names.consumerLabel]: "true" },
    spec: {
      nodeSelector: { [names.classLabel]: storageClass },
      tolerations: [{ key: names.classLabel, operator: "Equal", value: storageClass, effect: "NoSchedule" }],
      affinity: capacity === DiskCapacity.counted ? {} : { podAntiAffinity: apart },
    },
    resources: { requests: disks, limits: disks },
  };
}

const apart = {
  requiredDuringSchedulingIgnoredDuringExecution: [
    {
      topologyKey: "kubernetes.io/hostname",
      labelSelector: { matchLabels: { [names.consumerLabel]: "true" } },
      namespaceSelector: {},
    },
  ],
};

/** Excludes nodes of Karpenter and nodes with fast disks, for controllers. */
export const systemNodesOnly = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [
      { matchExpressions: [names.nodePoolLabel, names.classLabel].map((key) => ({ key, operator: "DoesNotExist" })) },
    ],
  },
};
