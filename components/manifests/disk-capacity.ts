import { matchingTypes } from "../../catalogue/requirements";
import type { Requirement } from "../../catalogue/requirements";
import { names } from "../names";

/** How many consumers run on a node with fast disks. */
export const DiskCapacity = {
  /** One consumer per node, regardless of its disks. */
  exclusive: "exclusive",
  /** As many consumers as disks: Karpenter and the scheduler count them. */
  counted: "counted",
} as const;
export type DiskCapacity = (typeof DiskCapacity)[keyof typeof DiskCapacity];

/** Numbers of disks of the matching types, ascending. */
export function diskNumbers(requirements: Requirement[]): number[] {
  const numbers = matchingTypes(requirements).map(({ disks }) => disks);
  return [...new Set(numbers)].sort((left, right) => left - right);
}

/** Selects the types with this number of disks by name: no label has the number. */
export function requireDisks(requirements: Requirement[], disks: number): Requirement {
  const types = matchingTypes(requirements).filter((type) => type.disks === disks);
  return { key: names.instanceTypeLabel, operator: "In", values: types.map(({ name }) => name) };
}

/** What is wrong with a pool's number of disks. */
export function diskNumberError(requirements: Requirement[], disks: number): string | undefined {
  const numbers = diskNumbers(requirements);
  // If no type matches, the requirements have an error.
  if (numbers.length === 0 || numbers.includes(disks)) return undefined;
  const what = numbers.length === 1 ? "the number of disks" : "the numbers of disks";
  return `must be ${list(numbers, "or")}, ${what} of its types, got ${disks}`;
}

/** What is wrong with a pool whose disks are counted. */
export function mixedDisksError(requirements: Requirement[]): string | undefined {
  const numbers = diskNumbers(requirements);
  const [fewest = 0, ...others] = numbers;
  if (others.length === 0) return undefined;
  return (
    `must be set with capacity counted: its types have ${list(numbers, "or")} disks, and Karpenter would put small ` +
    `consumers on large nodes; add disks: ${fewest}, and a pool${others.length > 1 ? " each" : ""} for ${list(others, "and")}`
  );
}

function list(numbers: number[], word: string): string {
  const last = numbers.at(-1) ?? "";
  return numbers.length < 2 ? String(last) : `${numbers.slice(0, -1).join(", ")} ${word} ${last}`;
}
