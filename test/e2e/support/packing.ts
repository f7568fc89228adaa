import type { InstanceType } from "../../../catalogue/instance-types";

/** Pods of one size, each with a disk. */
export interface Group {
  /** Thousandths of a vCPU. */
  cpu: number;
  memoryMiB: number;
  replicas: number;
}

/** What pods may use of a node: its type less what kubelet, the system and the virtual machine take. */
export interface Room {
  name: string;
  cpu: number;
  memoryMiB: number;
  disks: number;
  usdPerHour: number;
}

/** Share of a type's memory that Karpenter leaves to the virtual machine. */
const machineShare = 0.075;
const evictionMiB = 100;

export function roomOf({ name, vcpu, memoryMiB, disks, usdPerHour }: InstanceType): Room {
  if (usdPerHour === undefined) throw new Error(`${name}: its price is not known`);
  const reservedCpu = 60 + 10 + 2 * 5 + (vcpu - 4) * 2.5;
  const reservedMiB = 11 * (vcpu > 8 ? 234 : 58) + 255 + evictionMiB;
  return {
    ...{ name, disks, usdPerHour, cpu: Math.floor(vcpu * 1000 - reservedCpu) },
    memoryMiB: Math.floor(memoryMiB * (1 - machineShare) - reservedMiB),
  };
}

/** Whether so many pods of each group fit into an empty node. */
export function fits(room: Room, groups: Group[], counts: number[]): boolean {
  const sum = (of: (group: Group) => number) =>
    groups.reduce((total, group, index) => total + of(group) * (counts[index] ?? 0), 0);
  return (
    sum(() => 1) <= room.disks &&
    sum(({ cpu }) => cpu) <= room.cpu &&
    sum(({ memoryMiB }) => memoryMiB) <= room.memoryMiB
  );
}

/** Lowest price an hour of nodes that hold all pods, exact: over every number of pods of each group, every node's share. */
export function cheapest(rooms: Room[], groups: Group[]): number {
  const limits = groups.map(({ replicas }) => replicas);
  const shares = combinations(limits).flatMap((counts) => {
    const price = Math.min(...rooms.filter((room) => fits(room, groups, counts)).map(({ usdPerHour }) => usdPerHour));
    return counts.some((count) => count > 0) && Number.isFinite(price) ? [{ counts, price }] : [];
  });
  const best = new Map<string, number>([[limits.map(() => 0).join(), 0]]);
  for (const counts of combinations(limits)) {
    if (best.has(counts.join())) continue;
    const prices = shares.map(({ counts: share, price }) => {
      const rest = counts.map((count, index) => count - (share[index] ?? 0));
      return rest.some((count) => count < 0) ? Infinity : price + (best.get(rest.join()) ?? Infinity);
    });
    best.set(counts.join(), Math.min(...prices));
  }
  return best.get(limits.join()) ?? Infinity;
}

/** All tuples up to the limits, smaller ones first in each place. */
function combinations(limits: number[]): number[][] {
  return limits.reduce<number[][]>(
    (tuples, limit) => tuples.flatMap((tuple) => Array.from({ length: limit + 1 }, (_, count) => [...tuple, count])),
    [[]],
  );
}
