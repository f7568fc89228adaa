import type { Graph, Resource } from "../../offline/graph";

/** Edges as the engine sees them: what a resource was stated to need, its provider and its parent. */
export type Edges = Map<string, Set<string>>;

/** What @pulumi/eks and awsx make inside, as far as the plan names it, belongs to its component. */
const inside: [RegExp, string][] = [
  [/^aws:eks\/cluster:Cluster::(.*)-eksCluster$/, "eks:index:Cluster::$1"],
  [/^aws:ec2\/route:Route::(.*)-routes$/, "awsx:ec2:Vpc::$1"],
  [/^aws:ec2\/routeTableAssociation:RouteTableAssociation::(.*)-associations$/, "awsx:ec2:Vpc::$1"],
];

export function edgesOf(graph: Graph): Edges {
  const edges: Edges = new Map();
  for (const { key, parent, provider, dependencies } of graph.resources)
    edges.set(key, new Set([...dependencies, ...(provider ? [provider] : []), ...(parent ? [parent] : [])]));
  for (const key of [...edges.values()].flatMap((targets) => [...targets]))
    for (const [pattern, component] of inside)
      if (pattern.test(key)) edges.set(key, new Set([key.replace(pattern, component)]));
  return edges;
}

/** Everything that is there before `key` is made, and is still there when it is deleted. */
export function reachable(edges: Edges, key: string): Set<string> {
  const seen = new Set<string>();
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const target of edges.get(next) ?? [])
      if (!seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
  return seen;
}

/** `deletedWith` of a resource, its own or the nearest parent's. */
export function deletedWith(graph: Graph, resource: Resource): string | undefined {
  if (resource.deletedWith !== undefined) return resource.deletedWith;
  const parent = graph.resources.find(({ key }) => key === resource.parent);
  return parent && deletedWith(graph, parent);
}
