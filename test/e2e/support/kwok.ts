import type { ControlPlane } from "./control-plane";

/** Nodes that Karpenter's kwok build makes stay ready, and their pods run. */
export function kwokFlags({ kubeconfig }: ControlPlane, { leaseSeconds = 40 } = {}): string[] {
  return [
    ...[`--kubeconfig=${kubeconfig}`, "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"],
    ...[`--node-lease-duration-seconds=${leaseSeconds}`, "--cidr=10.0.0.1/16"],
  ];
}
