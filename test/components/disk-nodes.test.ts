import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { FastDisksArgs } from "../../components";
import type { Graph } from "../../offline/graph";
import { edgesOf, reachable } from "../support/order";
import { all, only, outputOf, record, refuses, settingsOf } from "../support/record";

const groupType = "aws:eks/nodeGroup:NodeGroup";
const nodeGroups = { base: { instanceTypes: ["c8gd.xlarge"], minSize: 3 } };
/** The dev stack without Karpenter. */
const without = (own: Partial<FastDisksArgs> = {}): FastDisksArgs => ({
  ...settingsOf("dev"),
  karpenter: undefined,
  pools: undefined,
  nodeGroups,
  ...own,
});
const of = (args: FastDisksArgs): Promise<Graph> => record(() => new FastDisks("fd", args));
const component = (graph: Graph) =>
  graph.resources.filter(({ parent }) => parent === "eks-fast-disks:index:FastDisks::fd").map(({ name }) => name);

describe("createNodeGroups", () => {
  it("needs no Karpenter: no controller, identity, queue or object of it is made", async () => {
    const graph = await of(without());
    assert.deepEqual(
      component(graph).sort(),
      ["add-ons", "boot-image", "cleanup", "cluster", "disk-controller", "dns", "kubernetes", "name", "network"]
        .concat(["nodes-base", "system", "volumes"])
        .map((part) => `fd-${part}`),
    );
    assert.deepEqual(
      graph.resources.filter(({ type }) => /karpenter|sqs|cloudwatch\/event|podIdentityAssociation/.test(type)),
      [],
    );
  });

  it("gives the group what the chain has: the image, the settings, the version, the tags and the subnets", async () => {
    const args = without({ bottlerocket: { version: "1.66.0", settings: { kernel: { lockdown: "integrity" } } } });
    const graph = await of(args);
    const { inputs } = only(graph, groupType, /nodes-base/);
    const system = only(graph, groupType, /system/).inputs;
    for (const key of ["subnetIds", "version", "releaseVersion", "tags"])
      assert.deepEqual(inputs[key], system[key], key);
    const { userData } = only(graph, "aws:ec2/launchTemplate:LaunchTemplate", /nodes-base/).inputs;
    const text = Buffer.from(String(userData), "base64").toString();
    assert.match(text, /^lockdown = "integrity"$/m);
    assert.match(text, /^source = ".*-boot-image-repository-.*@sha256:/m);
  });

  it("makes groups beside pools, and none of the pools' parts waits for them", async () => {
    const graph = await of({ ...settingsOf("dev"), nodeGroups });
    const [edges, key] = [edgesOf(graph), only(graph, groupType, /nodes-base/).key];
    for (const pool of all(graph, "kubernetes:karpenter.sh/v1:NodePool"))
      assert.ok(!reachable(edges, pool.key).has(key));
  });

  it("ends the nodes before what they need: add-ons, network, permissions and the disk controller", async () => {
    const graph = await of(without());
    const reached = reachable(edgesOf(graph), only(graph, groupType, /nodes-base/).key);
    const needs = [/Addon::.*-vpc-cni$/, /Addon::.*-coredns$/, /RolePolicyAttachment::fd-nodes-base-/]
      .concat([/Deployment::.*-disk-controller-/, /aws:ec2\/route:Route::/, /natGateway/, /^eks:index:Cluster/])
      .concat([/LaunchTemplate::fd-nodes-base-template/, /AccessEntry|ClusterRoleBinding::.*-disk-controller-/]);
    for (const need of needs) {
      const wanted = graph.resources.filter(({ key }) => need.test(key));
      assert.ok(wanted.length > 0, String(need));
      for (const { key } of wanted) assert.ok(reached.has(key), key);
    }
  });

  it("works in an existing cluster, in its subnets, without system nodes and without a version of ours", async () => {
    const graph = await of({ existingCluster: { name: "prod" }, bottlerocket: { version: "1.66.0" }, nodeGroups });
    const { inputs } = only(graph, groupType);
    assert.deepEqual(["version" in inputs, inputs.clusterName], [false, "prod"]);
    assert.equal((inputs.subnetIds as string[]).length, 1);
    assert.deepEqual(all(graph, "eks:index:Cluster"), []);
  });

  it("protects the group with the rest, with deletion protection", async () => {
    const args = without();
    args.cluster = { ...args.cluster!, deletionProtection: true };
    const graph = await of(args);
    assert.ok(only(graph, groupType, /nodes-base/).protect);
    assert.ok(only(graph, "aws:iam/role:Role", /nodes-base/).protect);
    assert.ok(!only(await of(without()), groupType, /nodes-base/).protect);
  });

  it("makes no image where udev links the disks of all nodes", async () => {
    const udev = { base: { ...nodeGroups.base, discovery: "udev" as const } };
    assert.ok(!component(await of(without({ nodeGroups: udev }))).includes("fd-boot-image"));
    const one = await of({ ...settingsOf("dev"), nodeGroups: udev });
    assert.ok(component(one).includes("fd-boot-image"));
  });

  it("gives the names of the groups, and nothing of Karpenter", async () => {
    const outputs = await outputOf(() => {
      const made = new FastDisks("fd", without());
      return made.nodeGroupNames.apply((groups) => made.nodeRoleName.apply((role) => ({ groups, role })));
    });
    assert.match(outputs.groups.base ?? "", /^fd-nodes-base-group-/);
    assert.deepEqual([Object.keys(outputs.groups), outputs.role], [["base"], ""]);
  });
});

describe("createPools", () => {
  it("waits with the pools for Karpenter and for the disk controller", async () => {
    const graph = await of(settingsOf("dev"));
    const { dependencies } = only(graph, "kubernetes:karpenter.sh/v1:NodePool");
    assert.ok(dependencies.some((key) => key.endsWith("-karpenter-controller")));
    assert.ok(dependencies.some((key) => key.includes("-disk-controller-deployment")));
  });

  it("is asked for exactly when karpenter is", async () => {
    await refuses(() => new FastDisks("fd", without({ nodeGroups: undefined })), /^fd:\n {2}pools: must be a table/);
    await refuses(
      () => new FastDisks("fd", without({ karpenter: { version: "1.14.0" } })),
      /^fd:\n {2}karpenter: starts/,
    );
    const { pools } = settingsOf("dev");
    await refuses(() => new FastDisks("fd", without({ pools })), /^fd:\n {2}karpenter: must be a table, got nothing/);
  });
});
