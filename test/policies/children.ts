import type { Resource } from "../../offline/graph";

type Child = Pick<Resource, "type" | "name" | "inputs">;

/**
 * What the plugins of @pulumi/eks and @pulumi/awsx register inside their components, from their documentation: the plan
 * sees each component as one resource, the engine shows policies these.
 */
export function childrenOf(parent: Resource): Resource[] {
  const make = makers[parent.type];
  return (make?.(parent.name, parent.inputs) ?? []).map((child) => ({
    ...child,
    key: `${child.type}::${child.name}`,
    custom: true,
    remote: false,
    outputs: { id: `${child.name}-id`, ...structuredClone(child.inputs) },
    parent: parent.key,
    // The components hand their arguments on, and with them what these come from.
    dependencies: parent.dependencies,
    propertyDependencies: parent.propertyDependencies,
    replaceWith: [],
    retainOnDelete: false,
  }));
}

const makers: Record<string, (name: string, args: Record<string, unknown>) => Child[]> = {
  "eks:index:Cluster": (name, args) => [
    {
      type: "aws:iam/role:Role",
      name: `${name}-eksRole-role`,
      inputs: { assumeRolePolicy: '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow"}]}' },
    },
    {
      type: "aws:eks/cluster:Cluster",
      name: `${name}-eksCluster`,
      inputs: {
        name: args.name,
        version: args.version,
        roleArn: "arn:aws:iam::123456789012:role/eks",
        accessConfig: { authenticationMode: args.authenticationMode },
        bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons,
        deletionProtection: args.deletionProtection,
        enabledClusterLogTypes: args.enabledClusterLogTypes,
        vpcConfig: {
          subnetIds: args.privateSubnetIds,
          endpointPrivateAccess: args.endpointPrivateAccess,
          endpointPublicAccess: args.endpointPublicAccess,
          ...(args.publicAccessCidrs !== undefined && { publicAccessCidrs: args.publicAccessCidrs }),
        },
        tags: args.tags,
      },
    },
    { type: "pulumi:providers:kubernetes", name: `${name}-provider`, inputs: { kubeconfig: "{}" } },
  ],
  "eks:index:ManagedNodeGroup": (name, args) => [
    {
      type: "aws:eks/nodeGroup:NodeGroup",
      name,
      inputs: {
        clusterName: "cluster",
        nodeGroupNamePrefix: name,
        nodeRoleArn: args.nodeRoleArn,
        subnetIds: args.subnetIds,
        amiType: args.amiType,
        version: args.version,
        releaseVersion: args.releaseVersion,
        instanceTypes: args.instanceTypes,
        scalingConfig: args.scalingConfig,
        launchTemplate: args.launchTemplate,
        tags: args.tags,
      },
    },
  ],
  "awsx:ec2:Vpc": (name, args) => [
    { type: "aws:ec2/vpc:Vpc", name, inputs: { cidrBlock: args.cidrBlock, enableDnsHostnames: true } },
    { type: "aws:ec2/subnet:Subnet", name: `${name}-private-1`, inputs: { cidrBlock: "10.0.0.0/20" } },
    { type: "aws:ec2/routeTable:RouteTable", name: `${name}-private-1`, inputs: { tags: args.tags } },
    { type: "aws:ec2/natGateway:NatGateway", name: `${name}-1`, inputs: { tags: args.tags } },
    { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: `${name}-s3`, inputs: { vpcEndpointType: "Gateway" } },
  ],
};
