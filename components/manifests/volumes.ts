import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { Rule, Shape } from "./validation";

/** Sizes of a node's EBS volumes. */
export interface VolumeArgs {
  /** Read-only root, in GiB. @default 4 */
  rootVolumeGiB?: pulumi.Input<number>;
  /** Images, logs and writable layers of containers, in GiB. @default 20 */
  dataVolumeGiB?: pulumi.Input<number>;
}
export type VolumeSpec = pulumi.Unwrap<VolumeArgs>;

export const volumeShape = {
  rootVolumeGiB: z.number().optional(),
  dataVolumeGiB: z.number().optional(),
} satisfies Shape<VolumeSpec>;

/** Bottlerocket's two devices: name, setting, default size and smallest size. */
const devices = [
  { deviceName: "/dev/xvda", field: "rootVolumeGiB", defaultGiB: 4, smallestGiB: 4 },
  { deviceName: "/dev/xvdb", field: "dataVolumeGiB", defaultGiB: 20, smallestGiB: 10 },
] as const;

/** Largest gp3 volume (https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html). */
const largestGiB = 16384;

export function volumeRules(spec: VolumeSpec): Rule[] {
  return devices.map(({ field, smallestGiB }) => () => {
    const size = spec[field];
    if (size === undefined || (Number.isInteger(size) && size >= smallestGiB && size <= largestGiB)) return [];
    return `${field}: must be a whole number of GiB from ${smallestGiB} to ${largestGiB}, got ${size}`;
  });
}

/** Device names and sizes in GiB of a node's volumes. */
export function volumesOf(spec: VolumeSpec): { deviceName: string; sizeGiB: number }[] {
  return devices.map(({ deviceName, field, defaultGiB }) => ({ deviceName, sizeGiB: spec[field] ?? defaultGiB }));
}
