import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { bottlerocketSettingsSchema } from "./bottlerocket";
import type { BottlerocketSettingsArgs } from "./bottlerocket";
import { DiskCapacity } from "./disk-capacity";
import { bootImageRules, bootLayers, classOf, renderClassLabels } from "./disk-nodes";
import { secondsOf } from "./duration";
import { renderNodeClass } from "./ec2-node-class";
import { OnDrift, capacityOfPool, poolShape, renderRequirements, validatePool, validatePoolCapacity } from "./pool";
import type { PoolArgs, PoolSpec } from "./pool";
import { selectorTermRules, selectorTermSchema } from "./selector-term";
import type { SelectorTermArgs } from "./selector-term";
import { tagsSchema, validateTags } from "./tags";
import { renderUserData, validateNodeSettings } from "./user-data";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** A pool, with image, network and permissions of its nodes. */
export interface NodePoolArgs extends PoolArgs {
  /**
   * `counted` creates the NodeOverlay that tells Karpenter how many disks a node has. It needs Karpenter's feature gate, and a
   * disk controller with the same capacity. @default "exclusive"
   */
  capacity?: DiskCapacity;
  /** Image of the bootstrap container, by digest; required unless `discovery` is udev. */
  bootImage?: pulumi.Input<string>;
  /** X.Y.Z. */
  bottlerocketVersion: pulumi.Input<string>;
  /** Settings below `bottlerocket`. @default - none */
  clusterSettings?: pulumi.Input<BottlerocketSettingsArgs>;
  /** IAM role of the nodes, by name. Excludes `instanceProfile`. */
  role?: pulumi.Input<string>;
  /** Terms that find the subnets; a subnet must match one of them. */
  subnetSelectorTerms: pulumi.Input<pulumi.Input<SelectorTermArgs>[]>;
  /** Terms that find the security groups. */
  securityGroupSelectorTerms: pulumi.Input<pulumi.Input<SelectorTermArgs>[]>;
  /** Tags of instances and volumes. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type NodePoolSpec = pulumi.Unwrap<NodePoolArgs>;

const nodePoolSchema = z.strictObject({
  ...poolShape,
  capacity: z.enum(DiskCapacity).optional(),
  bootImage: z.string().optional(),
  bottlerocketVersion: z.string(),
  clusterSettings: bottlerocketSettingsSchema.optional(),
  role: z.string().optional(),
  subnetSelectorTerms: z.array(selectorTermSchema),
  securityGroupSelectorTerms: z.array(selectorTermSchema),
  tags: tagsSchema.optional(),
} satisfies Shape<NodePoolSpec>);

const defaultGracePeriod = "30m";
/** Longest time that EC2 takes to end an instance after its drain. */
const terminationMinutes = 20;
/** Karpenter's own limit of a NodePool's weight. */
const heaviest = 100;
/** For a grace period that is not known yet: longer than any drain should take. */
const longestDelete = "24h";

export function validateNodePoolArgs(args: unknown): string[] {
  return validateBy(nodePoolSchema, validateNodePool, args);
}

function validateNodePool(spec: NodePoolSpec, path: string): string[] {
  return [
    ...validatePool(spec, path),
    ...validatePoolCapacity(spec, () => spec.capacity, path),
    ...validateNodeSettings(spec, path, "karpenter"),
    ...check(path, [
      ...bootImageRules(spec),
      () =>
        (spec.role === undefined) === (spec.instanceProfile === undefined) &&
        "role: set exactly one of role and instanceProfile",
      ...selectorTermRules("subnetSelectorTerms", "subnet", () => spec.subnetSelectorTerms),
      ...selectorTermRules("securityGroupSelectorTerms", "sg", () => spec.securityGroupSelectorTerms),
    ]),
    ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
  ];
}

/** EC2NodeClass of a pool. */
export function renderPoolNodeClass(spec: NodePoolSpec) {
  return renderNodeClass({
    role: spec.role,
    instanceProfile: spec.instanceProfile,
    subnetSelectorTerms: spec.subnetSelectorTerms,
    securityGroupSelectorTerms: spec.securityGroupSelectorTerms,
    bottlerocketVersion: spec.bottlerocketVersion,
    userData: renderUserData([
      spec.clusterSettings ?? {},
      spec.bottlerocket ?? {},
      ...bootLayers({ ...spec, disks: capacityOfPool(spec).disks }),
    ]),
    rootVolumeGiB: spec.rootVolumeGiB,
    dataVolumeGiB: spec.dataVolumeGiB,
    tags: spec.tags,
  });
}

/** NodePool for Karpenter 1.14. */
export function renderNodePool(spec: PoolSpec, nodeClass: string, capacity?: DiskCapacity) {
  const storageClass = classOf(spec);
  const weight = capacity === DiskCapacity.counted ? weightOf(spec) : undefined;
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    spec: {
      template: {
        metadata: { labels: { ...spec.labels, ...renderClassLabels(spec) } },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: nodeClass },
          requirements: renderRequirements(spec),
          ...(spec.taint !== false && {
            taints: [{ key: names.classLabel, value: storageClass, effect: "NoSchedule" }],
          }),
          expireAfter: spec.expireAfter ?? "Never",
          terminationGracePeriod: spec.terminationGracePeriod ?? defaultGracePeriod,
        },
      },
      disruption: {
        consolidationPolicy: "WhenEmpty",
        consolidateAfter: spec.consolidateAfter ?? "5m",
        budgets: [
          ...(spec.onDrift === OnDrift.replace ? [] : [{ nodes: "0", reasons: ["Drifted"] }]),
          { nodes: "10%" },
        ],
      },
      limits: spec.limits ?? { cpu: "100" },
      ...(weight !== undefined && { weight }),
    },
  };
}

/**
 * Karpenter tries the pool of a class with the fewest disks first. A pool without the taint has no weight, because Karpenter
 * would prefer it for every pod of the cluster.
 */
function weightOf(spec: PoolSpec): number | undefined {
  return spec.taint === false ? undefined : heaviest - capacityOfPool(spec).disks.max;
}

/** How long the deletion of a pool waits for its nodes: their drain and EC2's own time. */
export function deleteTimeoutOf(terminationGracePeriod: unknown): string {
  if (terminationGracePeriod !== undefined && typeof terminationGracePeriod !== "string") return longestDelete;
  return `${Math.ceil(secondsOf(terminationGracePeriod ?? defaultGracePeriod) / 60) + terminationMinutes}m`;
}
