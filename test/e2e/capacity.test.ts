import assert from "node:assert/strict";
import { report } from "./support/conformance";
import { startCountingCluster } from "./support/counting-cluster";
import type { CountingCluster } from "./support/counting-cluster";
import { bundleDiskController, createDiskControllerAccount, startDiskController } from "./support/disk-controller";
import type { DiskController } from "./support/disk-controller";
import { eventually } from "./support/eventually";
import type { KubernetesObject } from "./support/kubernetes-api";
import { createLanes, overlayOf, provisionerOf, statefulSetOf } from "./support/lanes";
import { nodeOf, startNodeCleanup } from "./support/node-cleanup";
import { observe, partOf } from "./support/observation";
import type { Observation } from "./support/observation";
import { stopsAfter } from "./support/process";
import { startProvisioner } from "./support/provisioner";
import type { Lane } from "./support/sequence";

interface NodeOverlay extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

interface PodEvent extends KubernetesObject {
  involvedObject: { name: string };
  message: string;
}

interface NodePool extends KubernetesObject {
  spec: { template: { spec: { requirements: { key: string; values?: string[] }[] } } };
}

const name = "exclusive-0";
const pool = "exclusive-0-0";
/** Thousandths of a vCPU: the second needs a node of two disks. */
const small = 1000;
const large = 6000;
const taint = "eks-fast-disks/disks-taken";
const poolReference = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: pool } };

