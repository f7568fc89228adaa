import { names } from "../names";

/**
 * Who makes the links that the provisioner finds. `bootstrap`: our container, by serial, checked and counted. `udev`:
 * Bottlerocket itself, without an image; bootstrap/README.md says what it does not check.
 */
export const Discovery = {
  /** Our bootstrap container, at every boot. */
  bootstrap: "bootstrap",
  /** Bottlerocket's own udev rules. */
  udev: "udev",
} as const;
export type Discovery = (typeof Discovery)[keyof typeof Discovery];

/** Every kind: nodes keep the one that they were made with, also after their pool changed to another. */
export const discoveries = Object.values(Discovery);

/** Where the links are. */
export function folderOf(discovery: Discovery): string {
  return discovery === Discovery.udev ? names.udevFolder : names.folder;
}
