import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { text } from "./example";
import { check } from "./validation";
import type { Shape } from "./validation";

/** What happens to a volume after its claim is deleted. */
export const ReclaimPolicy = {
  /** The disk is wiped and offered again. */
  delete: "Delete",
  /** The volume stays, with its data. */
  retain: "Retain",
} as const;
export type ReclaimPolicy = (typeof ReclaimPolicy)[keyof typeof ReclaimPolicy];

/** Whether pods get a file system or the raw disk. */
export const VolumeMode = {
  /** A file system. */
  filesystem: "Filesystem",
  /** The raw disk. */
  block: "Block",
} as const;
export type VolumeMode = (typeof VolumeMode)[keyof typeof VolumeMode];

/** File system that kubelet creates on first use. */
export const FileSystem = {
  /** Ext4. */
  ext4: "ext4",
  /** XFS. */
  xfs: "xfs",
} as const;
export type FileSystem = (typeof FileSystem)[keyof typeof FileSystem];

/**
 * How a released disk is wiped. With every value, the disk of a volume that is deleted by hand is offered unwiped.
 * `discard`: the disk discards all blocks, in seconds. `quick`: new file system and no signatures, in seconds; data stays
 * readable on the raw disk if discard is not supported. `zero`: one full write, about an hour per TB. `shred`: two random
 * writes and one of zeroes, about six hours for 1.9 TB.
 */
export const Wipe = {
  /** The disk discards all blocks, in seconds. */
  discard: "discard",
  /** New file system and no signatures, in seconds. */
  quick: "quick",
  /** One full write of zeroes. */
  zero: "zero",
  /** Two random writes and one of zeroes. */
  shred: "shred",
} as const;
export type Wipe = (typeof Wipe)[keyof typeof Wipe];

/** A StorageClass and how its volumes are created (https://kubernetes.io/docs/concepts/storage/storage-classes/). */
export interface StorageClassArgs {
  /**
   * With `Retain` a volume stays, with its data, until a user releases it by hand. A change replaces the StorageClass;
   * existing volumes keep their old policy. @default "Delete"
   */
  reclaimPolicy?: pulumi.Input<ReclaimPolicy>;
  /** What pods get. @default "Filesystem" */
  volumeMode?: pulumi.Input<VolumeMode>;
  /** Only for volumeMode Filesystem. @default - ext4 */
  fileSystem?: pulumi.Input<FileSystem>;
  /** For example `noatime`; only for volumeMode Filesystem. @default - none */
  mountOptions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Comma-separated globs of links that become volumes. @default "*" */
  namePattern?: pulumi.Input<string>;
  /** How a released disk is wiped. @default "discard" */
  wipe?: pulumi.Input<Wipe>;
}
export type StorageClassSpec = pulumi.Unwrap<StorageClassArgs>;

export const storageClassSchema = z.strictObject({
  reclaimPolicy: z.enum(ReclaimPolicy).optional(),
  volumeMode: z.enum(VolumeMode).optional(),
  fileSystem: z.enum(FileSystem).optional(),
  mountOptions: z.array(text("noatime")).optional(),
  namePattern: text("*").optional(),
  wipe: z.enum(Wipe).optional(),
} satisfies Shape<StorageClassSpec>);

/** Names of volumes in the provisioner's pod; each class adds a volume with the class's name. */
const provisionersOwn = ["provisioner-dev", "provisioner-config"];
/** Names that YAML 1.1 reads as another type; the chart writes the name without quotes. */
const notText = /^(null|true|false|yes|no|on|off|y|n|[0-9][0-9_]*|0x[0-9a-f]+|[0-9]+e[0-9]+)$/;
/** Fields that the API server never changes (https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/storage-class-v1/). */
export const immutableFields = ["reclaimPolicy", "volumeBindingMode", "provisioner", "parameters"];

export function validateStorageClass(spec: StorageClassSpec, path: string): string[] {
  const block = () => spec.volumeMode === VolumeMode.block;
  return check(path, [
    () => spec.fileSystem !== undefined && block() && "fileSystem: has no effect with volumeMode Block; leave it out",
    () =>
      spec.mountOptions !== undefined && block() && "mountOptions: has no effect with volumeMode Block; leave it out",
    () =>
      (spec.mountOptions ?? []).flatMap((option, index) =>
        /^[^\s,]+$/.test(option)
          ? []
          : [`mountOptions.${index}: must be a single option such as noatime, got "${option}"`],
      ),
    () => {
      const pattern = spec.namePattern;
      if (pattern === undefined) return [];
      if (!/^[^\s/]+$/.test(pattern)) return `namePattern: must be globs without spaces and slashes, got "${pattern}"`;
      return (
        !pattern.split(",").every(isGlob) && `namePattern: must be globs that Go's path.Match reads, got "${pattern}"`
      );
    },
  ]);
}

/** What is wrong with the name of a class. */
export function validateClassName(name: string): string[] {
  if (!/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name))
    return [`name must be 1 to 20 lower-case letters, digits and hyphens, got "${name}"`];
  if (notText.test(name)) return [`name must not be what YAML reads as a number, boolean or null, got "${name}"`];
  return provisionersOwn.includes(name)
    ? [`name is one of the provisioner's own volumes, got "${name}"; use another`]
    : [];
}

export function renderStorageClass(name: string, spec: StorageClassSpec) {
  return {
    metadata: { name },
    provisioner: names.noProvisioner,
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: spec.reclaimPolicy ?? ReclaimPolicy.delete,
    // Karpenter respects it for claims that are not bound yet.
    allowedTopologies: [{ matchLabelExpressions: [{ key: names.classLabel, values: [name] }] }],
    ...(spec.mountOptions && { mountOptions: spec.mountOptions }),
  };
}

// https://pkg.go.dev/path/filepath#Match: a class of characters must be closed and not empty, a backslash escapes one.
function isGlob(glob: string): boolean {
  return /^(\\.|[^\\[\]]|\]|\[\^?(\\.|[^\\\]-])(-(\\.|[^\\\]-])|\\.|[^\\\]-])*\])+$/.test(glob);
}
