import { names } from "../names";

/**
 * What creates the links that the provisioner finds. `bootstrap`: this package's container, by serial; it checks and counts
 * the disks. `udev`: Bottlerocket itself, without an image; bootstrap/README.md lists what it does not check.
 */
export const Discovery = {
  /** This package's bootstrap container, at every boot. */
  bootstrap: "bootstrap",
  /** Bottlerocket's own udev rules. */
  udev: "udev",
} as const;
export type Discovery = (typeof Discovery)[keyof typeof Discovery];

/** Both kinds: a node keeps its kind after a change of its pool. */
export const discoveries = Object.values(Discovery);

/** Where the links are. */
export function folderOf(discovery: Discovery): string {
  return discovery === Discovery.udev ? names.udevFolder : names.folder;
}
