import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components";
import type { ClusterArgs } from "../../components";
import { Placeholders } from "../../offline/placeholders";
import { all, childTypes, only, outputOf, record, refuses } from "../support/record";

const args: ClusterArgs = {
  name: "dev",
  kubernetesVersion: "1.35",
  privateOnly: true,
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-01234567", "subnet-89abcdef"],
};
const program =
  (own: Partial<ClusterArgs> = {}) =>
  () =>
    new Cluster("c", { ...args, ...own });
const made = (own: Partial<ClusterArgs> = {}) => record(program(own));

/** What a stack remembers of an earlier `up`, by the name of the resource that holds it. */
function remembering(values: Record<string, unknown>): Placeholders {
  const mocks = new Placeholders("us-east-1");
  const newResource = mocks.newResource.bind(mocks);
  mocks.newResource = (resource) =>
    resource.type === "pulumi:index:Stash" && resource.name in values
      ? {
          id: resource.name,
          state: { input: (resource.inputs as { input: unknown }).input, output: values[resource.name] },
        }
      : newResource(resource);
  return mocks;
}

describe("Cluster", () => {
  it("has all logs, no nodes, add-ons or security groups of its own", async () => {
    const graph = await made({ privateOnly: undefined, publicAccessCidrs: ["203.0.113.0/24"], tags: { t: "v" } });
    const stash = "pulumi:index:Stash";
    assert.deepEqual(childTypes(graph), ["aws:cloudwatch/logGroup:LogGroup", "eks:index:Cluster", stash, stash, stash]);
    const sdkDefaults = { resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };
    const { inputs, parent } = only(graph, "eks:index:Cluster");
    assert.equal(parent, "eks-fast-disks:index:Cluster::c");
    assert.deepEqual(inputs, {
      name: "dev",
      version: "1.35",
      vpcId: args.vpcId,
      privateSubnetIds: args.subnetIds,
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false, ...sdkDefaults },
      corednsAddonOptions: { enabled: false, ...sdkDefaults },
      authenticationMode: "API",
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: false,
      tags: { t: "v" },
    });
  });

  it("states no public network range where there is none", async () => {
    const { inputs } = only(await made(), "eks:index:Cluster");
    assert.deepEqual([inputs.endpointPublicAccess, inputs.publicAccessCidrs], [false, undefined]);
  });

  it("makes the log group before EKS makes one without retention", async () => {
    const graph = await made({ logRetentionDays: 90, tags: { t: "v" } });
    const { key, inputs } = only(graph, "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(inputs, { name: "/aws/eks/dev/cluster", retentionInDays: 90, tags: { t: "v" } });
    assert.ok(only(graph, "eks:index:Cluster").dependencies.includes(key));
    assert.equal(only(await made(), "aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 30);
  });

  it("gives each admin an entry of its own, equal role names of two accounts too, in the partition of its ARN", async () => {
    const graph = await made({
      admins: {
        ops: "arn:aws:iam::111111111111:role/ops",
        partner: pulumi.output("arn:aws:iam::222222222222:role/ops"),
        china: "arn:aws-cn:iam::333333333333:user/ops",
      },
    });
    const entries = all(graph, "aws:eks/accessEntry:AccessEntry");
    assert.deepEqual(
      entries.map(({ name, inputs }) => [name, inputs.principalArn, inputs.clusterName]),
      [
        ["c-china-admin", "arn:aws-cn:iam::333333333333:user/ops", "dev"],
        ["c-ops-admin", "arn:aws:iam::111111111111:role/ops", "dev"],
        ["c-partner-admin", "arn:aws:iam::222222222222:role/ops", "dev"],
      ],
    );
    const associations = all(graph, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation");
    assert.deepEqual(
      associations.map(({ inputs }) => [inputs.principalArn, inputs.policyArn, inputs.accessScope]),
      entries.map(({ inputs }) => [
        inputs.principalArn,
        `arn:${String(inputs.principalArn).split(":")[1] ?? ""}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        { type: "cluster" },
      ]),
    );
    for (const [index, { dependencies }] of associations.entries())
      assert.ok(dependencies.includes(entries[index]?.key ?? ""));
  });

  it("protects the control plane alone, where deletion protection is on", async () => {
    const graph = await made({ deletionProtection: true, admins: { ops: "arn:aws:iam::111111111111:role/ops" } });
    assert.equal(only(graph, "eks:index:Cluster").inputs.deletionProtection, true);
    assert.deepEqual(
      graph.resources.filter(({ protect }) => protect).map(({ key }) => key),
      ["eks:index:Cluster::c-eks"],
    );
    assert.deepEqual(
      (await made()).resources.filter(({ protect }) => protect),
      [],
    );
  });

  it("gives a kubeconfig without credentials, with the profile that was stated", async () => {
    interface Kubeconfig {
      clusters: { cluster: { server: string } }[];
      users: { user: { exec: { args: string[]; env?: object[] } } }[];
    }
    const of = async (own: Partial<ClusterArgs>) =>
      JSON.parse(await outputOf(() => program(own)().kubeconfigJson)) as Kubeconfig;
    const { clusters, users } = await of({ awsProfile: pulumi.output("work") });
    assert.match(clusters[0]?.cluster.server ?? "", /^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/);
    const exec = users[0]?.user.exec;
    assert.deepEqual(exec?.args, [
      "eks",
      "get-token",
      "--cluster-name",
      "dev",
      "--region",
      "us-east-1",
      "--output",
      "json",
    ]);
    assert.deepEqual(exec.env, [{ name: "AWS_PROFILE", value: "work" }]);
    assert.equal((await of({})).users[0]?.user.exec.env, undefined);
  });

  it("gives what other parts need", async () => {
    const outputs = await outputOf(() => {
      const { clusterName, clusterArn, subnetIds, securityGroupId } = program()();
      return pulumi.output({ clusterName, clusterArn, subnetIds, securityGroupId });
    });
    assert.deepEqual(
      [outputs.clusterName, outputs.clusterArn, outputs.subnetIds],
      ["dev", "arn:aws:eks:us-east-1:123456789012:cluster/dev", args.subnetIds],
    );
    assert.match(outputs.securityGroupId, /^sg-[0-9a-f]{17}$/);
  });

  it("refuses to change what would replace the control plane", async () => {
    const refusal = (key: string, was: string, got: string) =>
      new RegExp(
        `c:\\n {2}${key}: cannot change while the cluster exists, was "${was}", got "${got}"; create a second stack`,
      );
    await refuses(program(), refusal("name", "before", "dev"), remembering({ "c-name": "before" }));
    await refuses(
      program(),
      refusal("vpcId", "vpc-00000000", "vpc-0123456789abcdef0"),
      remembering({ "c-vpc": "vpc-00000000" }),
    );
  });

  it("keeps the control plane in its first subnets where a zone is added, and says so to who asks", async () => {
    const mocks = remembering({ "c-subnets": ["subnet-01234567"] });
    const graph = await record(program(), mocks);
    assert.deepEqual(only(graph, "eks:index:Cluster").inputs.privateSubnetIds, ["subnet-01234567"]);
    const again = remembering({ "c-subnets": ["subnet-01234567"] });
    assert.deepEqual(await outputOf(() => program()().subnetIds, again), ["subnet-01234567"]);
  });

  it("refuses wrong settings, all at once", async () => {
    await refuses(
      program({ privateOnly: undefined, kubernetesVersion: "1.20", logTypes: ["kubelet"] }),
      /^c:\n {2}kubernetesVersion: .*\n {2}publicAccessCidrs: .*\n {2}logTypes: [^\n]*$/,
    );
  });
});
