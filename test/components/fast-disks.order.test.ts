import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { Graph, Resource } from "../../offline/graph";
import { record, settingsOf } from "../support/record";
import { deletedWith, edgesOf, reachable } from "../support/order";
import type { Edges } from "../support/order";

/** Who must be there before, and still be there on destroy, as patterns of `type::name`. */
const order: { of: RegExp; needs: RegExp[] }[] = [
  {
    // Nodes drain only while Karpenter runs, may act and hears of interruptions, and while nodes reach AWS.
    of: /NodePool::.*-pool$|EC2NodeClass::/,
    needs: [
      /Release::.*-karpenter-(crds|controller)$/,
      /(Role|Policy|RolePolicyAttachment)::.*-karpenter-identity-/,
      /PodIdentityAssociation::/,
      /AccessEntry::/,
      /ServiceLinkedRole::/,
      /Queue::/,
      /QueuePolicy::/,
      /EventRule::/,
      /EventTarget::/,
      /Addon::/,
      /ManagedNodeGroup::/,
      /LaunchTemplate::/,
      /(Role|RolePolicyAttachment)::.*-system-/,
      /Tag::.*-discovery-tag$/,
      /^eks:index:Cluster::/,
      /^awsx:ec2:Vpc::/,
      /^aws:ec2\/route:Route::/,
      /^aws:ec2\/routeTableAssociation:/,
      /^pulumi:providers:kubernetes::/,
    ],
  },
  { of: /NodePool::.*-pool$/, needs: [/EC2NodeClass::/] },
  {
    of: /Release::.*-karpenter-controller$/,
    needs: [/-karpenter-crds$/, /-karpenter-identity-/, /-interruption-/, /Addon::/, /ManagedNodeGroup::/],
  },
  {
    of: /ManagedNodeGroup::/,
    needs: [/Addon::.*-(vpc-cni|kube-proxy|eks-pod-identity-agent)$/, /RolePolicyAttachment::.*-system-/],
  },
  { of: /Addon::.*-coredns$/, needs: [/ManagedNodeGroup::/] },
  { of: /Deployment::/, needs: [/ClusterRoleBinding::/, /ClusterRole::/, /Addon::.*-coredns$/] },
  { of: /^eks:index:Cluster::/, needs: [/^aws:ec2\/route:Route::/, /^aws:ec2\/routeTableAssociation:/] },
  {
    of: /^kubernetes:/,
    needs: [/^eks:index:Cluster::/, /^aws:eks\/cluster:Cluster::/, /^pulumi:providers:kubernetes::/],
  },
];

function missing(graph: Graph, edges: Edges): string[] {
  const keys = [...edges.keys()];
  const stated = order.flatMap(({ of, needs }) =>
    keys
      .filter((key) => of.test(key))
      .flatMap((key) => {
        const reached = reachable(edges, key);
        return needs.flatMap((need) => {
          const wanted = keys.filter((other) => need.test(other) && !(other === key));
          // A pool's class and pool are told apart by name: a pool needs its own class, not the others'.
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
    args.network = { newVpc: {} };
    args.karpenter.createSpotRole = true;
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

  it("has no cycle", () => {
    for (const key of edges.keys()) assert.ok(!reachable(edges, key).has(key), key);
  });

  it("lets what lives in the cluster die with the control plane, and be made again with it", () => {
    const lasting = graph.resources.filter((resource) => resource.type.startsWith("kubernetes:") && !isPool(resource));
    assert.ok(lasting.length > 10);
    for (const resource of lasting) {
      assert.match(deletedWith(graph, resource) ?? "", /^aws:eks\/cluster:Cluster::/, resource.key);
      assert.deepEqual(resource.replaceWith, [deletedWith(graph, resource)], resource.key);
    }
  });

  it("never skips the deletion of a pool, and waits longer than its drain", () => {
    const pools = graph.resources.filter(isPool);
    assert.equal(pools.length, 4);
    for (const resource of pools) {
      assert.equal(deletedWith(graph, resource), undefined, resource.key);
      assert.deepEqual(resource.replaceWith, []);
      assert.equal(resource.deleteTimeout, resource.name.includes("dense") ? "140m" : "50m");
    }
  });

  it("skips the deletion of nothing else", () => {
    const skipped = graph.resources.filter((resource) => deletedWith(graph, resource) !== undefined && resource.custom);
    assert.deepEqual(
      skipped.filter(({ type }) => !type.startsWith("kubernetes:")),
      [],
    );
  });

  it("keeps the account's spot role on destroy, and nothing else", () => {
    const kept = graph.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type);
    assert.deepEqual(kept, ["aws:iam/serviceLinkedRole:ServiceLinkedRole"]);
  });
});

function childrenOf(graph: Graph, parent: string | undefined): string[] {
  return graph.resources.filter((resource) => resource.parent === parent).map(({ key }) => key);
}

function isPool({ inputs }: Resource): boolean {
  return inputs.kind === "NodePool" || inputs.kind === "EC2NodeClass";
}
