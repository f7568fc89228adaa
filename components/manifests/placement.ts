import { names } from "../names";

/** The part of a pod that puts it on a node with a free disk of a StorageClass, and no other consumer beside it. */
export interface Placement {
  /** Merge into the pod template's `metadata.labels`. */
  labels: Record<string, string>;
  /** Merge into the pod's `spec`. */
  spec: PlacementSpec;
}

/** What a placement adds to the `spec` of a pod. */
export interface PlacementSpec {
  /** Nodes whose disks feed the class. */
  nodeSelector: Record<string, string>;
  /** Tolerates the taint of such nodes. */
  tolerations: Toleration[];
  /** A Kubernetes affinity, as `podAntiAffinity` by host. */
  affinity: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A toleration (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/). */
export interface Toleration {
  /** Key of the taint. */
  key: string;
  /** How key and value are compared. */
  operator: string;
  /** Value of the taint. */
  value: string;
  /** What the taint does to pods without the toleration. */
  effect: string;
}

/**
 * Karpenter counts neither disks nor bytes, and would put a second consumer on a node whose disk is taken: consumers
 * of all namespaces keep away from each other by host.
 */
export function renderPlacement(storageClass: string = names.defaultClass): Placement {
  return {
    labels: { [names.consumerLabel]: "true" },
    spec: {
      nodeSelector: { [names.classLabel]: storageClass },
      tolerations: [{ key: names.classLabel, operator: "Equal", value: storageClass, effect: "NoSchedule" }],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              topologyKey: "kubernetes.io/hostname",
              labelSelector: { matchLabels: { [names.consumerLabel]: "true" } },
              namespaceSelector: {},
            },
          ],
        },
      },
    },
  };
}

/** Keeps a controller off nodes that come and go: those that Karpenter makes, and those with fast disks. */
export const systemNodesOnly = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [
      { matchExpressions: [names.nodePoolLabel, names.classLabel].map((key) => ({ key, operator: "DoesNotExist" })) },
    ],
  },
};
