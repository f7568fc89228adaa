import assert from "node:assert/strict";
import { startControlPlane } from "./support/control-plane";
import type { ControlPlane } from "./support/control-plane";
import { report } from "./support/conformance";
import {
  bundleDiskController,
  createDiskControllerAccount,
  diskClaim,
  diskNode,
  diskVolume,
  startDiskController,
} from "./support/disk-controller";
import type { DiskController } from "./support/disk-controller";
import { eventually, pause, repeat } from "./support/eventually";
import type { KubernetesObject } from "./support/kubernetes-api";
import { createKwokNode, kwokFlags } from "./support/kwok";
import { nodeOf, startNodeCleanup } from "./support/node-cleanup";
import { serve, stopsAfter } from "./support/process";
import type { Volume } from "./support/provisioner";
import { goProgram } from "./support/tools";

const kwok = goProgram("kwok");
const storageClass = "fast-disks";
const nodeCount = Number(process.env.NODES ?? 1000);
const lostCount = nodeCount / 10;
const disksPerNode = 4;
const podsPerOwner = 100;
/** Seconds from the loss to the nodes in the place of the lost ones. */
const nodeStart = 30;
const claimDeletionDelay = 15;
const goal = Math.max(claimDeletionDelay, nodeStart) + 5;
const resource = "eks-fast-disks/disk";

interface StatefulSet extends KubernetesObject {
  status?: { readyReplicas?: number };
}

