import { names } from "../names";

/**
 * What makes the links that the provisioner finds. `bootstrap`: our container, by serial; it checks and counts the disks.
 * `udev`: Bottlerocket itself, without an image; bootstrap/README.md says what it does not check.
 */
export const Discovery = {
  /** Our bootstrap container, at every boot. */
  bootstrap: "bootstrap",
  /** Bottlerocket's own udev rules. */
  udev: "udev",
} as const;
export type Discovery = (typeof Discovery)[keyof typeof Discovery];

/** Both kinds: a node keeps its kind after its pool has changed to the other. */
export const discoveries = Object.values(Discovery);

/** Where the links are. */
export function folderOf(discovery: Discovery): string {
  return discovery === Discovery.udev ? names.udevFolder : names.folder;
}
