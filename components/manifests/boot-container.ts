import { names } from "../names";
import { BootstrapMode } from "./bottlerocket";
import type { BottlerocketSettingsSpec } from "./bottlerocket";

/** What happens at boot if there are too few local disks. */
export const OnMissing = {
  /** The boot stops, and the node does not join the cluster. */
  fail: "fail",
  /** The node joins with the disks that it has. */
  continue: "continue",
} as const;
export type OnMissing = (typeof OnMissing)[keyof typeof OnMissing];

/** Settings of the bootstrap container; bootstrap/README.md is the contract. */
export interface BootContainerSpec {
  /** The image by digest. */
  image: string;
  /** Minimum number of disks of a node. */
  fewestDisks: number;
  /** Maximum number of disks of a node; if both numbers are equal, the boot continues as soon as the disks are there. */
  mostDisks: number;
  onMissing: OnMissing;
}

/** The bootstrap container, as a layer of settings. */
export function renderBootContainer(spec: BootContainerSpec): BottlerocketSettingsSpec {
  return {
    bootstrapContainers: {
      [names.bootstrapContainer]: {
        source: spec.image,
        mode: BootstrapMode.always,
        essential: true,
        userData: Buffer.from(renderUserData(spec)).toString("base64"),
      },
    },
  };
}

function renderUserData({ fewestDisks, mostDisks, onMissing }: BootContainerSpec): string {
  const disks = fewestDisks === mostDisks ? `disks=${fewestDisks}` : `minimumDisks=${fewestDisks}`;
  return `${disks}\nonMissing=${onMissing}\n`;
}
