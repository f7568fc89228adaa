import { names } from "../names";
import type { BottlerocketSettings } from "./bottlerocket";

/**
 * Who makes the links that the provisioner finds. `bootstrap`: our container, by serial, checked and counted. `udev`:
 * Bottlerocket itself, without an image; bootstrap/README.md says what is not known about it.
 */
export const Discovery = { bootstrap: "bootstrap", udev: "udev" } as const;
export type Discovery = (typeof Discovery)[keyof typeof Discovery];

/** What a boot with too few local disks does. */
export const OnMissing = { fail: "fail", continue: "continue" } as const;
export type OnMissing = (typeof OnMissing)[keyof typeof OnMissing];

/** Where the links are. */
export function folderOf(discovery: Discovery = Discovery.bootstrap): string {
  return discovery === Discovery.udev ? names.udevFolder : names.folder;
}

/** The bootstrap container's own settings; bootstrap/README.md is the contract. */
export function renderBootSettings(expectedDisks: number, onMissing: OnMissing): string {
  return `expectedDisks=${expectedDisks}\nonMissing=${onMissing}\n`;
}

/** The bootstrap container, in the form of a layer of settings. */
export function bootstrapLayer(image: string, expectedDisks: number, onMissing: OnMissing): BottlerocketSettings {
  const userData = Buffer.from(renderBootSettings(expectedDisks, onMissing)).toString("base64");
  const container = { source: image, mode: "always", essential: true, userData } as const;
  return { bootstrapContainers: { [names.bootstrapContainer]: container } };
}
