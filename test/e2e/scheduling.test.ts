import assert from "node:assert/strict";
import { startAws } from "./support/aws";
import { judge, report } from "./support/conformance";
import { startControlPlane } from "./support/control-plane";
import type { ControlPlane } from "./support/control-plane";
import { exampleFor, statefulSetOf } from "./support/examples";
import { karpenterChart, renderChart } from "./support/helm";
import { startKarpenter } from "./support/karpenter";
import type { KubernetesObject } from "./support/kubernetes-api";
import { planOf } from "./support/plan";
import type { Plan } from "./support/plan";
import { createCluster, createIdentities, createInterruption } from "./support/planned-aws";
import { startPrices } from "./support/prices";
import { startProvisioner } from "./support/provisioner";
import type { ProvisionerValues } from "./support/provisioner";
import { versionsOf, withValue } from "./support/settings";
import { eventually, goTool, pause, serve, stopsAfter } from "./support/tools";

interface Pod extends KubernetesObject {
  spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status: { phase: string };
}
interface Claim extends KubernetesObject {
  spec: { volumeName?: string };
  status: { phase: string };
}
interface Volume extends KubernetesObject {
  spec: { nodeAffinity: { required: { nodeSelectorTerms: { matchExpressions: { values: string[] }[] }[] } } };
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
const provisioner = "fast-disks-volumes-fast-disks";

describe("Scheduling with disks", () => {
  const stopped = stopsAfter();
  let plan: Plan;
  let cluster: ControlPlane;
  const example = statefulSetOf(exampleFor("fast-disks"));
  assert.ok(example);
  const { name: exampleName } = example.metadata;

  before(async () => {
    plan = planOf(stack);
    cluster = stopped(await startControlPlane("scheduling"));
    const aws = stopped(await startAws("scheduling", versionsOf(stack)));
    const prices = stopped(await startPrices());
    await createIdentities(aws, plan);
    await createInterruption(aws, plan);
    await createCluster(aws, plan);
    for (const name of ["fast-disks-karpenter-crds", "fast-disks-karpenter-controller"]) {
      const release = plan.releases[name];
      assert.ok(release);
      for (const object of renderChart(karpenterChart(release.chart), release)) await cluster.api.apply(object);
    }
    for (const name of [storageClass, nodeClass, pool])
      await eventually(`${name} is applied`, () => cluster.api.apply(objectOf(plan, name)));
    stopped(serve("scheduling-kwok", goTool("kwok"), kwokFlags(cluster)));
    stopped(await startKarpenter("scheduling-karpenter", plan, cluster, aws, { kwokPrices: prices.url }));
    const values = plan.releases[provisioner]?.values as unknown as ProvisionerValues;
    stopped(startProvisioner(cluster, values, objectOf(plan, storageClass).reclaimPolicy as string));
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
    const start = Date.now();
    await cluster.api.delete(
      { ...claimOfNode(lost, await cluster.api.list("karpenter.sh/v1", "NodeClaim")) },
      { wait: false },
    );
    await eventually(
      `${lost} is gone`,
      async () => !(await cluster.api.list("v1", "Node")).some((node) => node.metadata.name === lost),
      { seconds: 90 },
    );
    report(`a node with a bound volume is drained and gone ${seconds(start)} after its NodeClaim is deleted`);
    const held = await eventually("the pod is made again", async () => {
      const again = await cluster.api.get<Pod>(pod);
      return again?.metadata.uid !== pod.metadata.uid && again;
    });
    const message = await refusalOf(cluster, held, "default-scheduler");
    report(`a claim that is bound to a lost node: "${message}"`);
    await pause(15);
    assert.equal((await cluster.api.get<Pod>(held))?.status.phase, "Pending", "it ran without its volume");
    const released = Date.now();
    const claim = claimOf(held);
    await cluster.api.delete(claim, { wait: false });
    const [next] = await eventually(
      "the pod runs elsewhere",
      async () => {
        const pods = await cluster.api.list<Pod>("v1", "Pod");
        const found = pods.filter(
          ({ metadata, status }) => metadata.name === pod.metadata.name && status.phase === "Running",
        );
        return found.length === 1 && found;
      },
      { seconds: 120 },
    );
    assert.ok(next);
    assert.notEqual(next.spec.nodeName, lost);
    assert.equal(await nodeOfVolume(cluster, next), next.spec.nodeName);
    report(
      `the pod runs on another disk ${seconds(released)} after its claim is deleted, ${seconds(start)} after the loss began`,
    );
  });
});

function kwokFlags({ kubeconfig }: ControlPlane): string[] {
  return [
    ...[`--kubeconfig=${kubeconfig}`, "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"],
    ...["--node-lease-duration-seconds=40", "--cidr=10.0.0.1/24"],
  ];
}

function objectOf(plan: Plan, name: string): KubernetesObject {
  const object = plan.objects[name];
  assert.ok(object, `the plan has no ${name}`);
  return object;
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
    { seconds: 180, every: 1 },
  );
}

/** A pod like the example's, with a claim of the class. */
async function pendingPod(
  cluster: ControlPlane,
  example: NonNullable<ReturnType<typeof statefulSetOf>>,
  storageClassName: string,
  spec = example.spec.template.spec,
): Promise<KubernetesObject> {
  const metadata = { name: `faulty-${storageClassName}`, labels: example.spec.template.metadata.labels };
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
  const event = await eventually(
    `an event of ${component} that says why ${metadata.name} waits`,
    async () =>
      (await cluster.api.list<Event>("v1", "Event")).find(
        ({ involvedObject, reason, source, reportingComponent, metadata: { creationTimestamp = "" } }) =>
          involvedObject.name === metadata.name &&
          reason === "FailedScheduling" &&
          (source?.component ?? reportingComponent) === component &&
          creationTimestamp >= (metadata.creationTimestamp ?? ""),
      ),
    { seconds: 60 },
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
  return volume?.spec.nodeAffinity.required.nodeSelectorTerms[0]?.matchExpressions[0]?.values[0];
}

function claimOfNode(node: string, claims: KubernetesObject[]): KubernetesObject {
  const found = claims.find(({ status }) => (status as { nodeName?: string } | undefined)?.nodeName === node);
  assert.ok(found, `no NodeClaim has made ${node}`);
  return found;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
