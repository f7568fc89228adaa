import assert from "node:assert/strict";
import { applyPlanned, startPlanned } from "./support/cluster";
import { judge, report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import {
  bundleDiskController,
  createDiskControllerAccount,
  diskControllerFlagsOf,
  startDiskController,
} from "./support/disk-controller";
import { eventually, pause } from "./support/eventually";
import { exampleFor, statefulSetOf } from "./support/examples";
import { startKarpenter } from "./support/karpenter";
import type { KubernetesObject } from "./support/kubernetes-api";
import { kwokFlags } from "./support/kwok";
import { claimOfNode, drain, vanish } from "./support/losses";
import { cleanupFlagsOf, nodeOf, startNodeCleanup } from "./support/node-cleanup";
import type { NodeClaim } from "./support/observation";
import { objectOf, planOf } from "./support/plan";
import type { Plan } from "./support/plan";
import { startPrices } from "./support/prices";
import { serve, stopsAfter } from "./support/process";
import { startProvisioner } from "./support/provisioner";
import type { ProvisionerValues, Volume } from "./support/provisioner";
import { withValue } from "./support/settings";
import { goProgram } from "./support/tools";

interface Pod extends KubernetesObject {
  spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status: { phase: string };
}
interface Claim extends KubernetesObject {
  spec: { volumeName?: string };
  status: { phase: string };
}
interface Event extends KubernetesObject {
  involvedObject: { name: string };
  reason: string;
  message: string;
  source?: { component?: string };
  reportingComponent?: string;
}

const stack = "dev";
const by = "kube-scheduler 1.35.4, Karpenter 1.14.0 with kwok's nodes";
const pool = "fast-disks-fast-pool";
const nodeClass = "fast-disks-fast-class";
const storageClass = "fast-disks-volumes-fast-disks";
const karpenter = goProgram("karpenter-kwok");
const kwok = goProgram("kwok");

describe("Scheduling with disks", () => {
  const stopped = stopsAfter();
  let plan: Plan;
  let cluster: ControlPlane;
  const example = statefulSetOf(exampleFor("fast-disks"));
  assert.ok(example);
  const { name: exampleName } = example.metadata;

  before(async () => {
    const prices = stopped(await startPrices());
    const planned = await startPlanned("scheduling", planOf(stack), stopped);
    ({ plan, cluster } = planned);
    await applyPlanned(planned, ["StorageClass", "EC2NodeClass", "NodePool"]);
    stopped(serve("scheduling-kwok", kwok, kwokFlags(cluster)));
    stopped(await startKarpenter("scheduling-karpenter", karpenter, planned, { kwokPrices: prices.url }));
    for (const { chart, values } of Object.values(plan.releases))
      if (chart === "local-static-provisioner")
        stopped(startProvisioner(cluster, [values as unknown as ProvisionerValues]));
    await bundleDiskController();
    const token = await createDiskControllerAccount(cluster);
    const flags = diskControllerFlagsOf(objectOf(plan, "fast-disks-disk-controller-deployment"));
    stopped(await startDiskController("scheduling-disk-controller", cluster, token, flags));
  });

  it("gives each replica a disk of its own, on a node of its own", async () => {
    const classKey = `kubernetes:storage.k8s.io/v1:StorageClass::${storageClass}`;
    await judge(stack, [pool, nodeClass, classKey], by, async () => {
      const start = Date.now();
      for (const object of exampleFor("fast-disks")) await cluster.api.apply(object);
      const pods = await running(cluster, exampleName, example.spec.replicas);
      report(`${example.spec.replicas} replicas with a local disk each run ${seconds(start)} after the StatefulSet`);
      const nodes = new Set(pods.map(({ spec }) => spec.nodeName));
      assert.equal(nodes.size, pods.length, "two consumers share a node");
      for (const pod of pods) assert.equal(await nodeOfVolume(cluster, pod), pod.spec.nodeName);
    });
  });

  it("says what is wrong when the class's topology is no pool's", async () => {
    const object = objectOf(plan, storageClass);
    const topology = "allowedTopologies/0/matchLabelExpressions/0/values";
    const wrong = withValue(withValue(object, topology, ["elsewhere"]), "metadata/name", "wrong-topology");
    await cluster.api.apply(wrong);
    const message = await refusalOf(cluster, await pendingPod(cluster, example, "wrong-topology"));
    assert.match(message, /eks-fast-disks\/class/);
    report(`allowedTopologies that no pool has: "${message}"`);
  });

  it("says what is wrong when no pool has the label that the pod wants", async () => {
    const unlabelled = structuredClone(example.spec.template.spec);
    const message = await refusalOf(
      cluster,
      await pendingPod(cluster, example, "fast-disks", {
        ...unlabelled,
        nodeSelector: { "eks-fast-disks/class": "absent" },
      }),
    );
    assert.match(message, /eks-fast-disks\/class/);
    report(`no pool with the pod's label: "${message}"`);
  });

  it("leaves a pod of a lost node pending until its claim is deleted, and then starts it elsewhere", async () => {
    const [pod] = await running(cluster, exampleName, example.spec.replicas);
    assert.ok(pod);
    const lost = pod.spec.nodeName ?? "";
    await drain(cluster, lost);
    const held = await eventually("the pod is made again", async () => {
      const again = await cluster.api.get<Pod>(pod);
      return again?.metadata.uid !== pod.metadata.uid && again;
    });
    const message = await refusalOf(cluster, held, "default-scheduler");
    report(`a claim that is bound to a lost node: "${message}"`);
    await pause(15);
    assert.equal((await cluster.api.get<Pod>(held))?.status.phase, "Pending", "it ran without its volume");
    const released = Date.now();
    await cluster.api.delete(claimOf(held), { wait: false });
    const next = await runsElsewhere(cluster, pod, lost);
    report(`the pod runs on another disk ${seconds(released)} after its claim is deleted`);
    assert.equal(await nodeOfVolume(cluster, next), next.spec.nodeName);
  });

  const losses = { drained: drain, "not drained": vanish };
  for (const [how, lose] of Object.entries(losses))
    it(`runs the pod of a lost node elsewhere when the cleanup controller has deleted its claim: ${how}`, async () => {
      const flags = cleanupFlagsOf(objectOf(plan, "fast-disks-cleanup-controller"));
      const cleanup = startNodeCleanup(cluster, flags);
      try {
        const pods = await running(cluster, exampleName, example.spec.replicas);
        const [pod] = pods;
        assert.ok(pod);
        const lost = pod.spec.nodeName ?? "";
        const others = pods.slice(1).map(({ metadata }) => metadata.uid);
        const start = Date.now();
        await lose(cluster, lost);
        const gone = Date.now();
        const next = await runsElsewhere(cluster, pod, lost);
        const took = (Date.now() - gone) / 1000;
        assert.equal(await nodeOfVolume(cluster, next), next.spec.nodeName);
        const now = await running(cluster, exampleName, example.spec.replicas);
        for (const uid of others)
          assert.ok(
            now.some(({ metadata }) => metadata.uid === uid),
            "a pod of another node was lost too",
          );
        await eventually("no volume of the lost node is left", async () =>
          (await cluster.api.list<Volume>("v1", "PersistentVolume")).every((volume) => nodeOf(volume) !== lost),
        );
        const nodeStart = await nodeStartOf(cluster, next.spec.nodeName ?? "");
        const goal = Math.max(flags.claimDeletionDelay, nodeStart) + 5;
        const line =
          `${how}: the node was gone after ${((gone - start) / 1000).toFixed(1)} s, its pod ran again ${took.toFixed(1)} s` +
          ` later (claimDeletionDelay ${flags.claimDeletionDelay} s, the new node started in ${nodeStart} s; goal ${goal} s)`;
        process.stdout.write(`      ${line}\n`);
        report(line);
      } finally {
        await cleanup.stop();
      }
    });
});

function runsElsewhere(cluster: ControlPlane, pod: Pod, lost: string): Promise<Pod> {
  return eventually(`${pod.metadata.name} runs elsewhere`, async () => {
    const next = await cluster.api.get<Pod>(pod);
    return next?.status.phase === "Running" && next.spec.nodeName !== lost && next;
  });
}

/** Seconds from the NodeClaim to the node that takes pods. */
async function nodeStartOf(cluster: ControlPlane, node: string): Promise<number> {
  const claim = claimOfNode(node, await cluster.api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim"));
  const ready = claim.status?.conditions?.find(({ type }) => type === "Registered")?.lastTransitionTime ?? "";
  return (Date.parse(ready) - Date.parse(claim.metadata.creationTimestamp ?? "")) / 1000;
}

function running(cluster: ControlPlane, owner: string, count: number): Promise<Pod[]> {
  return eventually(
    `${count} pods of ${owner} run`,
    async () => {
      const pods = (await cluster.api.list<Pod>("v1", "Pod")).filter(
        ({ metadata, status }) => metadata.name.startsWith(owner) && status.phase === "Running",
      );
      return pods.length === count && pods;
    },
    { every: 1 },
  );
}

/** A pod like the example's, with a claim of the class. */
async function pendingPod(
  cluster: ControlPlane,
  example: NonNullable<ReturnType<typeof statefulSetOf>>,
  storageClassName: string,
  spec = example.spec.template.spec,
): Promise<KubernetesObject> {
  const metadata = { name: `mistaken-${storageClassName}`, labels: example.spec.template.metadata.labels };
  const [template] = example.spec.volumeClaimTemplates;
  await cluster.api.apply({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { ...template?.spec, storageClassName },
  });
  return cluster.api.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { ...spec, volumes: [{ name: "data", persistentVolumeClaim: { claimName: metadata.name } }] },
  });
}