describe("Capacity", () => {
  const stopped = stopsAfter();
  let started: CountingCluster;
  let lane: Lane;
  let controller: DiskController;
  let token: string;

  before(async () => {
    started = await startCountingCluster("capacity", stopped);
    const [first] = await createLanes(started.cluster, started.nodeClass, "exclusive", 1);
    assert.ok(first);
    lane = first;
    // Nodes whose claims wait for their pods stay.
    await started.cluster.api.patch(poolReference, {
      spec: { limits: { cpu: "200" }, disruption: { consolidateAfter: "1h" } },
    });
    stopped(startProvisioner(started.cluster, [provisionerOf(lane)]));
    stopped(
      startNodeCleanup(started.cluster, { storageClasses: [name], claimDeletionDelay: 15, discoveryInterval: 10 }),
    );
    await bundleDiskController();
    token = await createDiskControllerAccount(started.cluster);
    controller = await start("exclusive");
    stopped({ stop: () => controller.stop() });
  });

  it("starts a node for the next consumer while a claim without a pod holds the disk of another: exclusive", async () => {
    await leaveClaim("held", small);
    const since = Date.now();
    await apply("exclusive", "next", 1, small);
    const pod = await runs("next-0");
    assert.notEqual(pod.spec.nodeName, await nodeOfClaim("data-held-0"), "two consumers share a disk");
    report(`exclusive: the next consumer runs ${seconds(since)} s after it was made`);
  });

  it("lets the pod of the old claim come back to its disk: exclusive", async () => {
    const node = await nodeOfClaim("data-held-0");
    await apply("exclusive", "held", 1, small);
    assert.equal((await runs("held-0")).spec.nodeName, node);
    await eventually("the taint is gone", async () => (await taintsOf(node)).every((key) => key !== taint));
  });

  it("loses no pod while the controller is down, and goes on when it is back", async () => {
    await controller.stop();
    const before = await podsThatRun();
    await leaveClaim("down", small);
    await apply("exclusive", "after", 1, small);
    controller = await start("exclusive");
    await runs("after-0");
    const now = await podsThatRun();
    for (const uid of before.keys()) assert.ok(now.has(uid), "a pod was lost");
  });

  it("says on the pod that no type has a disk, while no overlay promises one: counted", async () => {
    await apply("counted", "early", 1, small);
    const { message } = await eventually("Karpenter says why early-0 waits", async () =>
      (await started.cluster.api.list<PodEvent>("v1", "Event")).find(
        (event) => event.involvedObject.name === "early-0" && event.message.includes("instance type"),
      ),
    );
    assert.match(message, /no instance type has enough resources, .*"eks-fast-disks\/disk":"1"/);
    await apply("counted", "early", 0, small);
    await gone("early-0");
  });

  it("keeps every volume and pod when the mode of a live cluster is switched to counted", async () => {
    const volumes = await boundVolumes();
    const pods = await podsThatRun();
    assert.ok(volumes.size >= 3);
    await promise(["i4g.xlarge", "i4g.2xlarge"]);
    await controller.stop();
    controller = await start("counted");
    await eventually("every node says how many disks can be used", async () =>
      (await seen()).nodes.every(({ status }) => status.allocatable?.["eks-fast-disks/disk"] !== undefined),
    );
    await eventually("no node is tainted", async () =>
      (await seen()).nodes.every(({ spec }) => (spec.taints ?? []).every(({ key }) => key !== taint)),
    );
    assert.deepEqual(await boundVolumes(), volumes);
    const running = await podsThatRun();
    for (const uid of pods.keys()) assert.ok(running.has(uid), "a pod was lost");
  });

  it("says of two overlays that give the same types a disk that they conflict", async () => {
    const other = { ...overlayOf(pool, ["i4g.xlarge", "i4g.2xlarge"]), metadata: { name: "another" } };
    await started.cluster.api.apply(other);
    await eventually("one of them is refused", async () =>
      (await conditions("ValidationSucceeded")).some(
        ({ status, reason, message }) =>
          status === "False" && reason === "Conflict" && message === "conflict with another overlay",
      ),
    );
    await started.cluster.api.delete(other);
    await eventually("the one that is left is Ready", async () =>
      (await conditions("Ready")).every(({ status }) => status === "True"),
    );
  });

  it("starts a node for the next consumer while a claim without a pod holds the disk of another: counted", async () => {
    await leaveClaim("kept", large);
    const since = Date.now();
    await apply("counted", "another", 1, large);
    const pod = await runs("another-0");
    assert.notEqual(pod.spec.nodeName, await nodeOfClaim("data-kept-0"));
    report(`counted: the next consumer runs ${seconds(since)} s after it was made`);
  });

  it("lets the pod of the old claim come back to its disk: counted", async () => {
    const node = await nodeOfClaim("data-kept-0");
    await apply("counted", "kept", 1, large);
    assert.equal((await runs("kept-0")).spec.nodeName, node);
  });

  it("puts two consumers on a node of two disks, and the third elsewhere: counted", async () => {
    const { api } = started.cluster;
    await promise(["is4gen.4xlarge"]);
    const found = await api.get<NodePool>(poolReference);
    assert.ok(found);
    for (const requirement of found.spec.template.spec.requirements)
      if (requirement.key === "node.kubernetes.io/instance-type") requirement.values = ["is4gen.4xlarge"];
    await api.patch(poolReference, { spec: { template: { spec: found.spec.template.spec } } });
    await apply("counted", "pair", 3, large);
    const nodes = [];
    for (const ordinal of [0, 1, 2]) nodes.push((await runs(`pair-${ordinal}`)).spec.nodeName);
    assert.equal(new Set(nodes).size, 2, `three consumers on ${nodes.join(", ")}`);
  });

  it("keeps every volume and pod when the mode is switched back, and gives the next consumer its own node", async () => {
    const { api } = started.cluster;
    const volumes = await boundVolumes();
    const pods = await podsThatRun();
    assert.ok(pods.size >= 3);
    await controller.stop();
    for (const overlay of await api.list("karpenter.sh/v1alpha1", "NodeOverlay")) await api.delete(overlay);
    controller = await start("exclusive");
    await eventually("no node says how many disks can be used", async () =>
      (await seen()).nodes.every(({ status }) => status.allocatable?.["eks-fast-disks/disk"] === undefined),
    );
    await apply("exclusive", "last", 1, large);
    const { spec } = await runs("last-0");
    assert.deepEqual(await boundVolumesOf([...volumes.keys()]), volumes);
    const now = await seen();
    const running = await podsThatRun();
    for (const uid of pods.keys()) assert.ok(running.has(uid), "a pod was lost");
    const beside = now.pods.filter((pod) => pod.spec.nodeName === spec.nodeName);
    assert.equal(beside.length, 1, `last-0 runs beside ${beside.map(({ metadata }) => metadata.name).join(", ")}`);
  });

  /** A consumer that ran and is gone, while its claim stays. */
  async function leaveClaim(owner: string, cpu: number): Promise<void> {
    const capacity = owner === "kept" ? "counted" : "exclusive";
    await apply(capacity, owner, 1, cpu);
    await runs(`${owner}-0`);
    await apply(capacity, owner, 0, cpu);
    await gone(`${owner}-0`);
  }

  async function gone(pod: string): Promise<void> {
    await eventually(`${pod} is gone`, async () => (await seen()).pods.every(({ metadata }) => metadata.name !== pod));
  }

  /** The overlay of the pool, Ready: `up` waits for no more. */
  async function promise(types: string[]): Promise<void> {
    await started.cluster.api.apply(overlayOf(pool, types));
    await eventually("the overlay is Ready", async () => {
      const found = await conditions("Ready");
      return found.length > 0 && found.every(({ status }) => status === "True");
    });
  }

  /** Of every overlay that has any. */
  async function conditions(type: string) {
    const overlays = await started.cluster.api.list<NodeOverlay>("karpenter.sh/v1alpha1", "NodeOverlay");
    return overlays.flatMap(({ status }) => (status?.conditions ?? []).filter((one) => one.type === type));
  }

  async function apply(capacity: Lane["capacity"], owner: string, replicas: number, cpu: number): Promise<void> {
    await started.cluster.api.apply(statefulSetOf({ name, capacity }, owner, replicas, cpu, "Retain"));
  }

  function start(capacity: string): Promise<DiskController> {
    const flags = [`--capacity=${capacity}`, `--storage-classes=${name}`];
    return startDiskController("capacity-controller", started.cluster, token, flags);
  }

  async function seen(): Promise<Observation> {
    return partOf(await observe(started.cluster.api), name, name);
  }

  function runs(pod: string): Promise<Observation["pods"][number]> {
    return eventually(
      `${pod} runs`,
      async () =>
        (await seen()).pods.find(({ metadata, status }) => metadata.name === pod && status.phase === "Running"),
      { every: 1 },
    );
  }

  async function podsThatRun(): Promise<Map<string, string>> {
    const { pods } = await seen();
    return new Map(
      pods.flatMap(({ metadata, status }) =>
        status.phase === "Running" ? [[metadata.uid ?? "", metadata.name] as const] : [],
      ),
    );
  }

  async function boundVolumes(): Promise<Map<string, string>> {
    const { volumes } = await seen();
    return new Map(
      volumes.flatMap(({ metadata, spec, status }) =>
        status?.phase === "Bound" ? [[metadata.uid ?? "", spec.claimRef?.name ?? ""] as const] : [],
      ),
    );
  }

  async function boundVolumesOf(uids: string[]): Promise<Map<string, string>> {
    return new Map([...(await boundVolumes())].filter(([uid]) => uids.includes(uid)));
  }

  async function nodeOfClaim(claim: string): Promise<string> {
    const volume = (await seen()).volumes.find(({ spec }) => spec.claimRef?.name === claim);
    assert.ok(volume, `${claim} is not bound`);
    return nodeOf(volume);
  }

  async function taintsOf(node: string): Promise<string[]> {
    const found = (await seen()).nodes.find(({ metadata }) => metadata.name === node);
    return (found?.spec.taints ?? []).map(({ key }) => key);
  }
});

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}
