import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { Graph, Resource } from "../../offline/graph";
import { edgesOf, reachable } from "../support/order";
import type { Edges } from "../support/order";
import { record, settingsOf } from "../support/record";

const network = [
  /^aws:ec2\/vpc:/,
  /^aws:ec2\/internetGateway:/,
  /^aws:ec2\/natGateway:/,
  /^aws:ec2\/route:Route::/,
  /^aws:ec2\/routeTableAssociation:/,
  /^aws:ec2\/subnet:/,
  /^aws:ec2\/vpcEndpoint:/,
];

/** Who must be there before, and still be there on destroy, as patterns of `type::name`. */
const order: { of: RegExp; needs: RegExp[] }[] = [
  {
    // Nodes drain only while Karpenter runs, may act and hears of interruptions, and while nodes reach AWS.
    of: /NodePool::.*-pool$|EC2NodeClass::/,
    needs: [
      /Release::.*-karpenter-(crds|controller)$/,
      /(Role|Policy|RolePolicyAttachment)::.*-karpenter-identity-/,
      /PodIdentityAssociation::/,
      /AccessEntry::.*-node-access$/,
      /AccessPolicyAssociation::.*-ops-admin$/,
      /Queue::/,
      /QueuePolicy::/,
      /EventRule::/,
      /EventTarget::/,
      /Addon::/,
      /NodeGroup::/,
      /LaunchTemplate::/,
      /(Role|RolePolicyAttachment)::.*-system-/,
      /^eks:index:Cluster::/,
      ...network,
      /^pulumi:providers:kubernetes::/,
      // It looks after their nodes until the last one is gone.
      /(Deployment|Service|PodDisruptionBudget)::.*-disk-controller-/,
    ],
  },
  { of: /NodePool::.*-pool$/, needs: [/EC2NodeClass::/] },
  {
    of: /Release::.*-karpenter-controller$/,
    needs: [/-karpenter-crds$/, /-karpenter-identity-/, /-interruption-/, /Addon::/, /NodeGroup::/],
  },
  {
    of: /NodeGroup::/,
    needs: [/Addon::.*-(vpc-cni|kube-proxy|eks-pod-identity-agent)$/, /RolePolicyAttachment::.*-system-/, ...network],
  },
  { of: /Addon::.*-coredns$/, needs: [/NodeGroup::/] },
  { of: /Deployment::/, needs: [/Addon::.*-coredns$/, /NodeGroup::/] },
  { of: /Deployment::.*-cleanup-/, needs: [/ClusterRole::.*-cleanup-/, /ClusterRoleBinding::.*-cleanup-/] },
  {
    of: /Deployment::.*-disk-controller-/,
    needs: [
      /::.*-disk-controller-(lease|lease-binding|role|binding)$/,
      /::.*-disk-controller-image-/,
      /Repository::.*-disk-controller-/,
    ],
  },
  // Their pods run on system nodes and report what they find until they are deleted.
  { of: /Release::.*-volumes-/, needs: [/NodeGroup::/, /Addon::.*-coredns$/, /Namespace::.*-volumes-/] },
  {
    of: /^eks:index:Cluster::/,
    needs: [/^aws:ec2\/vpc:/, /^aws:ec2\/subnet:Subnet::.*-private-/, /^aws:cloudwatch\/logGroup:/],
  },
  { of: /^aws:ec2\/eip:/, needs: [/^aws:ec2\/internetGateway:/] },
  { of: /^aws:ec2\/natGateway:/, needs: [/Route::.*-public-route$/] },
  ...[0, 1, 2].map((zone) => ({
    of: new RegExp(`^aws:ec2/natGateway:.*-nat-${zone}$`),
    needs: [new RegExp(`RouteTableAssociation::.*-public-${zone}$`)],
  })),
  { of: /^kubernetes:/, needs: [/^eks:index:Cluster::/, /^pulumi:providers:kubernetes::/, ...network] },
];

function missing(graph: Graph, edges: Edges): string[] {
  const keys = graph.resources.map(({ key }) => key);
  const stated = order.flatMap(({ of, needs }) =>
    keys
      .filter((key) => of.test(key))
      .flatMap((key) => {
        const reached = reachable(edges, key);
        return needs.flatMap((need) => {
          const wanted = keys.filter((other) => need.test(other) && other !== key);
          // A pool needs its own class, not the others'.
          const own = wanted.filter((other) => !other.includes("EC2NodeClass") || sameParent(graph, key, other));
          return own.length === 0 ? [`${key} needs ${String(need)}`] : own.filter((other) => !reached.has(other));
        });
      }),
  );
  const fromInputs = graph.resources.flatMap(({ key, propertyDependencies }) => {
    const reached = reachable(edges, key);
    return Object.values(propertyDependencies)
      .flat()
      .filter((other) => !reached.has(other));
  });
  return [...stated, ...fromInputs];
}

