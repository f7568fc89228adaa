import { names } from "../names";
import { validateBottlerocket } from "./bottlerocket";
import type { BottlerocketSettings } from "./bottlerocket";
import type { ClusterSpec } from "./cluster";
import { validateVolumes } from "./ec2-node-class";
import { bootstrapLayer, Discovery, OnMissing } from "./discovery";
import type { VolumeSpec } from "./ec2-node-class";
import type { NetworkSpec } from "./network";
import type { NodeCleanupSpec } from "./node-cleanup";
import type { NodePoolSpec } from "./node-pool";
import { capacityOfPool, classOf } from "./node-pool";
import type { StorageClassSpec } from "./storage-class";
import type { SystemNodesSpec } from "./system-nodes";
import { validateUserData } from "./user-data";
import { validateVersions } from "./versions";

/** Bottlerocket on every node. */
export interface BottlerocketSpec {
  /** X.Y.Z of the release that all nodes run. */
  version: string;
  /** Settings of every node; a pool's own go over them. */
  settings?: BottlerocketSettings;
}

/** The bootstrap container's image: built and pushed, or ready-made. */
export interface BootImageSpec {
  /** Ready-made image by digest, `registry/name@sha256:…`. @default - built from `bootstrap/` and pushed to ECR */
  reference?: string;
  /** Whether the repository goes with its images on destroy. @default false */
  forceDelete?: boolean;
}

/** Karpenter's controller. */
export interface KarpenterSpec {
  /** X.Y.Z of both charts. */
  version: string;
  /**
   * Whether to make the account's EC2 Spot service-linked role: an account has one, and without it starts no spot node.
   * @default false
   */
  createSpotRole?: boolean;
}

/** A pool of nodes with fast disks. */
export interface PoolSpec extends NodePoolSpec, VolumeSpec {
  /** @default "bootstrap" */
  discovery?: Discovery;
  /** `fail` keeps a node whose local disks do not show up out of the cluster. @default "fail" */
  onMissing?: OnMissing;
  /** Ready-made instance profile, whose role has its access entry. @default - a role of ours */
  instanceProfile?: string;
  /** Settings of these nodes, over the cluster-wide ones. */
  bottlerocket?: BottlerocketSettings;
}

/** The whole chain. */
export interface FastDisksArgs {
  network: NetworkSpec;
  cluster: ClusterSpec;
  bottlerocket: BottlerocketSpec;
  systemNodes?: SystemNodesSpec;
  bootImage?: BootImageSpec;
  karpenter: KarpenterSpec;
  /** Pools by name. */
  pools: Record<string, PoolSpec>;
  /** StorageClasses by name. @default - `fast-disks` with its defaults */
  storageClasses?: Record<string, StorageClassSpec>;
  nodeCleanup?: NodeCleanupSpec;
  /** Tags of everything that AWS tags, instances and volumes included. */
  tags?: Record<string, string>;
}

/** The chain's StorageClasses: the default one, unless others are stated. */
export function storageClassesOf(args: FastDisksArgs): Record<string, StorageClassSpec> {
  return args.storageClasses ?? { [names.defaultClass]: {} };
}

/** A pool's layers of settings, the bootstrap container on top; `image` is needed unless udev makes the links. */
export function layersOf(
  cluster: BottlerocketSettings | undefined,
  pool: PoolSpec,
  image: string,
): BottlerocketSettings[] {
  const own = [cluster ?? {}, pool.bottlerocket ?? {}];
  if (pool.discovery === Discovery.udev) return own;
  return [...own, bootstrapLayer(image, capacityOfPool(pool).disks.min, pool.onMissing ?? OnMissing.fail)];
}

/** Per StorageClass how the pools that feed it find their disks. */
export function discoveriesOf(pools: Record<string, PoolSpec>): Record<string, Discovery> {
  return Object.fromEntries(Object.values(pools).map((pool) => [classOf(pool), discoveryOf(pool)]));
}

