import { names } from "../names";
import { capacityOfPool } from "./pool";
import type { PoolSpec } from "./pool";

/**
 * Tells Karpenter how many disks each instance type of a pool has, one number for all of them. The overlay selects the
 * pool's name, because Karpenter would refuse the overlays of two pools with the same types as a conflict.
 */
export function renderNodeOverlay(spec: PoolSpec, nodePool: string) {
  const { types, disks } = capacityOfPool(spec);
  return {
    apiVersion: "karpenter.sh/v1alpha1",
    kind: "NodeOverlay",
    // Without the feature gate Karpenter ignores the overlay and starts no node for a consumer: then `up` must fail.
    metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      requirements: [
        { key: names.nodePoolLabel, operator: "In", values: [nodePool] },
        // By name, because a type outside the catalogue may have another number.
        { key: names.instanceTypeLabel, operator: "In", values: types },
      ],
      capacity: { [names.diskResource]: String(disks.max) },
    },
  };
}