/** The disk controller in a large cluster that loses a tenth of its nodes at once; nothing is asserted about time. */
describe(`The disk controller with ${nodeCount} nodes and ${nodeCount * disksPerNode} disks`, () => {
  const stopped = stopsAfter();
  const podCount = (nodeCount - lostCount) * disksPerNode;
  const lost = Array.from({ length: lostCount }, (_, index) => `node-${index}`);
  let cluster: ControlPlane;
  let controller: DiskController;
  let mostMemory = 0;

  before(async () => {
    cluster = stopped(await startControlPlane("scale", { requestsPerSecond: 500 }));
    stopped(serve("scale-kwok", kwok, kwokFlags(cluster, { leaseSeconds: 3600 })));
    await cluster.api.apply({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storageClass },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    await createNodes(Array.from({ length: nodeCount }, (_, index) => `node-${index}`));
    await bundleDiskController();
    const token = await createDiskControllerAccount(cluster);
    controller = stopped(await startDiskController("scale-controller", cluster, token, ["--capacity=counted"]));
    stopped(
      repeat("memory", 1, () => {
        mostMemory = Math.max(mostMemory, controller.memory());
        return Promise.resolve();
      }),
    );
    stopped(
      startNodeCleanup(
        cluster,
        { storageClasses: [storageClass], claimDeletionDelay, discoveryInterval: 10 },
        // As client-go lets the real one.
        { every: 2, requestsPerSecond: 5 },
      ),
    );
  });

  it("gives each consumer a disk", async () => {
    const start = Date.now();
    // A tenth of the disks stays free. The claims are made with their volumes: to choose one the scheduler compares all
    // volumes with each node, which takes 1,000 nodes about 20 s for each pod.
    const claims = Array.from({ length: podCount }, (_, index) =>
      diskClaim(
        `data-owner-${Math.floor(index / podsPerOwner)}-${index % podsPerOwner}`,
        `node-${Math.floor(index / disksPerNode)}-${index % disksPerNode}`,
        storageClass,
      ),
    );
    await inParallel(claims, (claim) => cluster.api.apply(claim));
    await eventually("all claims are bound", async () => (await volumesInUse()).length === podCount, { every: 2 });
    for (let made = 0; made < podCount; made += podsPerOwner)
      await cluster.api.apply(ownerOf(`owner-${made / podsPerOwner}`, Math.min(podsPerOwner, podCount - made)));
    await allRun();
    print(`${podCount} consumers ran ${seconds(start)} s after their StatefulSets`);
  });

  it("asks for little at rest", async () => {
    const [start, before] = [Date.now(), await requests()];
    await pause(60);
    print(`at rest: ${perSecond(start, before, await requests())} requests a second`);
    print(`at rest: ${megabytes(controller.memory())} MB of memory, ${megabytes(mostMemory)} MB at most so far`);
  });

  it("runs every pod again after the loss of a tenth of the nodes at once", async () => {
    const claims = await claimsOn(lost);
    const survivors = (await claimUids()).filter((uid) => !claims.has(uid));
    const [start, before] = [Date.now(), await requests()];
    await Promise.all(
      lost.map((name) => cluster.api.delete({ apiVersion: "v1", kind: "Node", metadata: { name } }, { wait: false })),
    );
    const started = pause(nodeStart).then(() => createNodes(lost.map((name) => `${name}-next`)));
    await eventually(
      "every claim of a lost node is released",
      async () => (await claimUids()).every((uid) => !claims.has(uid)),
      { every: 2 },
    );
    print(`${lostCount} nodes lost at once: their ${claims.size} claims were released after ${seconds(start)} s`);
    await started;
    await allRun();
    print(
      `${lostCount} nodes lost at once: every pod ran again after ${seconds(start)} s ` +
        `(claimDeletionDelay ${claimDeletionDelay} s, nodes in ${nodeStart} s, goal for a single node ${goal} s)`,
    );
    print(`meanwhile: ${perSecond(start, before, await requests())} requests a second`);
    print(`${megabytes(mostMemory)} MB of memory at most`);
    const left = new Set(await claimUids());
    for (const uid of survivors) assert.ok(left.has(uid), "a claim of a node that lives was deleted");
  });

  async function createNodes(names: string[]): Promise<void> {
    await inParallel(names, async (name) => {
      const node = diskNode(name, { "karpenter.sh/nodepool": "pool", "kubernetes.io/os": "linux" });
      await createKwokNode(cluster, node, { cpu: "32", memory: "256Gi", pods: "110" });
      for (let disk = 0; disk < disksPerNode; disk += 1)
        await cluster.api.apply(diskVolume(`${name}-${disk}`, name, storageClass));
    });
  }

  async function allRun(): Promise<void> {
    await eventually(
      `${podCount} pods run`,
      async () => {
        const owners = await cluster.api.list<StatefulSet>("apps/v1", "StatefulSet");
        return owners.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0) === podCount;
      },
      { every: 1 },
    );
  }

  async function volumesInUse(): Promise<Volume[]> {
    const volumes = await cluster.api.list<Volume>("v1", "PersistentVolume");
    return volumes.filter(({ status }) => status?.phase === "Bound");
  }

  async function claimUids(): Promise<string[]> {
    return (await cluster.api.list("v1", "PersistentVolumeClaim")).map(({ metadata }) => metadata.uid ?? "");
  }

  async function claimsOn(nodes: string[]): Promise<Set<string>> {
    const volumes = await cluster.api.list<Volume>("v1", "PersistentVolume");
    return new Set(volumes.flatMap((volume) => (nodes.includes(nodeOf(volume)) && volume.spec.claimRef?.uid) || []));
  }

  async function requests(): Promise<number> {
    const counts = [...(await controller.metrics()).matchAll(/_requests_total\{[^}]*\} (\d+)/g)];
    return counts.reduce((sum, [, count = "0"]) => sum + Number(count), 0);
  }
});

function ownerOf(name: string, replicas: number): KubernetesObject {
  const disk = { [resource]: "1" };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: "default" },
    spec: {
      serviceName: name,
      replicas,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector: { "eks-fast-disks/class": storageClass },
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "consumer",
              image: "registry.example/consumer",
              resources: { requests: disk, limits: disk },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            storageClassName: storageClass,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1G" } },
          },
        },
      ],
    },
  };
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}

function print(line: string): void {
  process.stdout.write(`      ${line}\n`);
  report(line);
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}

function perSecond(since: number, before: number, after: number): string {
  return (((after - before) * 1000) / (Date.now() - since)).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
