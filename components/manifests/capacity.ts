import { matchingTypes } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { DiskCapacity } from "./disk-capacity";

/** Capacity of a pool's nodes, from the catalogue. */
export interface Capacity {
  /** Matching instance types, by name. */
  types: string[];
  /** Minimum and maximum number of disks of a node. */
  disks: Range;
  /** Whether as many consumers as disks run on a node, instead of one. */
  counted?: boolean;
  /** Smallest and largest disk in bytes. */
  diskBytes: Range;
  /** Largest claim in Gi that fits on a disk of every matching type. */
  largestClaimGi: number;
  /** On-demand price in us-east-1 of a GB-month of local NVMe, for the types with a known price. */
  usdPerGBMonth?: Range;
  warnings: string[];
}

export interface Range {
  min: number;
  max: number;
}

/** Spot pools narrower than this are interrupted more often and start more slowly. */
const spotWidth = 10;
const hoursPerMonth = 730;

/** The capacity of a pool with these requirements. */
export function capacityOf(
  requirements: Requirement[],
  spot: boolean,
  capacity: DiskCapacity = DiskCapacity.exclusive,
): Capacity {
  const types = matchingTypes(requirements);
  const diskBytes = range(types.map((type) => type.diskGB * 1e9));
  const disks = range(types.map((type) => type.disks));
  const prices = types.flatMap((type) =>
    type.usdPerHour === undefined ? [] : [(type.usdPerHour * hoursPerMonth) / (type.disks * type.diskGB)],
  );
  const stranding = types.filter((type) => type.disks > 1).map((type) => type.name);
  return {
    types: types.map((type) => type.name),
    disks,
    ...(capacity === DiskCapacity.counted && { counted: true }),
    diskBytes,
    largestClaimGi: Math.floor(diskBytes.min / 2 ** 30),
    ...(prices.length > 0 && { usdPerGBMonth: range(prices) }),
    warnings: [
      ...(spot && types.length < spotWidth
        ? [`${types.length} instance types for spot, fewer than ${spotWidth}: expect more interruptions; add types`]
        : []),
      ...(stranding.length > 0 && capacity === DiskCapacity.exclusive
        ? [`one consumer per node uses one disk: the others of ${stranding.join(", ")} stay empty`]
        : []),
    ],
  };
}

function range(values: number[]): Range {
  return { min: Math.min(...values), max: Math.max(...values) };
}