function sameParent(graph: Graph, left: string, right: string): boolean {
  const parentOf = (key: string) => graph.resources.find((resource) => resource.key === key)?.parent;
  return parentOf(left) === parentOf(right);
}

describe("FastDisks' order", () => {
  let graph: Graph;
  let edges: Edges;

  before(async () => {
    const args = settingsOf("prod");
    args.network = { newVpc: { natGateways: "OnePerAz" } };
    args.cluster = {
      ...args.cluster,
      privateOnly: undefined,
      publicAccessCidrs: ["192.0.2.1/32"],
      admins: { ops: "arn:aws:iam::123456789012:role/ops" },
    };
    graph = await record(() => new FastDisks("fast-disks", args));
    edges = edgesOf(graph);
  });

  it("has all edges that creation and destruction need", () => {
    assert.deepEqual(missing(graph, edges), []);
  });

  it("misses any single edge that is taken away", () => {
    const unnoticed: string[] = [];
    let tried = 0;
    for (const { key, parent, custom, remote } of graph.resources)
      for (const target of edges.get(key) ?? []) {
        if (target === parent || !(custom || remote)) continue;
        // One `dependsOn` of a component reaches the engine twice: at the component, and at the children that carry it.
        const carriers = edges.get(parent ?? "")?.has(target) ? [parent, ...childrenOf(graph, parent)] : [key];
        const without: Edges = new Map(edges);
        for (const carrier of carriers as string[])
          without.set(carrier, new Set([...(edges.get(carrier) ?? [])].filter((other) => other !== target)));
        // An edge beside another way changes no order.
        if (reachable(without, key).has(target)) continue;
        tried++;
        if (missing(graph, without).length === 0) unnoticed.push(`${key} -> ${target}`);
      }
    assert.ok(tried > 60, `${tried} edges`);
    assert.deepEqual(unnoticed, []);
  });

  it("has Karpenter count disks from its pools on, and to their end", async () => {
    const pools = { fast: { instanceTypes: ["c8gd.xlarge"] }, pair: { instanceTypes: ["i8g.8xlarge"] } };
    const counted = await record(
      () => new FastDisks("fast-disks", { ...settingsOf("dev"), pools, capacity: "counted" }),
    );
    const reached = edgesOf(counted);
    const overlays = counted.resources.filter(({ inputs }) => inputs.kind === "NodeOverlay");
    assert.equal(overlays.length, 2);
    for (const { key, parent } of overlays) {
      const needs = reachable(reached, key);
      const nodePools = [...needs].filter((other) => /:NodePool::.*-pool$/.test(other));
      assert.deepEqual(
        nodePools.map((other) => counted.resources.find((one) => one.key === other)?.parent),
        [parent],
      );
      for (const part of [/-karpenter-crds$/, /-karpenter-controller$/, /Deployment::.*-disk-controller-/])
        assert.ok(
          [...needs].some((other) => part.test(other)),
          `${key} needs ${String(part)}`,
        );
      const behind = counted.resources.filter((other) => other.key !== key && reachable(reached, other.key).has(key));
      assert.deepEqual(
        behind.filter(({ custom }) => custom),
        [],
      );
    }
  });

  it("has no cycle", () => {
    for (const key of edges.keys()) assert.ok(!reachable(edges, key).has(key), key);
  });

  it("makes Karpenter's roles and policies beside the cluster, not behind it", () => {
    const early = graph.resources.filter(({ key }) =>
      /(Role|Policy|RolePolicyAttachment)::.*-karpenter-identity-|::.*-interruption-/.test(key),
    );
    assert.equal(early.length, 28);
    for (const { key } of early)
      assert.ok(![...reachable(edges, key)].some((other) => other.startsWith("eks:index:Cluster::")), key);
  });

  it("deletes pools before everything that they depend on, and nothing of the chain behind a pool", () => {
    const pools = graph.resources.filter(isPool);
    for (const { key } of graph.resources.filter((resource) => !isPool(resource)))
      for (const pool of pools) assert.ok(!reachable(edges, key).has(pool.key), `${key} -> ${pool.key}`);
  });

  it("waits longer than the drain of a pool", () => {
    const pools = graph.resources.filter(isPool);
    assert.equal(pools.length, 4);
    for (const { key, name, deleteTimeout } of pools)
      assert.equal(deleteTimeout, name.includes("dense") ? "140m" : "50m", key);
  });

  it("skips no deletion, and leaves nothing but the images' repositories in the account", () => {
    const left = graph.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type);
    assert.deepEqual(left, Array<string>(2).fill("aws:ecr/repository:Repository"));
  });
});

function childrenOf(graph: Graph, parent: string | undefined): string[] {
  return graph.resources.filter((resource) => resource.parent === parent).map(({ key }) => key);
}

function isPool({ inputs }: Resource): boolean {
  return inputs.kind === "NodePool" || inputs.kind === "EC2NodeClass";
}
