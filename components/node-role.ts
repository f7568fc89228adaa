import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { instanceTrust, nodePolicies } from "./manifests/iam";
import { resourceName } from "./resource-name";

/** The IAM role `<name>-<key>` of nodes, with the permissions to join the cluster and pull images. */
export function createNodeRole(
  parent: pulumi.ComponentResource,
  name: string,
  key: string,
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  options: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; attachments: aws.iam.RolePolicyAttachment[] } {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const role = new aws.iam.Role(
    resourceName("role", `${name}-${key}`),
    { assumeRolePolicy: JSON.stringify(instanceTrust), tags },
    options,
  );
  const attachments = nodePolicies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}` },
        options,
      ),
  );
  return { role, attachments };
}
