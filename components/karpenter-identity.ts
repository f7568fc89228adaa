import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { podIdentityTrust } from "./manifests/iam";
import { OnMaintenance } from "./manifests/interruption";
import { validateKarpenterIdentityArgs } from "./manifests/karpenter-identity";
import type { KarpenterIdentityArgs } from "./manifests/karpenter-identity";
import { controllerPolicies, renderControllerPolicies } from "./manifests/karpenter-policies";
import { names } from "./names";
import { createNodeRole } from "./node-role";
import { resourceName } from "./resource-name";

/**
 * The identity of Karpenter and its nodes: two IAM roles, the Pod Identity association of the controller's service account
 * and the nodes' access entry. Needs only the cluster, so that the association is effective before the controller runs.
 *
 *     new KarpenterIdentity("identity", { clusterName, queueArn });
 */
export class KarpenterIdentity extends pulumi.ComponentResource {
  /** The cluster's name, known once the controller may act and its nodes may join. */
  readonly clusterName: pulumi.Output<string>;
  /** Name of the IAM role of Karpenter's nodes. */
  readonly nodeRoleName: pulumi.Output<string>;
  /** ARN of the same role. */
  readonly nodeRoleArn: pulumi.Output<string>;

  constructor(name: string, args: KarpenterIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    // Children wait for all Outputs in their component's arguments, but roles and policies need no cluster.
    super("eks-fast-disks:index:KarpenterIdentity", name, { ...args, createdClusterName: undefined }, opts);
    const checked = checkArgs(this, args, validateKarpenterIdentityArgs);
    const options = childOptions(this, opts);
    const created = checked.createdClusterName ?? checked.clusterName;
    const node = createNodeRole(this, name, "node", checked.tags, options);
    const entry = new aws.eks.AccessEntry(
      `${name}-node-access`,
      { clusterName: created, principalArn: node.role.arn, type: "EC2_LINUX", tags: checked.tags },
      options,
    );
    const documents = renderDocuments(this, checked, node.role.arn);
    const controller = createController(name, created, documents, checked.tags, options);
    this.clusterName = pulumi
      .all([created, pulumi.all([...node.attachments, entry, ...controller.rights].map(({ id }) => id))])
      .apply(([clusterName]) => clusterName);
    this.nodeRoleName = node.role.name;
    this.nodeRoleArn = node.role.arn;
    this.registerOutputs({
      clusterName: this.clusterName,
      nodeRoleName: this.nodeRoleName,
      nodeRoleArn: this.nodeRoleArn,
    });
  }
}

/** The controller's role, its permissions, and the association that gives the role to the controller's pods. */
function createController(
  name: string,
  clusterName: pulumi.Input<string>,
  documents: ReturnType<typeof renderDocuments>,
  tags: KarpenterIdentityArgs["tags"],
  options: pulumi.CustomResourceOptions,
) {
  const role = new aws.iam.Role(
    resourceName("role", `${name}-controller`),
    { assumeRolePolicy: JSON.stringify(podIdentityTrust), tags },
    options,
  );
  const attachments = controllerPolicies.map((key) => {
    const policy = new aws.iam.Policy(
      `${name}-${key}`,
      { policy: documents.apply((all) => JSON.stringify(all[key])), tags },
      options,
    );
    return new aws.iam.RolePolicyAttachment(
      `${name}-${key}-attachment`,
      { role: role.name, policyArn: policy.arn },
      options,
    );
  });
  const association = new aws.eks.PodIdentityAssociation(
    `${name}-association`,
    {
      clusterName,
      namespace: names.karpenterNamespace,
      serviceAccount: names.karpenterServiceAccount,
      roleArn: role.arn,
      tags,
    },
    options,
  );
  return { rights: [...attachments, association] };
}

function renderDocuments(parent: KarpenterIdentity, args: KarpenterIdentityArgs, nodeRoleArn: pulumi.Output<string>) {
  return pulumi
    .output({
      partition: aws.getPartitionOutput({}, { parent }).partition,
      region: aws.getRegionOutput({}, { parent }).region,
      accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
      clusterName: args.clusterName,
      queueArn: args.queueArn,
      nodeRoleArns: pulumi.all([nodeRoleArn, profileRoles(parent, args)]).apply(([own, others]) => [own, ...others]),
      onMaintenance: args.onMaintenance ?? OnMaintenance.replace,
    })
    .apply(renderControllerPolicies);
}

// If Karpenter may not pass the role of an EC2NodeClass's instance profile, it starts no node.
function profileRoles(parent: KarpenterIdentity, args: KarpenterIdentityArgs): pulumi.Output<string[]> {
  return pulumi
    .output(args.instanceProfiles)
    .apply((profiles) =>
      pulumi.all((profiles ?? []).map((name) => aws.iam.getInstanceProfileOutput({ name }, { parent }).roleArn)),
    )
    .apply((arns) => [...new Set(arns)].sort());
}
