import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  instanceTrust,
  nodePolicies,
  podIdentityTrust,
  renderControllerPolicies,
} from "./manifests/controller-policies";
import { names } from "./names";

export interface KarpenterIdentityArgs {
  clusterName: pulumi.Input<string>;
  /** Queue that the controller reads. */
  queueArn: pulumi.Input<string>;
  /** Whether to make the account's EC2 Spot service-linked role. @default false */
  createSpotRole?: boolean;
  /** @default - none */
  tags?: Record<string, string>;
}

/**
 * Who Karpenter and its nodes are: two IAM roles, the Pod Identity association of the controller's service account and
 * the nodes' access entry. Needs nothing but the cluster, so that the association has spread before the controller runs.
 *
 *     new KarpenterIdentity("identity", { clusterName, queueArn });
 */
export class KarpenterIdentity extends pulumi.ComponentResource {
  readonly nodeRoleName: pulumi.Output<string>;

  constructor(name: string, args: KarpenterIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:KarpenterIdentity", name, args, opts);
    const { clusterName, tags } = args;
    const partition = aws.getPartitionOutput({}, { parent: this }).partition;
    const role = (of: string, trust: object) =>
      new aws.iam.Role(`${name}-${of}`, { assumeRolePolicy: JSON.stringify(trust), tags }, { parent: this });
    const attach = (to: aws.iam.Role, key: string, policyArn: pulumi.Input<string>) =>
      new aws.iam.RolePolicyAttachment(`${name}-${key}`, { role: to.name, policyArn }, { parent: this });

    const node = role("node", instanceTrust);
    for (const policy of nodePolicies)
      attach(node, policy, pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`);
    new aws.eks.AccessEntry(
      `${name}-node-access`,
      { clusterName, principalArn: node.arn, type: "EC2_LINUX", tags },
      { parent: this },
    );

    const controller = role("controller", podIdentityTrust);
    for (const [key, policy] of Object.entries(createPolicies(this, name, args, node.arn)))
      attach(controller, `${key}-attachment`, policy.arn);
    new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      {
        clusterName,
        namespace: names.karpenterNamespace,
        serviceAccount: names.karpenterServiceAccount,
        roleArn: controller.arn,
        tags,
      },
      { parent: this },
    );
    if (args.createSpotRole)
      new aws.iam.ServiceLinkedRole(
        `${name}-spot`,
        { awsServiceName: "spot.amazonaws.com" },
        { parent: this, retainOnDelete: true },
      );
    this.nodeRoleName = node.name;
    this.registerOutputs({ nodeRoleName: this.nodeRoleName });
  }
}

function createPolicies(
  parent: KarpenterIdentity,
  name: string,
  { clusterName, queueArn, tags }: KarpenterIdentityArgs,
  nodeRoleArn: pulumi.Input<string>,
): Record<string, aws.iam.Policy> {
  const scope = pulumi.output({
    partition: aws.getPartitionOutput({}, { parent }).partition,
    region: aws.getRegionOutput({}, { parent }).region,
    accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
    clusterName,
    queueArn,
    nodeRoleArn,
  });
  const documents = scope.apply(renderControllerPolicies);
  return Object.fromEntries(
    ["lifecycle", "iam", "eks", "interruption", "discovery"].map((key) => [
      key,
      new aws.iam.Policy(
        `${name}-${key}`,
        { policy: documents.apply((all) => JSON.stringify(all[key])), tags },
        { parent },
      ),
    ]),
  );
}
