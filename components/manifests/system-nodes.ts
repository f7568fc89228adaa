import { validateVolumes } from "./ec2-node-class";
import type { VolumeSpec } from "./ec2-node-class";
import type { BottlerocketSettings } from "./bottlerocket";

/** The managed node group that carries the controllers. */
export interface SystemNodesSpec extends VolumeSpec {
  /** arm64 types. @default ["m7g.large"] */
  instanceTypes?: string[];
  /** At least two: Karpenter's replicas keep off each other's nodes. @default 2 */
  minSize?: number;
  /** @default - one more than `minSize` */
  maxSize?: number;
  /** Settings of these nodes, over the cluster-wide ones. */
  bottlerocket?: BottlerocketSettings;
}

/** A family whose name has a `g` behind its generation is Graviton: m7g, c8gd, im4gn, x2gd … and a1. */
const arm64Type = /^(a1|[a-z]+\d+g[a-z]*)\.(medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** Fewest and most nodes. */
export function sizesOf({ minSize = 2, maxSize = minSize + 1 }: SystemNodesSpec) {
  return { minSize, maxSize };
}

export function validateSystemNodes(spec: SystemNodesSpec): string[] {
  const { minSize, maxSize } = sizesOf(spec);
  const faults = validateVolumes(spec);
  if (!Number.isInteger(minSize) || minSize < 2)
    faults.push(`minSize: must be at least 2, Karpenter's replicas need two nodes, got ${minSize}`);
  if (!Number.isInteger(maxSize) || maxSize < minSize)
    faults.push(`maxSize: must be a whole number not below minSize ${minSize}, got ${maxSize}`);
  for (const type of spec.instanceTypes ?? [])
    if (!arm64Type.test(type)) faults.push(`instanceTypes: must be arm64 types such as m7g.large, got "${type}"`);
  if (spec.instanceTypes?.length === 0) faults.push("instanceTypes: must name at least one type, got none");
  return faults;
}
