import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { throwErrors } from "./check";
import { validateFoundNodeRole } from "./manifests/existing-karpenter";
import type { ExistingKarpenterArgs } from "./manifests/existing-karpenter";

/** The cluster in which the existing Karpenter runs. */
export interface KarpenterHome {
  clusterName: pulumi.Output<string>;
  authenticationMode: pulumi.Output<string>;
}

/** Name of the nodes' role, known after the check that nodes with it can start and join. */
export function findNodeRole(
  parent: pulumi.ComponentResource,
  { nodeRole }: ExistingKarpenterArgs,
  { clusterName, authenticationMode }: KarpenterHome,
): pulumi.Output<string> {
  const role = aws.iam.getRoleOutput({ name: nodeRole }, { parent });
  return pulumi
    .all([role.name, role.arn, role.assumeRolePolicy, clusterName, authenticationMode])
    .apply(async ([name, arn, trust, cluster, mode]) => {
      const accessEntry = await findAccessEntry(parent, cluster, arn);
      throwErrors(parent, validateFoundNodeRole({ arn, trust, accessEntry, authenticationMode: mode }));
      return name;
    });
}

async function findAccessEntry(
  parent: pulumi.ComponentResource,
  clusterName: string,
  principalArn: string,
): Promise<string | undefined> {
  try {
    const { type } = await aws.eks.getAccessEntry({ clusterName, principalArn }, { parent });
    return type;
  } catch (error) {
    if (/ResourceNotFound|couldn't find resource|empty result/i.test(String(error))) return undefined;
    throw error;
  }
}
