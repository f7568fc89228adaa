import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { kubernetesVersionError } from "../versions";
import { text } from "./example";
import { tagsSchema, validateTags } from "./tags";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** Versions of EKS's add-ons, each `most-recent` or as `aws eks describe-addon-versions` names them. */
export interface AddOnVersionsArgs {
  /** Gives pods their addresses in the VPC. @default "most-recent" */
  vpcCni?: pulumi.Input<string>;
  /** Routes Services on each node. @default "most-recent" */
  kubeProxy?: pulumi.Input<string>;
  /** Gives IAM roles to pods. @default "most-recent" */
  podIdentityAgent?: pulumi.Input<string>;
  /** Answers DNS inside the cluster. @default "most-recent" */
  coredns?: pulumi.Input<string>;
}
export type AddOnVersionsSpec = pulumi.Unwrap<AddOnVersionsArgs>;

/** EKS add-ons of one cluster. */
export interface AddOnsArgs {
  /** Cluster that the add-ons run in. */
  clusterName: pulumi.Input<string>;
  /** Minor version that `most-recent` is chosen for. */
  kubernetesVersion: pulumi.Input<string>;
  /** EKS's add-on names to versions, or to `most-recent`. */
  versions: Record<string, pulumi.Input<string>>;
  /** Tags of the add-ons. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export const addOnVersionsSchema = z.strictObject({
  vpcCni: text("most-recent").optional(),
  kubeProxy: text("most-recent").optional(),
  podIdentityAgent: text("most-recent").optional(),
  coredns: text("most-recent").optional(),
} satisfies Shape<AddOnVersionsSpec>);

const addOnsSchema = z.strictObject({
  clusterName: z.string(),
  kubernetesVersion: text("1.35"),
  versions: z.record(z.string(), z.string()),
  tags: tagsSchema.optional(),
} satisfies Shape<pulumi.Unwrap<AddOnsArgs>>);

export const mostRecent = "most-recent";

export function validateAddOnsArgs(args: unknown): string[] {
  return validateBy(
    addOnsSchema,
    (spec, path) => [
      ...check(path, [
        () => {
          const error = kubernetesVersionError(spec.kubernetesVersion);
          return error !== undefined && `kubernetesVersion: ${error}`;
        },
      ]),
      ...checkPart(() => spec.versions, validateVersions, join(path, "versions")),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}

export function validateAddOnVersions(spec: AddOnVersionsSpec, path: string): string[] {
  return check(
    path,
    (["vpcCni", "kubeProxy", "podIdentityAgent", "coredns"] as const).map((key) => () => versionError(key, spec[key])),
  );
}

function validateVersions(versions: Record<string, string>, path: string): string[] {
  return check(
    path,
    Object.keys(versions).map((key) => () => versionError(key, versions[key])),
  );
}

function versionError(key: string, version: string | undefined): string | undefined {
  if (version === undefined || version === mostRecent || /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version))
    return undefined;
  return `${key}: must be ${mostRecent} or a version such as v1.3.8-eksbuild.2, got "${version}"`;
}