/** Why a pod is not scheduled, in the words of its events. */
async function refusalOf(
  cluster: ControlPlane,
  { metadata }: KubernetesObject,
  component = "karpenter",
): Promise<string> {
  const event = await eventually(`an event of ${component} that says why ${metadata.name} waits`, async () =>
    (await cluster.api.list<Event>("v1", "Event")).find(
      ({ involvedObject, reason, source, reportingComponent, metadata: { creationTimestamp = "" } }) =>
        involvedObject.name === metadata.name &&
        reason === "FailedScheduling" &&
        (source?.component ?? reportingComponent) === component &&
        creationTimestamp >= (metadata.creationTimestamp ?? ""),
    ),
  );
  return event.message;
}

function claimOf({ spec, metadata }: Pod): KubernetesObject {
  const name = spec.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.persistentVolumeClaim
    ?.claimName;
  assert.ok(name);
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: metadata.namespace } };
}

async function nodeOfVolume(cluster: ControlPlane, pod: Pod): Promise<string | undefined> {
  const claim = await cluster.api.get<Claim>(claimOf(pod));
  assert.equal(claim?.status.phase, "Bound");
  const volume = await cluster.api.get<Volume>({
    ...{ apiVersion: "v1", kind: "PersistentVolume" },
    metadata: { name: claim.spec.volumeName ?? "" },
  });
  return volume && nodeOf(volume);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
