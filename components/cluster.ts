import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { first, fixed } from "./fixed";
import { allLogTypes, defaultRetentionDays, validateClusterArgs } from "./manifests/cluster";
import type { ClusterArgs } from "./manifests/cluster";
import { renderKubeconfig } from "./manifests/kubeconfig";

/**
 * An EKS control plane with access entries and without nodes.
 *
 *     new Cluster("eks", { name: "dev", kubernetesVersion: "1.35", vpcId, subnetIds, privateOnly: true });
 */
export class Cluster extends pulumi.ComponentResource {
  /** The cluster's name, known once the cluster exists. */
  readonly clusterName: pulumi.Output<string>;
  /** ARN of the cluster. */
  readonly clusterArn: pulumi.Output<string>;
  /** URL of the Kubernetes API; a new cluster with the same name has another URL. */
  readonly endpoint: pulumi.Output<string>;
  /** Subnets of the control plane. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** The security group that EKS creates and assigns to all nodes. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`; it holds no credentials. */
  readonly kubeconfigJson: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Cluster", name, args, opts);
    const checked = checkArgs(this, args, validateClusterArgs);
    const options = childOptions(this, opts);
    const clusterName = fixed(this, `${name}-name`, "name", checked.name, options);
    const vpcId = fixed(this, `${name}-vpc`, "vpcId", checked.vpcId, options);
    // EKS refuses to move the control plane to subnets in other zones.
    const subnetIds = first(`${name}-subnets`, pulumi.output(checked.subnetIds), options);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        // EKS writes to this name, and would itself create a group without retention.
        name: pulumi.interpolate`/aws/eks/${clusterName}/cluster`,
        retentionInDays: checked.logRetentionDays ?? defaultRetentionDays,
        tags: checked.tags,
      },
      options,
    );
    const cluster = new eks.Cluster(
      `${name}-eks`,
      renderArgs(checked, clusterName, vpcId, subnetIds),
      // AWS refuses only the deletion of the cluster, after all other resources are deleted; `protect` refuses the first deletion.
      pulumi.mergeOptions(options, { dependsOn: logGroup, protect: checked.deletionProtection === true || undefined }),
    );
    const controlPlane = cluster.eksCluster;
    this.clusterName = controlPlane.name;
    this.clusterArn = controlPlane.arn;
    this.subnetIds = subnetIds;
    this.endpoint = controlPlane.endpoint;
    this.securityGroupId = controlPlane.vpcConfig.clusterSecurityGroupId;
    for (const [key, arn] of Object.entries(checked.admins ?? {}))
      createAdmin(`${name}-${key}`, this.clusterName, arn, checked.tags, options);
    this.kubeconfigJson = pulumi
      .output({
        clusterName: this.clusterName,
        endpoint: this.endpoint,
        certificateAuthority: controlPlane.certificateAuthority.data,
        region: aws.getRegionOutput({}, { parent: this }).region,
        awsProfile: checked.awsProfile,
      })
      .apply((spec) => JSON.stringify(renderKubeconfig(spec)));
    this.registerOutputs({
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      subnetIds: this.subnetIds,
      endpoint: this.endpoint,
      securityGroupId: this.securityGroupId,
      kubeconfigJson: this.kubeconfigJson,
    });
  }
}

function renderArgs(
  args: ClusterArgs,
  name: pulumi.Output<string>,
  vpcId: pulumi.Output<string>,
  subnetIds: pulumi.Output<string[]>,
): eks.ClusterArgs {
  const { publicAccessCidrs } = args;
  return {
    name,
    version: args.kubernetesVersion,
    vpcId,
    privateSubnetIds: subnetIds,
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    // `AddOns` creates the add-ons: those of eks.Cluster drift with every release, and its coredns waits for later nodes.
    bootstrapSelfManagedAddons: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
    authenticationMode: "API",
    endpointPrivateAccess: true,
    endpointPublicAccess: pulumi.output(publicAccessCidrs).apply((cidrs) => (cidrs ?? []).length > 0),
    publicAccessCidrs,
    enabledClusterLogTypes: args.logTypes ?? allLogTypes,
    deletionProtection: args.deletionProtection ?? false,
    tags: args.tags,
  };
}

function createAdmin(
  name: string,
  clusterName: pulumi.Input<string>,
  principalArn: pulumi.Input<string>,
  tags: ClusterArgs["tags"],
  options: pulumi.CustomResourceOptions,
): void {
  const entry = new aws.eks.AccessEntry(`${name}-admin`, { clusterName, principalArn, tags }, options);
  new aws.eks.AccessPolicyAssociation(
    `${name}-admin`,
    {
      clusterName,
      principalArn: entry.principalArn,
      policyArn: entry.principalArn.apply(
        (arn) => `arn:${arn.split(":")[1] ?? "aws"}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
      ),
      accessScope: { type: "cluster" },
    },
    options,
  );
}
