import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { ExistingVpc, NetworkSpec, NewVpc } from "./manifests/network";
import { NatGateways, validateNetwork } from "./manifests/network";
import { names } from "./names";

export interface NetworkArgs extends NetworkSpec {
  /** The cluster that Karpenter discovers the new subnets for. */
  clusterName: string;
  /** @default - none */
  tags?: Record<string, string>;
}

/**
 * Zones that EKS refuses for control planes, by id, since names differ between accounts
 * (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
 */
const refusedZoneIds = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * The VPC of a cluster: a new one, or the private subnets of an existing one.
 *
 *     new Network("net", { clusterName: "dev", newVpc: {} });
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Private subnets. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** Routes of a new VPC: nodes that drain still need them, so what runs nodes depends on them. */
  readonly routes: pulumi.Output<aws.ec2.Route[]>;
  /** What ties the subnets of a new VPC to those routes. */
  readonly routeTableAssociations: pulumi.Output<aws.ec2.RouteTableAssociation[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Network", name, args, opts);
    fail(this, validateNetwork(args));
    if (args.existingVpc) {
      this.vpcId = pulumi.output(args.existingVpc.vpcId);
      this.subnetIds = findSubnets(this, args.existingVpc);
      this.routes = pulumi.output([]);
      this.routeTableAssociations = pulumi.output([]);
    } else {
      const vpc = createVpc(this, name, args, args.newVpc ?? {});
      this.vpcId = vpc.vpcId;
      this.subnetIds = vpc.privateSubnetIds;
      this.routes = vpc.routes;
      this.routeTableAssociations = vpc.routeTableAssociations;
    }
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }
}

function createVpc(parent: Network, name: string, args: NetworkArgs, spec: NewVpc): awsx.Vpc {
  const count = spec.zones ?? 3;
  const zones = aws
    .getAvailabilityZonesOutput(
      {
        state: "available",
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        excludeZoneIds: refusedZoneIds,
      },
      { parent },
    )
    .names.apply((found) => {
      if (found.length < count)
        throw new pulumi.ResourceError(`newVpc.zones: ${count} asked for, EKS takes ${found.length} here`, parent);
      return found.slice().sort().slice(0, count);
    });
  const region = aws.getRegionOutput({}, { parent }).region;
  return new awsx.Vpc(
    `${name}-vpc`,
    {
      cidrBlock: spec.cidrBlock ?? "10.0.0.0/16",
      // Plain in the SDK's types; an output that depends on no resource reaches the component as a plain value.
      availabilityZoneNames: zones as unknown as string[],
      enableDnsHostnames: true,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrMask: 24, tags: { ...args.tags, "kubernetes.io/role/elb": "1" } },
        {
          type: "Private",
          tags: { ...args.tags, "kubernetes.io/role/internal-elb": "1", [names.discoveryTag]: args.clusterName },
        },
      ],
      natGateways: { strategy: spec.natGateways ?? NatGateways.single },
      vpcEndpointStrategy: "Auto",
      vpcEndpointSpecs: [
        {
          serviceName: pulumi.interpolate`com.amazonaws.${region}.s3` as unknown as string,
          vpcEndpointType: "Gateway",
        },
      ],
      tags: args.tags,
    },
    { parent },
  );
}

function findSubnets(parent: Network, { vpcId, subnets }: ExistingVpc): pulumi.Output<string[]> {
  const found = subnets.map((term, index) =>
    aws.ec2
      .getSubnetsOutput(
        {
          filters: [
            { name: "vpc-id", values: [vpcId] },
            ...(term.id === undefined ? [] : [{ name: "subnet-id", values: [term.id] }]),
            ...Object.entries(term.tags ?? {}).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
          ],
        },
        { parent },
      )
      .ids.apply((ids) => {
        if (ids.length === 0)
          throw new pulumi.ResourceError(
            `existingVpc.subnets.${index}: no subnet of ${vpcId} matches ${JSON.stringify(term)}; tag one or drop the term`,
            parent,
          );
        return ids;
      }),
  );
  return pulumi.all(found).apply((lists) => [...new Set(lists.flat())].sort());
}
