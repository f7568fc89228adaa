import { names } from "../names";
import { BootstrapMode } from "./bottlerocket";
import type { BottlerocketSettingsSpec } from "./bottlerocket";

/** What a boot with too few local disks does. */
export const OnMissing = {
  /** The boot stops, and the node does not join the cluster. */
  fail: "fail",
  /** The node joins with the disks that are there. */
  continue: "continue",
} as const;
export type OnMissing = (typeof OnMissing)[keyof typeof OnMissing];

/** What the bootstrap container is told; bootstrap/README.md is the contract. */
export interface BootContainerSpec {
  /** The image by digest. */
  image: string;
  /** Fewest disks of a node. */
  fewestDisks: number;
  /** Most disks of a node; where it is the fewest as well, the container waits no longer than for them. */
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
