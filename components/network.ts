import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs, throwErrors } from "./check";
import { childOptions } from "./child-options";
import { validateNetworkArgs } from "./manifests/network";
import type { ExistingVpcArgs, ExistingVpcSpec, NetworkArgs } from "./manifests/network";
import type { SelectorTermSpec } from "./manifests/selector-term";
import { createVpc } from "./new-vpc";

/**
 * The VPC of a cluster: a new one, or the private subnets of an existing one. Draining nodes still need its routes, so
 * everything that runs nodes must depend on this component.
 *
 *     new Network("net", { clusterName: "dev", newVpc: {} });
 */
export class Network extends pulumi.ComponentResource {
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Private subnets. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** The same, known once they have their routes. Use these for nodes, which need the routes until they are drained. */
  readonly routedSubnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Network", name, args, opts);
    const checked = checkArgs(this, args, validateNetworkArgs);
    if (checked.existingVpc) {
      this.vpcId = pulumi.output(checked.existingVpc.vpcId);
      this.subnetIds = findSubnets(this, checked.existingVpc);
      this.routedSubnetIds = this.subnetIds;
    } else {
      const vpc = createVpc(this, name, checked, childOptions(this, opts));
      this.vpcId = vpc.vpcId;
      this.subnetIds = vpc.subnetIds;
      this.routedSubnetIds = vpc.routedSubnetIds;
    }
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds, routedSubnetIds: this.routedSubnetIds });
  }
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
      throwErrors(parent, [
        `existingVpc.subnets.${index}: no subnet of ${vpcId} matches ${JSON.stringify(term)}; tag one or drop the term`,
      ]);
    return ids;
  });
}
