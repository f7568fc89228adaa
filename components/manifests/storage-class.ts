import { names } from "../names";

/** What happens to a volume whose claim is gone. */
export const ReclaimPolicy = { delete: "Delete", retain: "Retain" } as const;
export type ReclaimPolicy = (typeof ReclaimPolicy)[keyof typeof ReclaimPolicy];

/** Whether pods get a file system or the raw disk. */
export const VolumeMode = { filesystem: "Filesystem", block: "Block" } as const;
export type VolumeMode = (typeof VolumeMode)[keyof typeof VolumeMode];

/** File system that kubelet makes on first use. */
export const FileSystem = { ext4: "ext4", xfs: "xfs" } as const;
export type FileSystem = (typeof FileSystem)[keyof typeof FileSystem];

/**
 * How a released disk is wiped; a volume deleted by hand comes back unwiped, whichever is chosen.
 * `discard`: the disk forgets all blocks, seconds. `quick`: new file system and no signatures, seconds, data stays
 * readable on the raw disk. `zero`: one full write, about an hour per TB. `shred`: two random writes and one of
 * zeroes, some six hours for 1.9 TB.
 */
export const Wipe = { discard: "discard", quick: "quick", zero: "zero", shred: "shred" } as const;
export type Wipe = (typeof Wipe)[keyof typeof Wipe];

/** A StorageClass and how its volumes are made. */
export interface StorageClassSpec {
  /** With `Retain` a volume stays, with its data, until somebody deletes it by hand. @default "Delete" */
  reclaimPolicy?: ReclaimPolicy;
  /** @default "Filesystem" */
  volumeMode?: VolumeMode;
  /** Only for volumeMode Filesystem. @default "ext4" */
  fileSystem?: FileSystem;
  /** For example `noatime`; only for volumeMode Filesystem. @default - none */
  mountOptions?: string[];
  /** Comma-separated globs of links that become volumes. @default "*" */
  namePattern?: string;
  /** @default "discard" */
  wipe?: Wipe;
}

export function validateStorageClass(name: string, spec: StorageClassSpec): string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name))
    faults.push(`name: must be 1 to 20 lower-case letters, digits and hyphens, got "${name}"`);
  if (spec.volumeMode === VolumeMode.block)
    for (const field of ["fileSystem", "mountOptions"] as const)
      if (spec[field] !== undefined) faults.push(`${field}: means nothing with volumeMode Block; leave it out`);
  for (const option of spec.mountOptions ?? [])
    if (!/^[^\s,]+$/.test(option)) faults.push(`mountOptions: must be single options such as noatime, got "${option}"`);
  if (spec.namePattern !== undefined && !/^[^\s/]+$/.test(spec.namePattern))
    faults.push(`namePattern: must be globs without spaces and slashes, got "${spec.namePattern}"`);
  return faults;
}

export function renderStorageClass(name: string, spec: StorageClassSpec) {
  return {
    metadata: { name },
    provisioner: names.noProvisioner,
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: spec.reclaimPolicy ?? ReclaimPolicy.delete,
    // Karpenter honours it for claims that are not bound yet.
    allowedTopologies: [{ matchLabelExpressions: [{ key: names.classLabel, values: [name] }] }],
    ...(spec.mountOptions && { mountOptions: spec.mountOptions }),
  };
}
