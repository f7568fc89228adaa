import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { bottlerocketVersionError, compatibilityError } from "../versions";
import { bottlerocketSchema } from "./bottlerocket";
import type { BottlerocketArgs } from "./bottlerocket";
import { validateBottlerocketSettings } from "./bottlerocket-validation";
import { controlPlaneSchema, validateControlPlane, validateForUp } from "./cluster";
import type { ControlPlaneArgs } from "./cluster";
import { DiskCapacity } from "./disk-capacity";
import { diskNodeGroupSettingsSchema, validateDiskNodeGroup } from "./disk-node-group";
import type { DiskNodeGroupSettingsArgs } from "./disk-node-group";
import { exampleOf } from "./example";
import { existingClusterSettingsSchema, validateExistingCluster } from "./existing-cluster";
import type { ExistingClusterSettingsArgs } from "./existing-cluster";
import { existingKarpenterSchema, validateExistingKarpenter } from "./existing-karpenter";
import type { ExistingKarpenterArgs } from "./existing-karpenter";
import { imageSourceSchema, validateImageSource } from "./image";
import type { ImageSourceArgs } from "./image";
import { karpenterSettingsSchema, validateKarpenter } from "./karpenter";
import type { KarpenterSettingsArgs } from "./karpenter";
import { storageClassesSchema, validateStorageClasses } from "./local-volumes";
import { validateVpc, vpcSchema } from "./network";
import type { VpcArgs } from "./network";
import { cleanupTimesSchema, validateCleanupTimes } from "./node-cleanup";
import type { CleanupTimesArgs } from "./node-cleanup";
import { validateNodes } from "./nodes-together";
import { poolSchema, validatePool, validatePoolCapacity } from "./pool";
import type { PoolArgs } from "./pool";
import { prometheusSchema, validatePrometheus } from "./prometheus";
import type { PrometheusArgs } from "./prometheus";
import type { StorageClassArgs } from "./storage-class";
import { systemNodesSettingsSchema, validateSystemNodes } from "./system-nodes";
import type { SystemNodesSettingsArgs } from "./system-nodes";
import { tagsSchema, validateTags } from "./tags";
import { validateMergedSettings, validateOwnSettings } from "./user-data";
import { check, checkEach, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The whole chain. */
export interface FastDisksArgs {
  /**
   * A new VPC or an existing one. With an existing cluster, only an existing VPC is possible, for the subnets of the nodes.
   * @default - the private subnets of the existing control plane
   */
  network?: VpcArgs;
  /** A control plane to create. Excludes `existingCluster`. */
  cluster?: ControlPlaneArgs;
  /** A cluster that exists, with nodes for controllers. Excludes `cluster`. */
  existingCluster?: ExistingClusterSettingsArgs;
  /** Version of the OS, and settings of all nodes. */
  bottlerocket: BottlerocketArgs;
  /** Nodes of the controllers. @default - two m7g.large */
  systemNodes?: SystemNodesSettingsArgs;
  /** The bootstrap container's image. @default - built and pushed */
  bootImage?: ImageSourceArgs;
  /** The disk controller's image. @default - built and pushed */
  diskController?: ImageSourceArgs;
  /** The controller that starts and ends the pools' nodes, to install. Excludes `existingKarpenter`. */
  karpenter?: KarpenterSettingsArgs;
  /** A Karpenter that runs in the existing cluster. Excludes `karpenter`. */
  existingKarpenter?: ExistingKarpenterArgs;
  /**
   * How many consumers run on a node. `exclusive`: one. `counted`: one per disk; Karpenter counts disks with its alpha feature
   * NodeOverlay, and all types of a pool must have the same number of disks. @default "exclusive"
   */
  capacity?: DiskCapacity;
  /** Pools of Karpenter by name. @default - none */
  pools?: Record<string, PoolArgs>;
  /** Managed node groups with fast disks by name, in addition to pools or without Karpenter. @default - none */
  nodeGroups?: Record<string, DiskNodeGroupSettingsArgs>;
  /** StorageClasses by name. @default - `fast-disks` with its defaults */
  storageClasses?: Record<string, StorageClassArgs>;
  /** When claims and volumes of lost nodes are deleted. @default - after 15 s */
  nodeCleanup?: CleanupTimesArgs;
  /**
   * Alerts and a dashboard, for a cluster that has the Prometheus operator with kube-state-metrics and Grafana.
   * @default false
   */
  monitoring?: boolean;
  /** How the operator and Grafana find alerts and dashboard; only with `monitoring`. @default - a new namespace, no labels */
  prometheus?: PrometheusArgs;
  /** Tags of all AWS resources that can have tags, including instances and volumes. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type FastDisksSpec = pulumi.Unwrap<FastDisksArgs>;

export const poolsSchema = z
  .record(z.string(), poolSchema)
  .meta({ example: { fast: { instanceTypes: ["c8gd.xlarge"] } } });

export const fastDisksSchema = z.strictObject({
  network: vpcSchema.optional(),
  cluster: controlPlaneSchema.optional(),
  existingCluster: existingClusterSettingsSchema.optional(),
  bottlerocket: bottlerocketSchema,
  systemNodes: systemNodesSettingsSchema.optional(),
  bootImage: imageSourceSchema.optional(),
  diskController: imageSourceSchema.optional(),
  karpenter: karpenterSettingsSchema.optional(),
  existingKarpenter: existingKarpenterSchema.optional(),
  capacity: z.enum(DiskCapacity).optional(),
  pools: poolsSchema.optional(),
  nodeGroups: z
    .record(z.string(), diskNodeGroupSettingsSchema)
    .meta({ example: { base: { instanceTypes: ["c8gd.xlarge"] } } })
    .optional(),
  storageClasses: storageClassesSchema.optional(),
  nodeCleanup: cleanupTimesSchema.optional(),
  monitoring: z.boolean().optional(),
  prometheus: prometheusSchema.optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<FastDisksSpec>);

const longestName = 40;

/** Errors of the whole chain: of each part under its path, and between the parts. A stack file's schema has more keys. */
export function validateFastDisksArgs(args: unknown, schema: z.ZodType<FastDisksSpec> = fastDisksSchema): string[] {
  return validateBy(schema, validateFastDisks, args);
}

/** Further errors that only `up` refuses. */
export function validateFastDisksArgsForUp(args: unknown): string[] {
  return validateBy(
    fastDisksSchema,
    (spec, path) => checkPart(() => spec.cluster, validateForUp, join(path, "cluster")),
    args,
  );
}

/** Names of children begin with the component's name. */
export function validateName(name: string): string[] {
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(name) && name.length <= longestName
    ? []
    : [`name: must be 1 to ${longestName} letters, digits and hyphens, the first a letter, got "${name}"`];
}

/** The chain's StorageClasses: the default one, unless others are set. */
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
    ...checkPart(() => spec.existingCluster, validateExistingCluster, at("existingCluster")),
    ...validateClusterSettings(spec, at("bottlerocket")),
    ...checkPart(() => spec.systemNodes, validateSystemNodes, at("systemNodes")),
    ...checkPart(
      () => spec.systemNodes,
      (group, here) => validateOwnSettings(group, settingsOf(spec), here, "eks"),
      at("systemNodes"),
    ),
    ...checkPart(() => spec.bootImage, validateImageSource, at("bootImage")),
    ...checkPart(() => spec.diskController, validateImageSource, at("diskController")),
    ...checkPart(() => spec.karpenter, validateKarpenter, at("karpenter")),
    ...checkPart(() => spec.existingKarpenter, validateExistingKarpenter, at("existingKarpenter")),
    ...checkEach(() => spec.pools, validatePool, at("pools")),
    ...checkEach(
      () => spec.pools,
      (pool, here) => validatePoolCapacity(pool, () => spec.capacity, here),
      at("pools"),
    ),
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
    ...checkEach(() => spec.nodeGroups, validateDiskNodeGroup, at("nodeGroups")),
    ...checkEach(
      () => spec.nodeGroups,
      (group, here) => validateOwnSettings(group, settingsOf(spec), here, "eks"),
      at("nodeGroups"),
    ),
    ...checkPart(() => spec.storageClasses, validateStorageClasses, at("storageClasses")),
    ...checkPart(() => spec.nodeCleanup, validateCleanupTimes, at("nodeCleanup")),
    ...checkPart(() => spec.prometheus, validatePrometheus, at("prometheus")),
    ...checkPart(() => spec.tags, validateTags, at("tags")),
    ...validateChoices(spec, path),
    ...validateTogether(spec, path),
    ...validateNodes(spec, () => Object.keys(storageClassesOf(spec)), path),
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

// Getters, because each value may be known later.
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

/** Rules about which parts are created, and which exist already. */
function validateChoices(spec: FastDisksSpec, path: string): string[] {
  const missing = (key: string, schema: z.ZodType) =>
    `${key}: must be a table, got nothing; set it, for example ${JSON.stringify(exampleOf(schema))}`;
  return check(path, [
    () =>
      spec.cluster === undefined &&
      spec.existingCluster === undefined &&
      `${missing("cluster", controlPlaneSchema)}, or existingCluster`,
    () =>
      spec.cluster !== undefined &&
      spec.existingCluster !== undefined &&
      "existingCluster: excludes cluster, which creates one; leave out one of the two",
    () => spec.network === undefined && spec.cluster !== undefined && missing("network", vpcSchema),
    () =>
      spec.existingCluster !== undefined &&
      spec.network?.newVpc !== undefined &&
      "network.newVpc: is not the VPC of existingCluster; leave it out, or set existingVpc with subnets of the cluster's VPC",
    () =>
      spec.existingCluster !== undefined &&
      spec.systemNodes !== undefined &&
      "systemNodes: are created with a new cluster only; leave it out, existingCluster has nodes",
    () =>
      spec.pools === undefined && spec.nodeGroups === undefined && `${missing("pools", poolsSchema)}, or nodeGroups`,
    () =>
      spec.pools !== undefined &&
      spec.karpenter === undefined &&
      spec.existingKarpenter === undefined &&
      missing("karpenter", karpenterSettingsSchema),
    ...(["karpenter", "existingKarpenter"] as const).map(
      (key) => () =>
        spec[key] !== undefined &&
        spec.pools === undefined &&
        spec.nodeGroups !== undefined &&
        `${key}: starts nodes of pools only, and there is none; leave it out, or set pools`,
    ),
    () =>
      spec.karpenter !== undefined &&
      spec.existingKarpenter !== undefined &&
      "existingKarpenter: excludes karpenter, which installs one; leave out one of the two",
    () =>
      spec.existingKarpenter !== undefined &&
      spec.cluster !== undefined &&
      "existingKarpenter: needs existingCluster, a new cluster has no Karpenter; set karpenter",
    () =>
      spec.prometheus !== undefined &&
      spec.monitoring !== true &&
      "prometheus: has no effect without monitoring; set monitoring: true, or leave it out",
  ]);
}

/** Rules between the parts. */
function validateTogether(spec: FastDisksSpec, path: string): string[] {
  const versionRule = (part: "karpenter" | "bottlerocket") => () => {
    const error = compatibilityError(part, {
      kubernetes: spec.cluster?.kubernetesVersion ?? "",
      karpenter: part === "karpenter" ? (spec.karpenter?.version ?? "") : "",
      bottlerocket: part === "bottlerocket" ? spec.bottlerocket.version : "",
    });
    return error !== undefined && `${part}.version: ${error}`;
  };
  return check(path, [
    versionRule("karpenter"),
    versionRule("bottlerocket"),
    () =>
      spec.network?.newVpc !== undefined &&
      spec.cluster?.privateOnly === true &&
      "cluster.privateOnly: up cannot run inside a VPC that it has not created yet; set publicAccessCidrs, or network.existingVpc",
  ]);
}
