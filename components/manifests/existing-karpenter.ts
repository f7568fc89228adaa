import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { DiskCapacity } from "./disk-capacity";
import { text } from "./example";
import { check } from "./validation";
import type { Shape } from "./validation";

/** An existing Karpenter, 1.9 or newer, that starts and ends the pools' nodes. */
export interface ExistingKarpenterArgs {
  /**
   * IAM role of the nodes, by name. Karpenter's controller must be allowed to pass it to EC2. It must let nodes join: by an
   * access entry of type EC2_LINUX, or by aws-auth if the cluster reads that.
   */
  nodeRole: pulumi.Input<string>;
}
export type ExistingKarpenterSpec = pulumi.Unwrap<ExistingKarpenterArgs>;

export const existingKarpenterSchema = z
  .strictObject({ nodeRole: text("KarpenterNodeRole-dev") } satisfies Shape<ExistingKarpenterSpec>)
  .meta({ example: { nodeRole: "KarpenterNodeRole-dev" } });

export function validateExistingKarpenter(spec: ExistingKarpenterSpec, path: string): string[] {
  return check(path, [
    () =>
      !/^[\w+=,.@-]{1,64}$/.test(spec.nodeRole) &&
      `nodeRole: must be the name of an IAM role, got "${spec.nodeRole}"${/^arn:.*\//.test(spec.nodeRole) ? `; write "${spec.nodeRole.split("/").at(-1) ?? ""}"` : ""}`,
  ]);
}

/** Settings that only the owner of that Karpenter can change. */
export function existingKarpenterWarnings(capacity: DiskCapacity | undefined): string[] {
  return capacity === DiskCapacity.counted
    ? [
        "existingKarpenter: capacity counted needs the feature gate NodeOverlay in your Karpenter, " +
          "settings.featureGates.nodeOverlay of its chart, and the definition nodeoverlays.karpenter.sh of its chart karpenter-crd",
      ]
    : [];
}

/** The nodes' role as AWS describes it. */
export interface FoundNodeRole {
  arn: string;
  /** Its trust policy, as JSON. */
  trust: string;
  /** Type of its access entry; undefined if the cluster has none for it. */
  accessEntry?: string;
  /** Authentication mode of the cluster. */
  authenticationMode: string;
}

/** Errors of a role with which no node would start or join. */
export function validateFoundNodeRole({ arn, trust, accessEntry, authenticationMode }: FoundNodeRole): string[] {
  // Without an entry, aws-auth may still map the role, if the cluster reads it.
  const mapped = accessEntry === undefined && authenticationMode !== "API";
  return [
    ...(trust.includes('"ec2.amazonaws.com"')
      ? []
      : [`existingKarpenter.nodeRole: ${arn} does not trust ec2.amazonaws.com; use the role of Karpenter's nodes`]),
    ...(accessEntry === "EC2_LINUX" || mapped
      ? []
      : [
          `existingKarpenter.nodeRole: must have an access entry of type EC2_LINUX, ${arn} has ` +
            `${accessEntry === undefined ? "none" : `one of type ${accessEntry}`}; nodes could not join`,
        ]),
  ];
}
