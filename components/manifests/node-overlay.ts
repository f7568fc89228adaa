import { names } from "../names";
import { capacityOfPool } from "./pool";
import type { PoolSpec } from "./pool";

/**
 * Tells Karpenter how many disks each instance type of a pool has, one number for all of them. The overlay selects the
 * pool's name, since Karpenter would refuse the overlays of two pools with the same types as a conflict.
 */
export function renderNodeOverlay(spec: PoolSpec, nodePool: string) {
  const { types, disks } = capacityOfPool(spec);
  return {
    apiVersion: "karpenter.sh/v1alpha1",
    kind: "NodeOverlay",
    // Without the feature gate Karpenter ignores the overlay and starts no node for a consumer: `up` must fail then.
    metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      requirements: [
        { key: names.nodePoolLabel, operator: "In", values: [nodePool] },
        // By name, since a type that is not in the catalogue may have another number.
        { key: names.instanceTypeLabel, operator: "In", values: types },
      ],
      capacity: { [names.diskResource]: String(disks.max) },
    },
  };
}
