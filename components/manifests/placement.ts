import { names } from "../names";

/** The part of a pod that puts it on a node with a free disk of a StorageClass, and no other consumer beside it. */
export interface Placement {
  /** Merge into the pod template's `metadata.labels`. */
  labels: Record<string, string>;
  /** Merge into the pod's `spec`. */
  spec: PlacementSpec;
}

export interface PlacementSpec {
  nodeSelector: Record<string, string>;
  tolerations: Toleration[];
  /** A Kubernetes affinity, as `podAntiAffinity` by host. */
  affinity: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export interface Toleration {
  key: string;
  operator: string;
  value: string;
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

/** Keeps a controller off the nodes that Karpenter makes and takes away. */
export const systemNodesOnly = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: names.nodePoolLabel, operator: "DoesNotExist" }] }],
  },
};
