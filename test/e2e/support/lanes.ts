import { renderNodeOverlay } from "../../../components/manifests/node-overlay";
import { renderNodePool } from "../../../components/manifests/node-pool";
import { renderPlacement } from "../../../components/manifests/placement";
import { renderStorageClass } from "../../../components/manifests/storage-class";
import { names } from "../../../components/names";
import { instanceTypes } from "../../../catalogue/instance-types";
import { ready } from "./cluster";
import type { ControlPlane } from "./control-plane";
import { eventually } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";
import { roomOf } from "./packing";
import type { ProvisionerValues } from "./provisioner";
import type { Lane } from "./sequence";

const consolidateAfter = 20;
/** Instance types and limits of a lane's pools: of one disk each, or of one and of two. */
export const poolsOf = {
  exclusive: [{ types: ["i4g.xlarge", "i4g.2xlarge"], vcpus: 20 }],
  counted: [
    { types: ["i4g.xlarge"], vcpus: 12 },
    { types: ["is4gen.4xlarge"], vcpus: 32 },
  ],
};

/** Pools, a class and a namespace for each lane, made on the server; the class of every second lane retains. */
export async function createLanes(
  cluster: ControlPlane,
  nodeClass: string,
  capacity: Lane["capacity"],
  count: number,
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index += 1)
    lanes.push(await createLane(cluster, nodeClass, `${capacity}-${index}`, capacity, index % 2 ? "Retain" : "Delete"));
  if (capacity === "counted")
    for (const [index, { types }] of poolsOf.counted.entries()) {
      const [first = "", ...others] = lanes.map((lane) => nameOf(lane.name, index));
      const overlay = overlayOf(first, types);
      // One for all lanes: for each new overlay Karpenter evaluates every overlay with every pool.
      for (const { key, values } of overlay.spec.requirements) if (key === names.nodePoolLabel) values.push(...others);
      await cluster.api.apply(overlay);
      await ready(cluster, overlay);
    }
  return lanes;
}

async function createLane(
  { api }: ControlPlane,
  nodeClass: string,
  name: string,
  capacity: Lane["capacity"],
  reclaimPolicy: "Delete" | "Retain",
): Promise<Lane> {
  const pools = poolsOf[capacity].map((pool, index) => ({ ...pool, name: nameOf(name, index) }));
  const objects: KubernetesObject[] = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name } },
    { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", ...renderStorageClass(name, { reclaimPolicy }) },
    ...pools.map((pool) => {
      const spec = {
        instanceTypes: pool.types,
        storageClass: name,
        limits: { cpu: String(pool.vcpus) },
        consolidateAfter: `${consolidateAfter}s`,
        terminationGracePeriod: "1m",
      };
      return { ...renderNodePool(spec, nodeClass, capacity), metadata: { name: pool.name } };
    }),
  ];
  for (const object of objects) await eventually(`${object.kind} ${name} is applied`, () => api.apply(object));
  return {
    ...{ name, capacity, consolidateAfter },
    // The larger ones need the larger type.
    cpus: [500, 1500, 3000, 6000],
    rules: {
      alone: capacity === "exclusive",
      pools: pools.map(({ types, ...pool }) => ({
        ...pool,
        types: instanceTypes
          .filter((type) => types.includes(type.name))
          .map((type) => ({ vcpus: type.vcpu, allocatableCpu: roomOf(type).cpu })),
      })),
    },
    statefulSet: (owner, replicas, cpu, claims) => statefulSetOf({ name, capacity }, owner, replicas, cpu, claims),
  };
}

function nameOf(lane: string, pool: number): string {
  return `${lane}-${pool}`;
}

/** What the lane's provisioner would be told. */
export function provisionerOf({ name }: Lane): ProvisionerValues {
  return {
    classes: [{ name, hostDir: names.folder, volumeMode: "Filesystem", fsType: "ext4" }],
    nodeSelector: { [names.classLabel]: name },
  };
}

export function statefulSetOf(
  { name: namespace, capacity }: Pick<Lane, "name" | "capacity">,
  name: string,
  replicas: number,
  cpu: number,
  claims: "Delete" | "Retain",
): KubernetesObject {
  const { labels, spec, resources } = renderPlacement(namespace, capacity);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace },
    spec: {
      serviceName: name,
      replicas,
      podManagementPolicy: "Parallel",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: claims, whenScaled: claims },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...labels } },
        spec: {
          ...spec,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "consumer",
              image: "registry.example/consumer",
              resources: {
                requests: { cpu: `${cpu}m`, memory: "256Mi", ...resources.requests },
                limits: resources.limits,
              },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            storageClassName: namespace,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "100Gi" } },
          },
        },
      ],
    },
  };
}

export function overlayOf(pool: string, types: string[]) {
  return { ...renderNodeOverlay({ instanceTypes: types }, pool), metadata: { name: pool } };
}
