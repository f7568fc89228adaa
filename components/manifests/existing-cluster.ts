import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { compatibilityError, kubernetesVersionError } from "../versions";
import { text } from "./example";
import { check, validateBy } from "./validation";
import type { Shape } from "./validation";

/** A cluster that exists: it is looked up and not changed. */
export interface ExistingClusterArgs {
  /** Physical name. */
  name: pulumi.Input<string>;
  /** Profile of the AWS configuration in the kubeconfig. @default - the environment's */
  awsProfile?: pulumi.Input<string>;
}

/** An existing cluster as the chain uses it. */
export interface ExistingClusterSettingsArgs extends ExistingClusterArgs {
  /** Whether `destroy` refuses to delete the pools, the node groups and the resources that they need. @default false */
  deletionProtection?: boolean;
}
export type ExistingClusterSettingsSpec = pulumi.Unwrap<ExistingClusterSettingsArgs>;
type ExistingClusterSpec = pulumi.Unwrap<ExistingClusterArgs>;

const shape = { name: text("dev"), awsProfile: text("dev").optional() } satisfies Shape<ExistingClusterSpec>;

export const existingClusterSettingsSchema = z
  .strictObject({ ...shape, deletionProtection: z.boolean().optional() } satisfies Shape<ExistingClusterSettingsSpec>)
  .meta({ example: { name: "dev" } });

const existingClusterSchema = z.strictObject(shape);

export function validateExistingClusterArgs(args: unknown): string[] {
  return validateBy(existingClusterSchema, validateExistingCluster, args);
}

export function validateExistingCluster(spec: ExistingClusterSpec, path: string): string[] {
  return check(path, [() => clusterNameError(spec.name)]);
}

/** The error of a cluster's name, with its key. */
export function clusterNameError(name: string): string | undefined {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return undefined;
  return `name: must be 1 to 100 letters, digits, hyphens and underscores, got "${name}"`;
}

/** Properties of an existing cluster that the stack's settings must fit. */
export interface FoundCluster {
  kubernetesVersion: string;
  vpcId: string;
  /** Its subnets that assign no public addresses. */
  subnetIds: string[];
  /** `API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`. */
  authenticationMode: string;
}

/** The stack's settings that must fit an existing cluster. */
export interface BesideCluster {
  bottlerocket: string;
  /** Version of the Karpenter to install, if one is. */
  karpenter?: string;
  /** VPC of the nodes' subnets, if they are set. */
  vpcId?: string;
}

/** Errors of an existing cluster together with the stack's settings. */
export function validateFoundCluster(found: FoundCluster, beside: BesideCluster): string[] {
  const kubernetes = found.kubernetesVersion;
  const unknown = kubernetesVersionError(kubernetes);
  const versionError = (part: "karpenter" | "bottlerocket") => {
    const { bottlerocket, karpenter = "" } = beside;
    const error = compatibilityError(part, { kubernetes, bottlerocket, karpenter });
    return error === undefined
      ? []
      : [`${part}.version: ${error.replace(/ or lower cluster\.kubernetesVersion$/, "")}`];
  };
  return [
    ...(unknown === undefined ? [] : [`existingCluster: its Kubernetes version ${unknown}`]),
    ...versionError("bottlerocket"),
    ...versionError("karpenter"),
    ...(beside.vpcId === undefined || beside.vpcId === found.vpcId
      ? []
      : [`network.existingVpc.vpcId: must be the cluster's, ${found.vpcId}, got "${beside.vpcId}"`]),
    ...(beside.vpcId === undefined && found.subnetIds.length === 0
      ? ["network: the control plane has no private subnet; set network.existingVpc with the subnets of the nodes"]
      : []),
    ...(beside.karpenter !== undefined && found.authenticationMode === "CONFIG_MAP"
      ? [
          "existingCluster: has authentication mode CONFIG_MAP, in which nodes cannot join by an access entry; change it to API_AND_CONFIG_MAP",
        ]
      : []),
  ];
}
