import type * as pulumi from "@pulumi/pulumi";
import { isIPv4 } from "node:net";
import * as z from "zod";
import { kubernetesVersionError } from "../versions";
import { addOnVersionsSchema, validateAddOnVersions } from "./add-ons";
import type { AddOnVersionsArgs } from "./add-ons";
import { cidrError, isDocumentation, isUnroutable, networkOf } from "./cidr";
import { text } from "./example";
import { clusterNameError } from "./existing-cluster";
import { nearest } from "./suggestion";
import { tagsSchema, validateTags } from "./tags";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** An EKS control plane (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html). */
export interface ControlPlaneArgs {
  /** Physical name, 1 to 100 characters: tags and IAM conditions contain it. It cannot change. */
  name: pulumi.Input<string>;
  /** Minor version, for example `1.35`. */
  kubernetesVersion: pulumi.Input<string>;
  /** IPv4 network ranges that can reach the API from the internet. @default - none, then `privateOnly` must be set */
  publicAccessCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether only the network of the VPC reaches the API; `up` must run there. @default false */
  privateOnly?: pulumi.Input<boolean>;
  /**
   * ARNs of IAM roles or users that administer the cluster in addition to its creator, by names that you choose. The creator is the
   * identity that runs the first `up`: EKS refuses a second entry for it. @default - none
   */
  admins?: Record<string, pulumi.Input<string>>;
  /** Control-plane logs in CloudWatch. @default - all five */
  logTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /** How long CloudWatch keeps the control-plane logs, in days. @default 30 */
  logRetentionDays?: pulumi.Input<number>;
  /**
   * Whether `destroy` and AWS refuse to delete the cluster, its pools and node groups, and the resources that they need.
   * @default false
   */
  deletionProtection?: boolean;
  /** Profile of the AWS configuration in the kubeconfig. @default - the environment's */
  awsProfile?: pulumi.Input<string>;
  /** Versions of the EKS add-ons. @default - the most recent ones */
  addOns?: pulumi.Input<AddOnVersionsArgs>;
}
export type ControlPlaneSpec = pulumi.Unwrap<ControlPlaneArgs>;

/** A control plane and its network. */
export interface ClusterArgs extends ControlPlaneArgs {
  /** VPC of the cluster; it cannot change. */
  vpcId: pulumi.Input<string>;
  /** Private subnets in at least two zones. The control plane stays in those of the first `up`. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Tags of the control plane, its roles and its log group. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const shape = {
  name: text("dev"),
  kubernetesVersion: text("1.35"),
  publicAccessCidrs: z.array(text("198.51.100.7/32")).optional(),
  privateOnly: z.boolean().optional(),
  admins: z.record(z.string(), text("arn:aws:iam::123456789012:role/ops")).optional(),
  logTypes: z.array(text("audit")).optional(),
  logRetentionDays: z.number().optional(),
  deletionProtection: z.boolean().optional(),
  awsProfile: text("dev").optional(),
  addOns: addOnVersionsSchema.optional(),
} satisfies Shape<ControlPlaneSpec>;

export const controlPlaneSchema = z
  .strictObject(shape)
  .meta({ example: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] } });

const clusterSchema = z.strictObject({
  ...shape,
  vpcId: z.string(),
  subnetIds: z.array(z.string()),
  tags: tagsSchema.optional(),
} satisfies Shape<pulumi.Unwrap<ClusterArgs>>);

export const allLogTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288];
export const defaultRetentionDays = 30;

const widestPrefix = 8;

export function validateClusterArgs(args: unknown): string[] {
  return validateBy(
    clusterSchema,
    (spec, path) => [
      ...validateControlPlane(spec, path),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}

export function validateControlPlane(spec: ControlPlaneSpec, path: string): string[] {
  return [
    ...check(path, [
      () => clusterNameError(spec.name),
      () => {
        const error = kubernetesVersionError(spec.kubernetesVersion);
        return error !== undefined && `kubernetesVersion: ${error}`;
      },
      () =>
        (spec.publicAccessCidrs ?? []).flatMap((cidr, index) =>
          prefixed(`publicAccessCidrs.${index}`, publicError(cidr)),
        ),
      () =>
        (spec.publicAccessCidrs ?? []).length === 0 &&
        spec.privateOnly !== true &&
        "publicAccessCidrs: must contain the network range that up runs from, got none; or set privateOnly if it runs inside the VPC",
      () =>
        (spec.publicAccessCidrs ?? []).length > 0 &&
        spec.privateOnly === true &&
        "privateOnly: contradicts publicAccessCidrs; leave out one of the two",
      () =>
        Object.keys(spec.admins ?? {}).flatMap((key) =>
          prefixed(`admins.${key}`, adminError(spec.admins?.[key] ?? "")),
        ),
      () =>
        (spec.logTypes ?? []).flatMap((type) => {
          if (allLogTypes.includes(type)) return [];
          const meant = nearest(type, allLogTypes);
          return [
            `logTypes: must be of ${allLogTypes.join(", ")}, got "${type}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
          ];
        }),
      () =>
        spec.logRetentionDays !== undefined &&
        !retentions.includes(spec.logRetentionDays) &&
        `logRetentionDays: must be one of ${retentions.join(", ")}, got ${spec.logRetentionDays}`,
    ]),
    ...checkPart(() => spec.addOns, validateAddOnVersions, join(path, "addOns")),
  ];
}

/** Errors of network ranges that are still the example: `up` would create a cluster that it cannot reach. */
export function validateForUp(spec: ControlPlaneSpec, path: string): string[] {
  return check(path, [
    () =>
      (spec.publicAccessCidrs ?? [])
        .filter(isDocumentation)
        .map(
          (cidr) =>
            `publicAccessCidrs: must be the network range that up runs from, got "${cidr}", an example of RFC 5737; ` +
            "see https://checkip.amazonaws.com",
        ),
  ]);
}

function prefixed(key: string, error: string | undefined): string[] {
  return error === undefined ? [] : [`${key}: ${error}`];
}

function publicError(cidr: string): string | undefined {
  const error = cidrError(cidr, "198.51.100.7/32");
  if (error !== undefined) {
    const [address = ""] = cidr.split("/");
    if (!isIPv4(address)) return error;
    return cidr === address ? `${error}; write ${address}/32` : `${error}, or ${address}/32 for one address`;
  }
  if (isUnroutable(cidr)) return `must be public, EKS refuses others, got "${cidr}"; leave it out`;
  return networkOf(cidr).prefix < widestPrefix
    ? `must be /${widestPrefix} or narrower, or a large part of the internet reaches the API, got "${cidr}"; use your own network range`
    : undefined;
}

function adminError(arn: string): string | undefined {
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  if (session)
    return `must be the ARN of a role, got that of a session, "${arn}"; write arn:${session[1] ?? ""}:iam::${session[2] ?? ""}:role/${session[3] ?? ""}, with the role's path if it has one`;
  return /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/\S+$/.test(arn)
    ? undefined
    : `must be the ARN of an IAM role or user, got "${arn}"`;
}
