import type { Requirement } from "../catalogue/requirements";
import { capacityOf } from "../components/manifests/capacity";
import type { Capacity } from "../components/manifests/capacity";
import { DiskCapacity } from "../components/manifests/disk-capacity";
import type { Graph, Resource } from "./graph";
import { partName } from "./part-name";

/** Inputs of a NodePool that the plan reads. */
export interface NodePoolSpec {
  template: {
    metadata: { labels: Record<string, string> };
    spec: {
      nodeClassRef: { name: string };
      requirements: Requirement[];
      expireAfter: string;
      terminationGracePeriod: string;
    };
  };
  disruption: { consolidateAfter: string; budgets: Budget[] };
}

interface Budget {
  nodes: string;
  reasons?: string[];
}

/** A pool of a plan. */
export interface PlannedPool {
  /** Its name in the stack file. */
  name: string;
  nodePool: Resource;
  /** Undefined if the program creates a NodePool without it. */
  nodeClass?: Resource;
  /** Defined if Karpenter counts its nodes' disks. */
  overlay?: Resource;
}

export function poolsOf({ resources }: Pick<Graph, "resources">): PlannedPool[] {
  return resources
    .filter(({ inputs }) => inputs.kind === "NodePool")
    .map((nodePool) => {
      const siblingOf = (kind: string) =>
        resources.find(
          ({ inputs, parent }) => inputs.kind === kind && parent !== undefined && parent === nodePool.parent,
        );
      const nodeClass = siblingOf("EC2NodeClass");
      const overlay = siblingOf("NodeOverlay");
      return {
        name: partName(nodePool, resources),
        nodePool,
        ...(nodeClass && { nodeClass }),
        ...(overlay && { overlay }),
      };
    });
}

export function specOf(pool: Resource): NodePoolSpec {
  return pool.inputs.spec as NodePoolSpec;
}

/** Capacity of a node of the pool. */
export function capacityOfManifest({ nodePool, overlay }: PlannedPool): Capacity {
  const { requirements } = specOf(nodePool).template.spec;
  const sold = requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values ?? [];
  const capacity = overlay ? DiskCapacity.counted : DiskCapacity.exclusive;
  return capacityOf(requirements, sold.includes("spot"), capacity);
}

/** Whether the pool's nodes stay when they are out of date. */
export function holdsDrift(pool: Resource): boolean {
  return specOf(pool).disruption.budgets.some(
    ({ nodes, reasons }) => nodes === "0" && (reasons?.includes("Drifted") ?? true),
  );
}

/** Share of the nodes that Karpenter may replace at a time. */
export function replacedAtATime(pool: Resource): string {
  return specOf(pool).disruption.budgets.at(-1)?.nodes ?? "all";
}
