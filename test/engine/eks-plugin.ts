import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";

/**
 * A placeholder for the component plugin of @pulumi/eks, where the real one is not on the PATH: `eks.Cluster` with the
 * control plane and its role. It takes as plain what the SDK's types call plain, and fails where an Output arrives.
 */
class Cluster extends pulumi.ComponentResource {
  readonly eksCluster: aws.eks.Cluster;
  readonly kubeconfigJson: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super("eks:index:Cluster", name, {}, opts);
    for (const key of ["accessEntries", "autoMode", "skipDefaultNodeGroup", "skipDefaultSecurityGroups"])
      if (pulumi.Output.isInstance(args[key])) throw new Error(`${key} is plain and arrived as an Output`);
    const child = { parent: this };
    const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const role = new aws.iam.Role(`${name}-eksRole`, { assumeRolePolicy }, child);
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
    const attachment = new aws.iam.RolePolicyAttachment(
      `${name}-eksRole-policy`,
      { role: role.name, policyArn },
      child,
    );
    this.eksCluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: args.name as string,
        version: args.version as string,
        roleArn: role.arn,
        deletionProtection: args.deletionProtection as boolean,
        enabledClusterLogTypes: args.enabledClusterLogTypes as string[],
        accessConfig: { authenticationMode: args.authenticationMode as string },
        bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons as boolean,
        vpcConfig: {
          subnetIds: args.privateSubnetIds as string[],
          endpointPublicAccess: args.endpointPublicAccess as boolean,
          endpointPrivateAccess: args.endpointPrivateAccess as boolean,
          publicAccessCidrs: args.publicAccessCidrs as string[],
        },
        tags: args.tags as Record<string, string>,
      },
      { parent: this, dependsOn: attachment },
    );
    this.kubeconfigJson = this.eksCluster.endpoint.apply((server) =>
      JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [{ name, cluster: { server } }] }),
    );
    this.registerOutputs({ eksCluster: this.eksCluster, kubeconfigJson: this.kubeconfigJson });
  }
}

const provider: pulumi.provider.Provider = {
  version: "4.3.0",
  schema: JSON.stringify({ name: "eks", version: "4.3.0" }),
  construct(name, type, inputs, options) {
    if (type !== "eks:index:Cluster") throw new Error(`the placeholder plugin has no ${type}`);
    const { urn, eksCluster, kubeconfigJson } = new Cluster(name, inputs, options);
    return Promise.resolve({ urn, state: { eksCluster, kubeconfigJson } });
  },
};

void main(provider, process.argv.slice(2));
