import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { bottlerocketVersionError, compatibilityError } from "../versions";
import { bottlerocketSchema } from "./bottlerocket";
import type { BottlerocketArgs } from "./bottlerocket";
import { validateBottlerocketSettings } from "./bottlerocket-validation";
import { controlPlaneSchema, validateControlPlane, validateForUp } from "./cluster";
import type { ControlPlaneArgs } from "./cluster";
import { imageSourceSchema, validateImageSource } from "./image";
import type { ImageSourceArgs } from "./image";
import { karpenterSettingsSchema, validateKarpenter } from "./karpenter";
import type { KarpenterSettingsArgs } from "./karpenter";
import { storageClassesSchema, validateStorageClasses } from "./local-volumes";
import { validateVpc, vpcSchema } from "./network";
import type { VpcArgs } from "./network";
import { cleanupTimesSchema, validateCleanupTimes } from "./node-cleanup";
import type { CleanupTimesArgs } from "./node-cleanup";
import { classOf, poolSchema, validatePool } from "./pool";
import type { PoolArgs, PoolSpec } from "./pool";
import type { StorageClassArgs } from "./storage-class";
import { nodeGroupSchema, validateNodeGroup } from "./system-nodes";
import type { NodeGroupArgs } from "./system-nodes";
import { suggestValue } from "./suggestion";
import { tagsSchema, validateTags } from "./tags";
import { validateMergedSettings, validateOwnSettings } from "./user-data";
import { check, checkEach, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The whole chain. */
export interface FastDisksArgs {
  /** A new VPC or an existing one. */
  network: VpcArgs;
  /** The control plane. */
  cluster: ControlPlaneArgs;
  /** Version of the OS, and settings of all nodes. */
  bottlerocket: BottlerocketArgs;
  /** Nodes of the controllers. @default - two m7g.large */
  systemNodes?: NodeGroupArgs;
  /** The bootstrap container's image. @default - built and pushed */
  bootImage?: ImageSourceArgs;
  /** The disk controller's image. @default - built and pushed */
  diskController?: ImageSourceArgs;
  /** The controller that starts and ends nodes. */
  karpenter: KarpenterSettingsArgs;
  /** Pools by name. */
  pools: Record<string, PoolArgs>;
  /** StorageClasses by name. @default - `fast-disks` with its defaults */
  storageClasses?: Record<string, StorageClassArgs>;
  /** When claims and volumes of lost nodes are released. @default - after 15 s */
  nodeCleanup?: CleanupTimesArgs;
  /** Tags of everything that AWS tags, instances and volumes included. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type FastDisksSpec = pulumi.Unwrap<FastDisksArgs>;

export const fastDisksSchema = z.strictObject({
  network: vpcSchema,
  cluster: controlPlaneSchema,
  bottlerocket: bottlerocketSchema,
  systemNodes: nodeGroupSchema.optional(),
  bootImage: imageSourceSchema.optional(),
  diskController: imageSourceSchema.optional(),
  karpenter: karpenterSettingsSchema,
  pools: z.record(z.string(), poolSchema).meta({ example: { fast: { instanceTypes: ["c8gd.xlarge"] } } }),
  storageClasses: storageClassesSchema.optional(),
  nodeCleanup: cleanupTimesSchema.optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<FastDisksSpec>);

const longestName = 40;

/** Errors of the whole chain: of each part under its path, and between the parts. A stack file's schema has keys more. */
export function validateFastDisksArgs(args: unknown, schema: z.ZodType<FastDisksSpec> = fastDisksSchema): string[] {
  return validateBy(schema, validateFastDisks, args);
}

/** What else must be right before anything is made. */
export function validateFastDisksArgsForUp(args: unknown): string[] {
  return validateBy(
    fastDisksSchema,
    (spec, path) => checkPart(() => spec.cluster, validateForUp, join(path, "cluster")),
    args,
  );
}

/** Children are called after the component. */
export function validateName(name: string): string[] {
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(name) && name.length <= longestName
    ? []
    : [`name: must be 1 to ${longestName} letters, digits and hyphens, the first a letter, got "${name}"`];
}

/** The chain's StorageClasses: the default one, unless others are stated. */
export function storageClassesOf({
  storageClasses,
}: Pick<FastDisksArgs, "storageClasses">): Record<string, StorageClassArgs> {
  return storageClasses ?? { [names.defaultClass]: {} };
}

function validateFastDisks(spec: FastDisksSpec, path: string): string[] {
  const at = (key: string) => join(path, key);
  return [
    ...checkPart(() => spec.network, validateVpc, at("network")),
    ...checkPart(() => spec.cluster, validateControlPlane, at("cluster")),
    ...validateClusterSettings(spec, at("bottlerocket")),
    ...checkPart(() => spec.systemNodes, validateNodeGroup, at("systemNodes")),
    ...checkPart(
      () => spec.systemNodes,
      (group, here) => validateOwnSettings(group, settingsOf(spec), here, "eks"),
      at("systemNodes"),
    ),
    ...checkPart(() => spec.bootImage, validateImageSource, at("bootImage")),
    ...checkPart(() => spec.diskController, validateImageSource, at("diskController")),
    ...checkPart(() => spec.karpenter, validateKarpenter, at("karpenter")),
    ...checkEach(() => spec.pools, validatePool, at("pools")),
    ...checkEach(
      () => spec.pools,
      (pool, here) =>
        checkPart(
          () => pool.bottlerocket,
          () => validateOwnSettings(pool, settingsOf(spec), here, "karpenter"),
          here,
        ),
      at("pools"),
    ),
    ...checkPart(() => spec.storageClasses, validateStorageClasses, at("storageClasses")),
    ...checkPart(() => spec.nodeCleanup, validateCleanupTimes, at("nodeCleanup")),
    ...checkPart(() => spec.tags, validateTags, at("tags")),
    ...validateTogether(spec, path),
  ];
}

function validateClusterSettings(spec: FastDisksSpec, path: string): string[] {
  return check(path, [
    () => {
      const error = bottlerocketVersionError(spec.bottlerocket.version);
      return error !== undefined && `version: ${error}`;
    },
  ]).concat(
    checkPart(
      () => spec.bottlerocket.settings,
      (settings, at) => [
        ...validateBottlerocketSettings(settings, at, {
          consumers: ["eks", "karpenter"],
          version: () => spec.bottlerocket.version,
        }),
        ...validateMergedSettings([settings], at, "eks"),
      ],
      join(path, "settings"),
    ),
  );
}

// Read when a rule needs them: each of the two may be known later.
function settingsOf(spec: FastDisksSpec) {
  return {
    get bottlerocketVersion() {
      return spec.bottlerocket.version;
    },
    get clusterSettings() {
      return spec.bottlerocket.settings;
    },
  };
}

/** Rules between the parts. */
function validateTogether(spec: FastDisksSpec, path: string): string[] {
  const classes = () => Object.keys(storageClassesOf(spec));
  const versionRule = (part: "karpenter" | "bottlerocket") => () => {
    const error = compatibilityError(part, {
      kubernetes: spec.cluster.kubernetesVersion,
      karpenter: part === "karpenter" ? spec.karpenter.version : "",
      bottlerocket: part === "bottlerocket" ? spec.bottlerocket.version : "",
    });
    return error !== undefined && `${part}.version: ${error}`;
  };
  const poolRules = (rule: (pool: PoolSpec, name: string) => string | false) => () =>
    Object.keys(spec.pools).flatMap((name) => rule(spec.pools[name] ?? {}, name) || []);
  return check(path, [
    versionRule("karpenter"),
    versionRule("bottlerocket"),
    () =>
      spec.network.newVpc !== undefined &&
      spec.cluster.privateOnly === true &&
      "cluster.privateOnly: up cannot run inside a VPC that it has still to make; state publicAccessCidrs, or network.existingVpc",
    () => Object.keys(spec.pools).length === 0 && "pools: must have at least one pool, got none",
    poolRules(
      (_, name) =>
        !/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name) &&
        `pools.${name}: name must be 1 to 20 lower-case letters, digits and hyphens, the first a letter`,
    ),
    poolRules(
      (pool, name) =>
        !classes().includes(classOf(pool)) &&
        `pools.${name}.storageClass: must be one of ${classes().join(", ")}, got "${classOf(pool)}"${suggestValue(classes(), classOf(pool))}`,
    ),
    () => {
      const fed = Object.keys(spec.pools).map((name) => classOf(spec.pools[name] ?? {}));
      const unfed = classes().filter((name) => !fed.includes(name));
      return (
        fed.length > 0 &&
        fed.every((name) => classes().includes(name)) &&
        unfed.length > 0 &&
        `storageClasses: no pool feeds ${unfed.join(", ")}; name the class in a pool's storageClass`
      );
    },
  ]);
}
