import type { Capacity } from "../components/manifests/capacity";
import type { Resource } from "./graph";
import { capacityOfGroup, groupsOf } from "./planned-group";
import { capacityOfManifest, poolsOf, specOf } from "./planned-pool";
import { risksOfGroup, risksOfPool } from "./risks";

/** Keys of the stack file that define pools and node groups. */
export const Section = { pools: "pools", nodeGroups: "nodeGroups" } as const;
export type Section = (typeof Section)[keyof typeof Section];

/** A pool or a node group of a plan, as reports show it. */
export interface DiskNodes {
  section: Section;
  /** Its name in the stack file. */
  name: string;
  /** Key of its component. */
  component: string | undefined;
  labels: Record<string, string>;
  capacity: Capacity;
  /** What destroys data on its nodes, and when, in sentences. */
  risks: string[];
}

/** Pools, then node groups. */
export function diskNodesOf(resources: Resource[]): DiskNodes[] {
  const pools = poolsOf({ resources }).map((pool) => ({
    section: Section.pools,
    name: pool.name,
    component: pool.nodePool.parent,
    labels: specOf(pool.nodePool).template.metadata.labels,
    capacity: capacityOfManifest(pool),
    risks: risksOfPool(pool.nodePool, resources),
  }));
  const groups = groupsOf({ resources }).map((group) => ({
    section: Section.nodeGroups,
    name: group.name,
    component: group.nodeGroup.parent,
    labels: group.labels,
    capacity: capacityOfGroup(group, resources),
    risks: risksOfGroup(group, resources),
  }));
  return [...pools, ...groups];
}
