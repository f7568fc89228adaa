import { diskNumbers } from "../../../components/manifests/disk-capacity";
import { renderNodeOverlay } from "../../../components/manifests/node-overlay";
import { renderNodePool } from "../../../components/manifests/node-pool";
import { renderPlacement } from "../../../components/manifests/placement";
import { renderStorageClass } from "../../../components/manifests/storage-class";
import { names } from "../../../components/names";
import { instanceTypes } from "../../../catalogue/instance-types";
import type { ControlPlane } from "./control-plane";
import { eventually } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";
import { roomOf } from "./packing";
import type { ProvisionerValues } from "./provisioner";
import type { Lane } from "./sequence";

const consolidateAfter = 20;
/** Instance types by capacity: one disk each, and one or two. */
export const typesOf = { exclusive: ["i4g.xlarge", "i4g.2xlarge"], counted: ["i4g.xlarge", "is4gen.4xlarge"] };

/** A pool, a class and a namespace for each lane, made on the server; the class of every second lane retains. */
export async function createLanes(
  cluster: ControlPlane,
  nodeClass: string,
  capacity: Lane["capacity"],
  count: number,
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index += 1)
    lanes.push(await createLane(cluster, nodeClass, `${capacity}-${index}`, capacity, index % 2 ? "Retain" : "Delete"));
  if (capacity === "counted") {
    const pools = lanes.map(({ name }) => name);
    for (const overlay of overlaysOf(pools, typesOf.counted))
      await eventually(`${overlay.metadata.name} is applied`, () => cluster.api.apply(overlay));
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
  const vcpus = capacity === "counted" ? 44 : 20;
  const pool = renderNodePool(
    {
      instanceTypes: typesOf[capacity],
      storageClass: name,
      limits: { cpu: String(vcpus) },
      consolidateAfter: `${consolidateAfter}s`,
      terminationGracePeriod: "1m",
    },
    nodeClass,
    capacity,
  );
  const objects: KubernetesObject[] = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name } },
    { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", ...renderStorageClass(name, { reclaimPolicy }) },
    { ...pool, metadata: { name } },
  ];
  for (const object of objects) await eventually(`${object.kind} ${name} is applied`, () => api.apply(object));
  const rooms = instanceTypes.filter((type) => typesOf[capacity].includes(type.name));
  return {
    ...{ name, capacity, consolidateAfter },
    // The larger ones need the larger type.
    cpus: [500, 1500, 3000, 6000],
    rules: {
      alone: capacity === "exclusive",
      vcpus,
      types: rooms.map((type) => ({ vcpus: type.vcpu, allocatableCpu: roomOf(type).cpu })),
    },
    statefulSet: (owner, replicas, cpu, claims) => statefulSetOf({ name, capacity }, owner, replicas, cpu, claims),
  };
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

/**
 * What Karpenter is told of the types of pools, in one overlay for each number of disks: Karpenter evaluates each overlay
 * with each pool, which takes minutes for two overlays of each of 50 pools. A lane's pool has two numbers of disks, which the
 * components would refuse for its price: here consumers of both kinds share one limit, as the model has it.
 */
export function overlaysOf([first = "", ...others]: string[], types: string[]) {
  const numbers = diskNumbers([{ key: names.instanceTypeLabel, operator: "In", values: types }]);
  return numbers.map((disks) => {
    const { spec, ...overlay } = renderNodeOverlay({ instanceTypes: types, disks }, first);
    const requirements = spec.requirements.map((requirement) =>
      requirement.key === names.nodePoolLabel ? { ...requirement, values: [first, ...others] } : requirement,
    );
    return { ...overlay, metadata: { name: `${first}-${disks}` }, spec: { ...spec, requirements } };
  });
}
