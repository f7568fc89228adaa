import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { ClusterSpec } from "./manifests/cluster";
import { allLogTypes, isDocumentationBlock, validateCluster } from "./manifests/cluster";
import { names } from "./names";

export interface ClusterArgs extends ClusterSpec {
  vpcId: pulumi.Input<string>;
  /** Private subnets in at least two zones. */
  subnetIds: pulumi.Input<string[]>;
  /** @default - none */
  tags?: Record<string, string>;
}

/**
 * An EKS control plane with access entries and without nodes, and the tag by which Karpenter finds its security group.
 *
 *     new Cluster("eks", { name: "dev", kubernetesVersion: "1.35", vpcId, subnetIds, privateOnly: true });
 */
export class Cluster extends pulumi.ComponentResource {
  /** The component of the eks package. */
  readonly cluster: pulumi.Output<eks.Cluster>;
  /** The control plane inside it. */
  readonly controlPlane: pulumi.Output<aws.eks.Cluster>;
  readonly clusterName: pulumi.Output<string>;
  /** The group that EKS makes and puts on all nodes. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`. */
  readonly kubeconfigJson: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Cluster", name, args, opts);
    fail(this, validateCluster(args));
    const placeholders = (args.publicAccessCidrs ?? []).filter(isDocumentationBlock);
    if (placeholders.length > 0)
      void pulumi.log.warn(
        `${name}.publicAccessCidrs: ${placeholders.join(", ")} is nobody's block; name your own before up`,
        this,
      );
    const cluster = new eks.Cluster(`${name}-eks`, renderArgs(args), { parent: this, dependsOn: opts?.dependsOn });
    this.cluster = pulumi.output(cluster);
    this.controlPlane = cluster.eksCluster;
    this.clusterName = cluster.eksCluster.name;
    this.securityGroupId = cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    this.kubeconfigJson = cluster.kubeconfigJson;
    new aws.ec2.Tag(
      `${name}-discovery-tag`,
      { resourceId: this.securityGroupId, key: names.discoveryTag, value: args.name },
      { parent: this },
    );
    this.registerOutputs({ clusterName: this.clusterName, securityGroupId: this.securityGroupId });
  }
}

function renderArgs(args: ClusterArgs): eks.ClusterArgs {
  const cidrs = args.publicAccessCidrs ?? [];
  return {
    name: args.name,
    version: args.kubernetesVersion,
    vpcId: args.vpcId,
    privateSubnetIds: args.subnetIds,
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    // Add-ons are ours (AddOns): the component's own drift with every release, and its coredns waits for nodes in vain.
    bootstrapSelfManagedAddons: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
    authenticationMode: "API",
    accessEntries: Object.fromEntries((args.admins ?? []).map((arn) => [arn.replace(/^.*:/, ""), renderAdmin(arn)])),
    endpointPrivateAccess: true,
    endpointPublicAccess: cidrs.length > 0,
    ...(cidrs.length > 0 && { publicAccessCidrs: cidrs }),
    enabledClusterLogTypes: args.logTypes ?? allLogTypes,
    deletionProtection: args.deletionProtection ?? false,
    tags: args.tags,
  };
}

function renderAdmin(principalArn: string) {
  const partition = principalArn.split(":")[1] ?? "aws";
  const policyArn = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  return { principalArn, accessPolicies: { admin: { policyArn, accessScope: { type: "cluster" } } } };
}
