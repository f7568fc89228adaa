import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { throwErrors } from "./check";
import { first, fixed, notBelowFirst } from "./fixed";
import { NatGateways, defaultCidrBlock, subnetRangesOf, zoneCountOf } from "./manifests/network";
import type { NetworkArgs, NewVpcArgs } from "./manifests/network";
import { names } from "./names";

/**
 * Zones that EKS refuses for control planes, by id, since names differ between accounts
 * (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
 */
const refusedZoneIds = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Common values of the parts of a VPC. */
interface Context {
  parent: pulumi.ComponentResource;
  name: string;
  args: NetworkArgs;
  vpcId: pulumi.Output<string>;
  cidrBlock: pulumi.Output<string>;
  options: pulumi.CustomResourceOptions;
}

interface Zone {
  privateSubnet: aws.ec2.Subnet;
  privateTable: aws.ec2.RouteTable;
  publicSubnet: aws.ec2.Subnet;
  publicAssociation: aws.ec2.RouteTableAssociation;
  association: aws.ec2.RouteTableAssociation;
}

/** A VPC with a public and a private subnet in each zone. */
export function createVpc(
  parent: pulumi.ComponentResource,
  name: string,
  args: NetworkArgs,
  options: pulumi.CustomResourceOptions,
): { vpcId: pulumi.Output<string>; subnetIds: pulumi.Output<string[]>; routedSubnetIds: pulumi.Output<string[]> } {
  const spec = args.newVpc ?? {};
  const count = zoneCountOf(spec);
  const cidrBlock = pulumi
    .all([
      fixed(parent, `${name}-range`, "newVpc.cidrBlock", spec.cidrBlock ?? defaultCidrBlock, options),
      notBelowFirst(parent, `${name}-zones`, "newVpc.zones", count, options),
    ])
    .apply(([range]) => range);
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: tagsOf(name, args, "vpc") },
    options,
  );
  const context = { parent, name, args, vpcId: vpc.id, cidrBlock, options };
  const { table, route, gateway } = createPublicTable(context);
  const zones = findZones(context, spec, count).map((zone, index) => createZone(context, table, zone, index));
  const routes = createNats(context, zones, spec.natGateways ?? NatGateways.single, route, gateway);
  const endpoint = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: vpc.id,
      serviceName: pulumi.interpolate`com.amazonaws.${aws.getRegionOutput({}, { parent }).region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: zones.map(({ privateTable }) => privateTable.id),
      tags: tagsOf(name, args, "s3"),
    },
    options,
  );
  const subnetIds = pulumi.all(zones.map(({ privateSubnet }) => privateSubnet.id));
  const routing = pulumi.all([...zones.map(({ association }) => association), ...routes, endpoint].map(({ id }) => id));
  return { vpcId: vpc.id, subnetIds, routedSubnetIds: pulumi.all([subnetIds, routing]).apply(([ids]) => ids) };
}

function tagsOf(name: string, { tags }: NetworkArgs, key: string, own: pulumi.Input<Record<string, string>> = {}) {
  return pulumi.all([tags, own]).apply(([common, special]) => ({ Name: `${name}-${key}`, ...common, ...special }));
}

function createPublicTable({ name, args, vpcId, options }: Context) {
  const gateway = new aws.ec2.InternetGateway(
    `${name}-gateway`,
    { vpcId, tags: tagsOf(name, args, "gateway") },
    options,
  );
  const table = new aws.ec2.RouteTable(`${name}-public`, { vpcId, tags: tagsOf(name, args, "public") }, options);
  const route = new aws.ec2.Route(
    `${name}-public-route`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    options,
  );
  return { table, route, gateway };
}

/**
 * The zone of each number. AWS may list other zones later, so the zones in use are stored. A user's list may only grow.
 */
function findZones(
  { parent, name, options }: Context,
  { zoneNames }: NewVpcArgs,
  count: number,
): pulumi.Output<string>[] {
  const stash = (index: number) => `${name}-zone-${index}`;
  if (zoneNames)
    return zoneNames.map((zone, index) => fixed(parent, stash(index), `newVpc.zoneNames.${index}`, zone, options));
  const found = listZones(parent, count);
  return Array.from({ length: count }, (_, index) =>
    first(
      stash(index),
      found.apply((all) => all[index] ?? ""),
      options,
    ),
  );
}

// Includes impaired zones, so that the other zones keep their numbers.
function listZones(parent: pulumi.ComponentResource, count: number): pulumi.Output<string[]> {
  const filters = [
    { name: "opt-in-status", values: ["opt-in-not-required"] },
    { name: "zone-type", values: ["availability-zone"] },
  ];
  return aws
    .getAvailabilityZonesOutput({ allAvailabilityZones: true, filters, excludeZoneIds: refusedZoneIds }, { parent })
    .names.apply((found) => {
      if (found.length < count)
        throwErrors(parent, [
          `newVpc.zones: must be at most ${found.length}, the zones of this region that EKS supports, got ${count}`,
        ]);
      return found.slice().sort();
    });
}

function createZone(
  { name, args, vpcId, cidrBlock, options }: Context,
  publicTable: aws.ec2.RouteTable,
  availabilityZone: pulumi.Output<string>,
  index: number,
): Zone {
  const ranges = cidrBlock.apply((range) => subnetRangesOf(range, index));
  const [publicKey, privateKey] = [`public-${index}`, `private-${index}`];
  const publicSubnet = new aws.ec2.Subnet(
    `${name}-${publicKey}`,
    {
      vpcId,
      availabilityZone,
      cidrBlock: ranges.public,
      tags: tagsOf(name, args, publicKey, { "kubernetes.io/role/elb": "1" }),
    },
    options,
  );
  const publicAssociation = new aws.ec2.RouteTableAssociation(
    `${name}-${publicKey}`,
    { subnetId: publicSubnet.id, routeTableId: publicTable.id },
    options,
  );
  const discovery = pulumi
    .output(args.clusterName)
    .apply((clusterName) => ({ "kubernetes.io/role/internal-elb": "1", [names.discoveryTag]: clusterName }));
  const privateSubnet = new aws.ec2.Subnet(
    `${name}-${privateKey}`,
    { vpcId, availabilityZone, cidrBlock: ranges.private, tags: tagsOf(name, args, privateKey, discovery) },
    options,
  );
  const privateTable = new aws.ec2.RouteTable(
    `${name}-${privateKey}`,
    { vpcId, tags: tagsOf(name, args, privateKey) },
    options,
  );
  const association = new aws.ec2.RouteTableAssociation(
    `${name}-${privateKey}`,
    { subnetId: privateSubnet.id, routeTableId: privateTable.id },
    options,
  );
  return { privateSubnet, privateTable, publicSubnet, publicAssociation, association };
}

/** NAT gateways, and the private subnets' routes to the one of their zone or the only one. */
function createNats(
  { name, args, options }: Context,
  zones: Zone[],
  natGateways: NatGateways,
  publicRoute: aws.ec2.Route,
  gateway: aws.ec2.InternetGateway,
): aws.ec2.Route[] {
  const count = natGateways === NatGateways.onePerAz ? zones.length : 1;
  // NAT gateways work, and can be deleted, only while the route to the internet exists.
  const afterRoute = pulumi.mergeOptions(options, { dependsOn: publicRoute });
  const nats = zones.slice(0, count).map(({ publicSubnet, publicAssociation }, index) => {
    const tags = tagsOf(name, args, `nat-${index}`);
    const address = new aws.ec2.Eip(
      `${name}-nat-${index}`,
      { domain: "vpc", tags },
      pulumi.mergeOptions(options, { dependsOn: gateway }),
    );
    return new aws.ec2.NatGateway(
      `${name}-nat-${index}`,
      { allocationId: address.id, subnetId: publicSubnet.id, tags },
      pulumi.mergeOptions(afterRoute, { dependsOn: publicAssociation }),
    );
  });
  return zones.map(
    ({ privateTable }, index) =>
      new aws.ec2.Route(
        `${name}-private-${index}`,
        {
          routeTableId: privateTable.id,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: (nats[index] ?? nats[0])?.id,
        },
        options,
      ),
  );
}
