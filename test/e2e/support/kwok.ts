import type { ControlPlane } from "./control-plane";
import type { KubernetesObject } from "./kubernetes-api";

/** Nodes that Karpenter's kwok build makes stay ready, and their pods run. */
export function kwokFlags({ kubeconfig }: ControlPlane, { leaseSeconds = 40 } = {}): string[] {
  return [
    ...[`--kubeconfig=${kubeconfig}`, "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"],
    ...[`--node-lease-duration-seconds=${leaseSeconds}`, "--cidr=10.0.0.1/16"],
  ];
}

/** A node that kwok makes ready, with so much of each resource. */
export async function createKwokNode(
  { api }: ControlPlane,
  node: KubernetesObject,
  amount: Record<string, string>,
): Promise<void> {
  const annotations = { "kwok.x-k8s.io/node": "fake" };
  await api.apply({ ...node, metadata: { ...node.metadata, annotations } });
  await api.patch(node, { status: { capacity: amount, allocatable: amount } }, { subresource: "status" });
}
