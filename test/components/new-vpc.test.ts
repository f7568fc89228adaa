import assert from "node:assert/strict";
import { Network } from "../../components";
import type { NewVpcArgs } from "../../components";
import type { Graph } from "../../offline/graph";
import { all, answering, childTypes, only, outputOf, record, refuses } from "../support/record";

const of = (newVpc: NewVpcArgs) =>
  record(() => new Network("n", { clusterName: "dev", newVpc, tags: { environment: "test" } }));

interface Subnet {
  name: string;
  availabilityZone: string;
  cidrBlock: string;
}

function subnetsOf(graph: Graph): Subnet[] {
  return all(graph, "aws:ec2/subnet:Subnet").map(({ name, inputs }) => ({
    name,
    availabilityZone: String(inputs.availabilityZone),
    cidrBlock: String(inputs.cidrBlock),
  }));
}

function tagsOf(graph: Graph, type: string, name: RegExp): unknown {
  return only(graph, type, name).inputs.tags;
}

describe("Network of a new VPC", () => {
  it("has a public and a private subnet per zone, each private one with a table of its own, and one NAT gateway", async () => {
    const graph = await of({ zones: 2 });
    const repeat = (type: string, count: number) => Array<string>(count).fill(type);
    assert.deepEqual(childTypes(graph), [
      "aws:ec2/eip:Eip",
      "aws:ec2/internetGateway:InternetGateway",
      "aws:ec2/natGateway:NatGateway",
      ...repeat("aws:ec2/route:Route", 3),
      ...repeat("aws:ec2/routeTable:RouteTable", 3),
      ...repeat("aws:ec2/routeTableAssociation:RouteTableAssociation", 4),
      ...repeat("aws:ec2/subnet:Subnet", 4),
      "aws:ec2/vpc:Vpc",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      ...repeat("pulumi:index:Stash", 4),
    ]);
    for (const { parent, key } of graph.resources.filter(({ custom }) => custom))
      assert.equal(parent, "eks-fast-disks:index:Network::n", key);
    assert.deepEqual(subnetsOf(graph), [
      { name: "n-private-0", availabilityZone: "us-east-1a", cidrBlock: "10.0.0.0/19" },
      { name: "n-private-1", availabilityZone: "us-east-1b", cidrBlock: "10.0.32.0/19" },
      { name: "n-public-0", availabilityZone: "us-east-1a", cidrBlock: "10.0.192.0/22" },
      { name: "n-public-1", availabilityZone: "us-east-1b", cidrBlock: "10.0.196.0/22" },
    ]);
  });

  it("resolves names inside, and gives no machine a public address", async () => {
    const graph = await of({});
    const { inputs } = only(graph, "aws:ec2/vpc:Vpc");
    assert.deepEqual(
      [inputs.cidrBlock, inputs.enableDnsSupport, inputs.enableDnsHostnames],
      ["10.0.0.0/16", true, true],
    );
    for (const { inputs: subnet } of all(graph, "aws:ec2/subnet:Subnet"))
      assert.equal(subnet.mapPublicIpOnLaunch, undefined);
  });

  it("moves no subnet where a zone is added, up to six", async () => {
    let before: Subnet[] = [];
    for (const zones of [2, 3, 4, 5, 6]) {
      const now = subnetsOf(await of({ zones }));
      assert.equal(now.length, 2 * zones);
      for (const subnet of before)
        assert.deepEqual(
          now.find(({ name }) => name === subnet.name),
          subnet,
        );
      before = now;
    }
  });

  it("takes zones by name in the order given, so that one more at the end moves none", async () => {
    const two = subnetsOf(await of({ zoneNames: ["us-east-1d", "us-east-1b"] }));
    const three = subnetsOf(await of({ zoneNames: ["us-east-1d", "us-east-1b", "us-east-1a"] }));
    assert.deepEqual(
      two.map(({ name, availabilityZone }) => [name, availabilityZone]),
      [
        ["n-private-0", "us-east-1d"],
        ["n-private-1", "us-east-1b"],
        ["n-public-0", "us-east-1d"],
        ["n-public-1", "us-east-1b"],
      ],
    );
    assert.deepEqual(
      three.filter(({ name }) => !name.endsWith("-2")),
      two,
    );
  });

  it("asks for all zones of the kind that EKS takes, impaired ones too, and sorts them", async () => {
    let asked: Record<string, unknown> = {};
    const mocks = answering("getAvailabilityZones", (inputs) => {
      asked = inputs;
      return { names: ["us-east-1c", "us-east-1a", "us-east-1b"] };
    });
    const graph = await record(() => new Network("n", { clusterName: "dev", newVpc: { zones: 2 } }), mocks);
    assert.equal(asked.allAvailabilityZones, true);
    assert.deepEqual(asked.excludeZoneIds, ["use1-az3", "usw1-az2", "cac1-az3"]);
    assert.deepEqual(asked.filters, [
      { name: "opt-in-status", values: ["opt-in-not-required"] },
      { name: "zone-type", values: ["availability-zone"] },
    ]);
    assert.deepEqual(
      subnetsOf(graph).map(({ availabilityZone }) => availabilityZone),
      ["us-east-1a", "us-east-1b", "us-east-1a", "us-east-1b"],
    );
  });

  it("refuses more zones than the region has", async () => {
    const mocks = answering("getAvailabilityZones", () => ({ names: ["us-east-1a", "us-east-1b"] }));
    await refuses(
      () => new Network("n", { clusterName: "dev", newVpc: {} }),
      /n:\n {2}newVpc\.zones: must be at most 2, the zones of this region that EKS supports, got 3$/,
      mocks,
    );
  });

  it("routes every private subnet through the one gateway, or each through that of its zone", async () => {
    const gateways = async (newVpc: NewVpcArgs) => {
      const graph = await of(newVpc);
      const ids = Object.fromEntries(all(graph, "aws:ec2/natGateway:NatGateway").map(({ key }) => [key, key]));
      const routes = all(graph, "aws:ec2/route:Route", /-private-\d$/);
      return routes.map(({ name, propertyDependencies }) => [
        name,
        propertyDependencies.natGatewayId?.map((key) => ids[key]?.split("::")[1]).join(),
      ]);
    };
    assert.deepEqual(await gateways({ zones: 2 }), [
      ["n-private-0", "n-nat-0"],
      ["n-private-1", "n-nat-0"],
    ]);
    assert.deepEqual(await gateways({ zones: 3, natGateways: "OnePerAz" }), [
      ["n-private-0", "n-nat-0"],
      ["n-private-1", "n-nat-1"],
      ["n-private-2", "n-nat-2"],
    ]);
  });

  it("puts each gateway into the public subnet of its zone, behind the route that it needs", async () => {
    const graph = await of({ zones: 2, natGateways: "OnePerAz" });
    for (const index of [0, 1]) {
      const { dependencies } = only(graph, "aws:ec2/natGateway:NatGateway", new RegExp(`-${index}$`));
      assert.deepEqual(dependencies, [
        `aws:ec2/eip:Eip::n-nat-${index}`,
        "aws:ec2/route:Route::n-public-route",
        `aws:ec2/routeTableAssociation:RouteTableAssociation::n-public-${index}`,
        `aws:ec2/subnet:Subnet::n-public-${index}`,
      ]);
    }
  });

  it("reaches S3 by an endpoint in every private route table, where NAT would cost per byte", async () => {
    const graph = await of({ zones: 3 });
    const { inputs, propertyDependencies } = only(graph, "aws:ec2/vpcEndpoint:VpcEndpoint");
    assert.deepEqual([inputs.serviceName, inputs.vpcEndpointType], ["com.amazonaws.us-east-1.s3", "Gateway"]);
    assert.deepEqual(
      propertyDependencies.routeTableIds,
      [0, 1, 2].map((index) => `aws:ec2/routeTable:RouteTable::n-private-${index}`),
    );
  });

  it("tags subnets for load balancers and for Karpenter, and everything with a name and the common tags", async () => {
    const graph = await of({ zones: 2 });
    const common = { environment: "test" };
    assert.deepEqual(tagsOf(graph, "aws:ec2/subnet:Subnet", /public-0/), {
      ...common,
      Name: "n-public-0",
      "kubernetes.io/role/elb": "1",
    });
    assert.deepEqual(tagsOf(graph, "aws:ec2/subnet:Subnet", /private-1/), {
      ...common,
      Name: "n-private-1",
      "kubernetes.io/role/internal-elb": "1",
      "karpenter.sh/discovery": "dev",
    });
    const tagged = graph.resources.filter(({ type }) =>
      /:(Vpc|InternetGateway|RouteTable|Eip|NatGateway|VpcEndpoint)$/.test(type),
    );
    assert.equal(tagged.length, 8);
    for (const { key, inputs } of tagged) {
      const { Name, environment } = inputs.tags as Record<string, string>;
      assert.match(Name ?? "", /^n-/, key);
      assert.equal(environment, "test", key);
    }
  });

  it("gives the private subnets, each with its route", async () => {
    const ids = await outputOf(() => new Network("n", { clusterName: "dev", newVpc: { zones: 2 } }).subnetIds);
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(id, /^subnet-[0-9a-f]{17}$/);
  });
});
