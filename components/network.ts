import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { fixed } from "./fixed";
import { NatGateways, defaultCidrBlock, subnetRangesOf, validateNetworkArgs, zoneCountOf } from "./manifests/network";
import type { ExistingVpcArgs, ExistingVpcSpec, NetworkArgs, NewVpcArgs } from "./manifests/network";
import type { SelectorTermSpec } from "./manifests/selector-term";
import { names } from "./names";

/**
 * Zones that EKS refuses for control planes, by id, since names differ between accounts
 * (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
 */
const refusedZoneIds = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * The VPC of a cluster: a new one, or the private subnets of an existing one. Nodes that drain still need its routes, so
 * what runs nodes depends on this component.
 *
 *     new Network("net", { clusterName: "dev", newVpc: {} });
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Private subnets. */
  readonly subnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Network", name, args, opts);
    const checked = checkArgs(this, args, validateNetworkArgs);
    if (checked.existingVpc) {
      this.vpcId = pulumi.output(checked.existingVpc.vpcId);
      this.subnetIds = findSubnets(this, checked.existingVpc);
    } else {
      const vpc = createVpc(this, name, checked, checked.newVpc ?? {}, childOptions(this, opts));
      this.vpcId = vpc.vpcId;
      this.subnetIds = vpc.subnetIds;
    }
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }
}

function createVpc(
  parent: Network,
  name: string,
  args: NetworkArgs,
  spec: NewVpcArgs,
  options: pulumi.CustomResourceOptions,
) {
  const named = (key: string, tags: pulumi.Input<Record<string, string>> = {}) =>
    pulumi.all([args.tags, tags]).apply(([common, own]) => ({ Name: `${name}-${key}`, ...common, ...own }));
  const cidrBlock = fixed(parent, `${name}-range`, "newVpc.cidrBlock", spec.cidrBlock ?? defaultCidrBlock, options);
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: named("vpc") },
    options,
  );
  const vpcId = vpc.id;
  const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId, tags: named("gateway") }, options);
  const publicTable = new aws.ec2.RouteTable(`${name}-public`, { vpcId, tags: named("public") }, options);
  const publicRoute = new aws.ec2.Route(
    `${name}-public-route`,
    { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    options,
  );
  const zoneNames = spec.zoneNames ?? findZones(parent, spec);
  const zones = Array.from({ length: zoneCountOf(spec) }, (_, zone) => {
    const ranges = cidrBlock.apply((range) => subnetRangesOf(range, zone));
    const availabilityZone = pulumi.output(zoneNames).apply((found) => found[zone] ?? "");
    const publicSubnet = new aws.ec2.Subnet(
      `${name}-public-${zone}`,
      {
        vpcId,
        availabilityZone,
        cidrBlock: ranges.public,
        tags: named(`public-${zone}`, { "kubernetes.io/role/elb": "1" }),
      },
      options,
    );
    const publicAssociation = new aws.ec2.RouteTableAssociation(
      `${name}-public-${zone}`,
      { subnetId: publicSubnet.id, routeTableId: publicTable.id },
      options,
    );
    const discovery = pulumi
      .output(args.clusterName)
      .apply((clusterName) => ({ "kubernetes.io/role/internal-elb": "1", [names.discoveryTag]: clusterName }));
    const subnet = new aws.ec2.Subnet(
      `${name}-private-${zone}`,
      { vpcId, availabilityZone, cidrBlock: ranges.private, tags: named(`private-${zone}`, discovery) },
      options,
    );
    const table = new aws.ec2.RouteTable(`${name}-private-${zone}`, { vpcId, tags: named(`private-${zone}`) }, options);
    new aws.ec2.RouteTableAssociation(
      `${name}-private-${zone}`,
      { subnetId: subnet.id, routeTableId: table.id },
      options,
    );
    return { subnet, table, publicSubnet, publicAssociation };
  });
  const nats = zones.slice(0, spec.natGateways === NatGateways.onePerAz ? zones.length : 1).map((zone, index) => {
    const address = new aws.ec2.Eip(
      `${name}-nat-${index}`,
      { domain: "vpc", tags: named(`nat-${index}`) },
      pulumi.mergeOptions(options, { dependsOn: gateway }),
    );
    return new aws.ec2.NatGateway(
      `${name}-nat-${index}`,
      { allocationId: address.id, subnetId: zone.publicSubnet.id, tags: named(`nat-${index}`) },
      pulumi.mergeOptions(options, { dependsOn: [publicRoute, zone.publicAssociation] }),
    );
  });
  for (const [index, { table }] of zones.entries())
    new aws.ec2.Route(
      `${name}-private-${index}`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: (nats[index] ?? nats[0])?.id },
      options,
    );
  new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId,
      serviceName: pulumi.interpolate`com.amazonaws.${aws.getRegionOutput({}, { parent }).region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: zones.map(({ table }) => table.id),
      tags: named("s3"),
    },
    options,
  );
  return { vpcId, subnetIds: pulumi.all(zones.map(({ subnet }) => subnet.id)) };
}

// All zones, also one that is impaired today: the others must not move up.
function findZones(parent: Network, spec: NewVpcArgs): pulumi.Output<string[]> {
  const count = zoneCountOf(spec);
  return aws
    .getAvailabilityZonesOutput(
      {
        allAvailabilityZones: true,
        filters: [
          { name: "opt-in-status", values: ["opt-in-not-required"] },
          { name: "zone-type", values: ["availability-zone"] },
        ],
        excludeZoneIds: refusedZoneIds,
      },
      { parent },
    )
    .names.apply((found) => {
      if (found.length < count)
        throw new pulumi.RunError(
          `${pulumi.resourceName(parent)}:\n  newVpc.zones: must be at most ${found.length}, the zones here that EKS takes, got ${count}`,
        );
      return found.slice().sort();
    });
}

function findSubnets(parent: Network, existing: ExistingVpcArgs): pulumi.Output<string[]> {
  if (existing.subnetIds !== undefined) return pulumi.output(existing.subnetIds);
  return pulumi
    .output(existing)
    .apply((spec) =>
      pulumi
        .all((spec.subnets ?? []).map((term, index) => findByTerm(parent, spec, term, index)))
        .apply((lists) => [...new Set(lists.flat())].sort()),
    );
}

function findByTerm(
  parent: Network,
  { vpcId }: ExistingVpcSpec,
  term: SelectorTermSpec,
  index: number,
): pulumi.Output<string[]> {
  const filters = [
    { name: "vpc-id", values: [vpcId] },
    ...(term.id === undefined ? [] : [{ name: "subnet-id", values: [term.id] }]),
    ...Object.entries(term.tags ?? {}).map(([key, value]) => ({ name: `tag:${key}`, values: [value] })),
  ];
  return aws.ec2.getSubnetsOutput({ filters }, { parent }).ids.apply((ids) => {
    if (ids.length === 0)
      throw new pulumi.RunError(
        `${pulumi.resourceName(parent)}:\n  existingVpc.subnets.${index}: no subnet of ${vpcId} matches ${JSON.stringify(term)}; tag one or drop the term`,
      );
    return ids;
  });
}
