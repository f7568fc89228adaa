import type { Graph } from "../../offline/graph";

/** Edges as the engine sees them: what a resource was stated to need, its provider and its parent. */
export type Edges = Map<string, Set<string>>;

/** What @pulumi/eks makes inside, as far as the program names it, belongs to its component. */
const inside = /^aws:eks\/cluster:Cluster::(.*)-eksCluster$/;

export function edgesOf(graph: Graph): Edges {
  const edges: Edges = new Map();
  for (const { key, parent, provider, dependencies } of graph.resources)
    edges.set(key, new Set([...dependencies, ...(provider ? [provider] : []), ...(parent ? [parent] : [])]));
  for (const key of [...edges.values()].flatMap((targets) => [...targets]))
    if (inside.test(key)) edges.set(key, new Set([key.replace(inside, "eks:index:Cluster::$1")]));
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
