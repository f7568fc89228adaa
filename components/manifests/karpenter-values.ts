import { names } from "../names";
import { systemNodesOnly } from "./node-cleanup";

/** Values of Karpenter's controller chart (https://github.com/aws/karpenter-provider-aws/tree/v1.14.0/charts/karpenter). */
export function renderKarpenterValues(clusterName: string, interruptionQueue: string): object {
  return {
    settings: { clusterName, interruptionQueue },
    serviceAccount: { name: names.karpenterServiceAccount },
    replicas: 2,
    affinity: {
      nodeAffinity: systemNodesOnly,
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }] },
    },
    controller: { resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } } },
  };
}
