import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { OnMissing, renderBootContainer } from "./boot-container";
import { bottlerocketSettingsSchema } from "./bottlerocket";
import type { BottlerocketSettingsArgs, BottlerocketSettingsSpec } from "./bottlerocket";
import type { Range } from "./capacity";
import { Discovery } from "./discovery";
import { text } from "./example";
import { imageError } from "./image";
import { isLabelKey, isLabelValue, isReservedLabel } from "./label";
import type { Rule, Shape } from "./validation";
import { volumeShape } from "./volumes";
import type { VolumeArgs } from "./volumes";

/** Settings of nodes with fast disks, in a pool of Karpenter or in a managed node group. */
export interface DiskNodesArgs extends VolumeArgs {
  /** StorageClass of the volumes on the nodes' disks. @default "fast-disks" */
  storageClass?: string;
  /** Additional node labels. @default - none */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether a taint refuses pods without the placement's toleration. @default true */
  taint?: pulumi.Input<boolean>;
  /** What creates the links to the disks; existing nodes keep their links after a change. @default "bootstrap" */
  discovery?: Discovery;
  /** `fail`: a node whose local disks do not appear does not join the cluster. @default "fail" */
  onMissing?: pulumi.Input<OnMissing>;
  /** Settings of these nodes; they override the cluster-wide ones. */
  bottlerocket?: pulumi.Input<BottlerocketSettingsArgs>;
}
export type DiskNodesSpec = pulumi.Unwrap<DiskNodesArgs>;

export const diskNodesShape = {
  ...volumeShape,
  storageClass: z.string().optional(),
  labels: z.record(z.string(), text("yes")).optional(),
  taint: z.boolean().optional(),
  discovery: z.enum(Discovery).optional(),
  onMissing: z.enum(OnMissing).optional(),
  bottlerocket: bottlerocketSettingsSchema.optional(),
} satisfies Shape<DiskNodesSpec>;

/** Karpenter's definitions allow 100 labels; some of them are its own. */
const mostLabels = 90;

export function labelRules(spec: Pick<DiskNodesSpec, "labels">): Rule[] {
  return [
    () => Object.entries(spec.labels ?? {}).flatMap(([key, value]) => labelError(key, value) ?? []),
    () => {
      const count = Object.keys(spec.labels ?? {}).length;
      return count > mostLabels && `labels: must be at most ${mostLabels}, got ${count}`;
    },
  ];
}

/** Rules of the bootstrap container's image. */
export function bootImageRules(spec: Pick<DiskNodesSpec, "discovery"> & { bootImage?: string }): Rule[] {
  return [
    () =>
      spec.bootImage === undefined &&
      discoveryOf(spec) === Discovery.bootstrap &&
      "bootImage: must be the image of the bootstrap container, got none; set it, or discovery udev",
    () => spec.bootImage !== undefined && imageError("bootImage", spec.bootImage),
  ];
}

/** The StorageClass of the volumes on the nodes' disks. */
export function classOf({ storageClass }: Pick<DiskNodesArgs, "storageClass">): string {
  return storageClass ?? names.defaultClass;
}

export function discoveryOf({ discovery }: Pick<DiskNodesArgs, "discovery">): Discovery {
  return discovery ?? Discovery.bootstrap;
}

/** Labels with which provisioner and consumers find the nodes. */
export function renderClassLabels(spec: Pick<DiskNodesArgs, "storageClass" | "discovery">): Record<string, string> {
  return { [names.classLabel]: classOf(spec), [names.discoveryLabel]: discoveryOf(spec) };
}

/** How the nodes' disks are found, and how many a node has. */
export interface BootSpec extends Pick<DiskNodesSpec, "discovery" | "onMissing"> {
  bootImage?: string;
  disks: Range;
}

/** The bootstrap container as a layer of settings; none if udev creates the links. */
export function bootLayers({ discovery, onMissing, bootImage, disks }: BootSpec): BottlerocketSettingsSpec[] {
  if (discoveryOf({ discovery }) === Discovery.udev) return [];
  return [
    renderBootContainer({
      image: bootImage ?? "",
      fewestDisks: disks.min,
      mostDisks: disks.max,
      onMissing: onMissing ?? OnMissing.fail,
    }),
  ];
}

function labelError(key: string, value: string): string | undefined {
  if (key === names.classLabel) return `labels.${key}: is set by storageClass; leave it out`;
  if (key === names.discoveryLabel) return `labels.${key}: is set by discovery; leave it out`;
  if (isReservedLabel(key)) return `labels.${key}: is in a domain of Karpenter or Kubernetes; use your own domain`;
  if (isLabelKey(key) && isLabelValue(value)) return undefined;
  return `labels.${key}: must be a Kubernetes label, got "${key}: ${value}"`;
}
