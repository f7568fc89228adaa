import { names } from "../names";
import { capacityOfPool } from "./pool";
import type { PoolSpec } from "./pool";

/**
 * What Karpenter is told of a pool's instance types: how many disks each has. A pool's types have one number of disks;
 * its name keeps the overlays of two pools with the same types apart, which Karpenter would refuse as a conflict.
 */
export function renderNodeOverlay(spec: PoolSpec, nodePool: string) {
  const { types, disks } = capacityOfPool(spec);
  return {
    apiVersion: "karpenter.sh/v1alpha1",
    kind: "NodeOverlay",
    // Without the feature gate nobody reads it, and Karpenter starts no node for a consumer: then `up` fails.
    metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      requirements: [
        { key: names.nodePoolLabel, operator: "In", values: [nodePool] },
        // By name: a type that the catalogue does not know may have another number.
        { key: names.instanceTypeLabel, operator: "In", values: types },
      ],
      capacity: { [names.diskResource]: String(disks.max) },
    },
  };
}