function discoveryOf(pool: PoolSpec): Discovery {
  return pool.discovery ?? Discovery.bootstrap;
}

export function validateBootImage(spec: BootImageSpec): string[] {
  if (spec.reference === undefined || /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/.test(spec.reference))
    return [];
  return [`reference: must be an image by digest, registry/name@sha256:…, got "${spec.reference}"`];
}

export function validatePool(spec: PoolSpec): string[] {
  const { instanceProfile } = spec;
  return [
    ...(instanceProfile === undefined || /^[\w+=,.@-]{1,128}$/.test(instanceProfile)
      ? []
      : [`instanceProfile: must be a name of 1 to 128 letters, digits and "+=,.@_-", got "${instanceProfile}"`]),
    ...validateVolumes(spec),
    ...validateBottlerocket(spec.bottlerocket ?? {}).map((fault) => `bottlerocket.${fault}`),
  ];
}

/** Children are called after the component, and Helm's releases have 53 characters. */
export function validateName(name: string): string[] {
  return /^[a-z][a-z0-9-]{0,14}$/.test(name)
    ? []
    : [`name: must be 1 to 15 lower-case letters, digits and hyphens, got "${name}"`];
}

/** Rules between the parts. */
export function validateFastDisks(args: FastDisksArgs): string[] {
  const { cluster, karpenter, bottlerocket, pools } = args;
  const classes = Object.keys(storageClassesOf(args));
  const faults = validateVersions({
    kubernetes: cluster.kubernetesVersion,
    karpenter: karpenter.version,
    bottlerocket: bottlerocket.version,
  });
  if (Object.keys(pools).length === 0) faults.push("pools: must have at least one pool, got none");
  for (const [name, pool] of Object.entries(pools)) {
    if (!/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name))
      faults.push(`pools.${name}: name must be 1 to 20 lower-case letters, digits and hyphens`);
    const storageClass = classOf(pool);
    if (!classes.includes(storageClass))
      faults.push(`pools.${name}.storageClass: must be one of ${classes.join(", ")}, got "${storageClass}"`);
    if (discoveryOf(pool) !== discoveriesOf(pools)[storageClass])
      faults.push(`pools.${name}.discovery: must be the same in all pools that feed ${storageClass}`);
    faults.push(
      ...validateUserData(layersOf(bottlerocket.settings, pool, "image"), "karpenter").map(
        (fault) => `pools.${name}.bottlerocket.${fault}`,
      ),
    );
  }
  const unfed = classes.filter((name) => !Object.values(pools).some((pool) => classOf(pool) === name));
  if (unfed.length > 0)
    faults.push(`storageClasses: no pool feeds ${unfed.join(", ")}; name one in a pool's storageClass`);
  const system = [bottlerocket.settings ?? {}, args.systemNodes?.bottlerocket ?? {}];
  faults.push(...validateUserData(system, "eks").map((fault) => `systemNodes.bottlerocket.${fault}`));
  return [...faults, ...validateTags(args.tags ?? {})];
}

/** AWS takes 50 tags of a resource; some are Karpenter's and our own. */
const mostTags = 40;

// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
function validateTags(tags: Record<string, string>): string[] {
  const reserved = Object.keys(tags).filter(
    (key) => /^(aws:|eks:|karpenter\.|kubernetes\.io\/cluster)/i.test(key) || key === "",
  );
  const faults = Object.entries(tags).flatMap(([key, value]) =>
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,128}$/u.test(key) && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)
      ? []
      : [`tags.${key}: must be a key of 128 and a value of 256 letters, digits, spaces and "_.:/=+-@" at most`],
  );
  if (reserved.length > 0) faults.push(`tags: ${reserved.join(", ")} belong to AWS and Karpenter; leave them out`);
  const count = Object.keys(tags).length;
  if (count > mostTags) faults.push(`tags: at most ${mostTags}, got ${count}`);
  return faults;
}
