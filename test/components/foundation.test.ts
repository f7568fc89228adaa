import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { FastDisksArgs } from "../../components";
import { all, answering, only, outputOf, record, refuses } from "../support/record";

const args = (own: Partial<FastDisksArgs> = {}): FastDisksArgs => ({
  existingCluster: { name: "prod" },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge"] } },
  ...own,
});
const program = (own?: Partial<FastDisksArgs>) => () => new FastDisks("fd", args(own));
const cluster = (own: object) =>
  answering("getCluster", () => ({
    name: "prod",
    endpoint: "https://prod.example",
    version: "1.35",
    certificateAuthorities: [{ data: "" }],
    accessConfigs: [{ authenticationMode: "API" }],
    vpcConfig: { clusterSecurityGroupId: "sg-01234567", vpcId: "vpc-01234567", subnetIds: ["subnet-01234567"] },
    ...own,
  }));
const existingVpc = { vpcId: "vpc-01234567", subnetIds: ["subnet-0123456a", "subnet-0123456b"] };

describe("a chain in an existing cluster", () => {
  it("makes no control plane, no network, no add-on and no node group", async () => {
    const { resources } = await record(program());
    assert.deepEqual(
      resources.filter(({ type }) => /^eks:|^aws:ec2\/|\/(addon|nodeGroup|cluster|accessPolicy\w+):/.test(type)),
      [],
    );
  });

  it("reaches the cluster that was found, and puts nodes into its subnets and security group", async () => {
    const graph = await record(program(), cluster({}));
    assert.equal(only(graph, "pulumi:providers:kubernetes").inputs.clusterIdentifier, "https://prod.example");
    const { spec } = only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs as {
      spec: { subnetSelectorTerms: { id: string }[]; securityGroupSelectorTerms: object[] };
    };
    assert.match(spec.subnetSelectorTerms[0]?.id ?? "", /^subnet-/);
    assert.deepEqual(spec.securityGroupSelectorTerms, [{ id: "sg-01234567" }]);
  });

  it("takes the subnets of network.existingVpc instead, where they are stated", async () => {
    const ids = await outputOf(() => program({ network: { existingVpc } })().subnetIds, cluster({}));
    assert.deepEqual(ids, existingVpc.subnetIds);
  });

  it("waits with everything until what is stated is known to fit the cluster", async () => {
    const refusals: [object, Partial<FastDisksArgs>, RegExp][] = [
      [{ version: "1.29" }, {}, /existingCluster: its Kubernetes version must be one of/],
      [{}, { bottlerocket: { version: "1.50.0" } }, /bottlerocket\.version: must be 1\.53\.0 or newer/],
      [
        {},
        { network: { existingVpc: { ...existingVpc, vpcId: "vpc-89abcdef" } } },
        /network\.existingVpc\.vpcId: must be the cluster's, vpc-01234567, got "vpc-89abcdef"/,
      ],
      [{ accessConfigs: [{ authenticationMode: "CONFIG_MAP" }] }, {}, /authentication mode CONFIG_MAP/],
    ];
    for (const [found, own, message] of refusals) await refuses(program(own), message, cluster(found));
  });

  it("protects, with deletion protection, the pools and what ends their nodes", async () => {
    const own = { existingCluster: { name: "prod", deletionProtection: true } };
    const { resources } = await record(program(own));
    const parts = resources
      .filter(({ protect, custom }) => protect && custom)
      .map(({ parent }) => parent?.split("::")[1]);
    assert.deepEqual([...new Set(parts)].sort(), ["fd-fast", "fd-karpenter", "fd-karpenter-identity"]);
  });

  it("installs no Karpenter beside an existing one, and needs no queue", async () => {
    const graph = await record(program({ karpenter: undefined, existingKarpenter: { nodeRole: "nodes" } }));
    assert.deepEqual(
      all(graph, "kubernetes:helm.sh/v3:Release").filter(({ name }) => !name.startsWith("fd-volumes-")),
      [],
    );
    assert.deepEqual(
      graph.resources.filter(({ type }) => /^aws:(sqs|cloudwatch|iam|eks)/.test(type)),
      [],
    );
    const { spec } = only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs as { spec: { role: string } };
    assert.equal(spec.role, "nodes");
  });
});
