import type { KubernetesApi, KubernetesObject } from "./kubernetes-api";
import type { Volume } from "./provisioner";

export interface Node extends KubernetesObject {
  spec: { taints?: { key: string; effect: string }[]; unschedulable?: boolean };
  status: { allocatable?: Record<string, string>; capacity?: Record<string, string> };
}

export interface NodeClaim extends KubernetesObject {
  status?: {
    nodeName?: string;
    capacity?: Record<string, string>;
    conditions?: { type: string; status: string; lastTransitionTime: string }[];
  };
}

export interface Pod extends KubernetesObject {
  spec: {
    nodeName?: string;
    volumes?: { persistentVolumeClaim?: { claimName: string } }[];
    containers: { resources?: { requests?: Record<string, string> } }[];
  };
  status: { phase: string };
}

export interface Claim extends KubernetesObject {
  spec: { volumeName?: string; storageClassName?: string };
  status?: { phase: string };
}

/** What a cluster holds, read at about the same time. */
export interface Observation {
  nodes: Node[];
  nodeClaims: NodeClaim[];
  volumes: Volume[];
  claims: Claim[];
  pods: Pod[];
}

export async function observe(api: KubernetesApi): Promise<Observation> {
  // Claims and volumes before nodes: whose node is missing here was lost before.
  const [pods, claims, volumes] = await Promise.all([
    api.list<Pod>("v1", "Pod"),
    api.list<Claim>("v1", "PersistentVolumeClaim"),
    api.list<Volume>("v1", "PersistentVolume"),
  ]);
  const [nodes, nodeClaims] = await Promise.all([
    api.list<Node>("v1", "Node"),
    api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim"),
  ]);
  return { nodes, nodeClaims, volumes, claims, pods };
}

/** The part of one class's pool and of one namespace. */
export function partOf(all: Observation, storageClass: string, namespace: string): Observation {
  const label = ({ metadata }: KubernetesObject) => metadata.labels?.["eks-fast-disks/class"] === storageClass;
  const within = ({ metadata }: KubernetesObject) => metadata.namespace === namespace;
  return {
    nodes: all.nodes.filter(label),
    nodeClaims: all.nodeClaims.filter(label),
    volumes: all.volumes.filter(({ spec }) => spec.storageClassName === storageClass),
    claims: all.claims.filter(within),
    pods: all.pods.filter(within),
  };
}

export function claimNamesOf({ spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

export function isFinished({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

/** Thousandths of a vCPU. */
export function cpuOf(pod: Pod): number {
  return pod.spec.containers.reduce((sum, { resources }) => sum + thousandths(resources?.requests?.cpu ?? "0"), 0);
}

export function thousandths(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** All that changes when something happens; events and heartbeats are left out. */
export function fingerprint({ nodes, nodeClaims, volumes, claims, pods }: Observation): string {
  const key = ({ metadata }: KubernetesObject) => [metadata.uid, metadata.deletionTimestamp];
  return JSON.stringify([
    nodes.map((node) => [key(node), node.spec.taints, node.status.allocatable]),
    nodeClaims.map((claim) => [
      key(claim),
      claim.status?.nodeName,
      claim.status?.conditions?.map(({ status }) => status),
    ]),
    volumes.map((volume) => [key(volume), volume.status?.phase, volume.spec.claimRef?.name]),
    claims.map((claim) => [key(claim), claim.status?.phase]),
    pods.map((pod) => [key(pod), pod.status.phase, pod.spec.nodeName]),
  ]);
}
