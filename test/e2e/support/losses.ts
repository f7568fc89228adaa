import assert from "node:assert/strict";
import type { ControlPlane } from "./control-plane";
import { eventually } from "./eventually";
import type { NodeClaim } from "./observation";

/** As after a spot warning: Karpenter evicts the pods, then ends the node. */
export async function drain(cluster: ControlPlane, node: string): Promise<void> {
  const claims = await cluster.api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim");
  await cluster.api.delete(claimOfNode(node, claims), { wait: false });
  await nodeGone(cluster, node);
}

/** As after a failure: Node and NodeClaim are gone at once, and nobody has evicted the pods. */
export async function vanish(cluster: ControlPlane, node: string): Promise<void> {
  const claims = await cluster.api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim");
  const lost = [claimOfNode(node, claims), { apiVersion: "v1", kind: "Node", metadata: { name: node } }];
  for (const object of lost) {
    // Karpenter puts its finalizer back on what is not being deleted yet.
    await cluster.api.delete(object, { wait: false });
    if (await cluster.api.get(object)) await cluster.api.patch(object, { metadata: { finalizers: null } });
  }
  await nodeGone(cluster, node);
}

export function claimOfNode(node: string, claims: NodeClaim[]): NodeClaim {
  const found = claims.find(({ status }) => status?.nodeName === node);
  assert.ok(found, `no NodeClaim has made ${node}`);
  return found;
}

async function nodeGone(cluster: ControlPlane, node: string): Promise<void> {
  await eventually(`${node} is gone`, async () =>
    (await cluster.api.list("v1", "Node")).every(({ metadata }) => metadata.name !== node),
  );
}
