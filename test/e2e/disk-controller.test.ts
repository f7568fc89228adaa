import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { startControlPlane } from "./support/control-plane";
import type { ControlPlane } from "./support/control-plane";
import {
  bundleDiskController,
  createDiskControllerAccount,
  diskClaim,
  diskNode,
  diskPod,
  diskVolume,
  mayDiskController,
  namespace,
  rules,
  startDiskController,
} from "./support/disk-controller";
import type { DiskController, Rule, Rules } from "./support/disk-controller";
import { karpenterChart, renderChart } from "./support/helm";
import { eventually, pause } from "./support/eventually";
import type { KubernetesObject } from "./support/kubernetes-api";
import { stopsAfter } from "./support/process";

const resource = "eks-fast-disks/disk";
const taint = "eks-fast-disks/disks-taken";
type Quantities = Record<string, string | undefined>;
interface Node extends KubernetesObject {
  spec: { taints?: { key: string }[] };
  status: { capacity?: Quantities; allocatable?: Quantities };
}
interface Claim extends KubernetesObject {
  status: { phase: string };
}
interface Lease extends KubernetesObject {
  spec: { holderIdentity?: string; renewTime?: string };
}
const leaseObject = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "eks-fast-disks-controller", namespace },
};

describe("The disk controller", () => {
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  let token: string;
  let controller: DiskController | undefined;
  let started = 0;

  before(async () => {
    await bundleDiskController();
    cluster = stopped(await startControlPlane("disk-controller"));
    await cluster.api.apply({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "fast-disks" },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    token = await createDiskControllerAccount(cluster);
  });
  afterEach(async () => {
    await controller?.terminate();
    controller = undefined;
    for (const kind of ["Pod", "PersistentVolumeClaim", "PersistentVolume", "Node"])
      // The controller manager may add a finalizer again: an object that only seems to be gone would be changed by the next test.
      await eventually(`no ${kind} is left`, async () => {
        const left = await cluster.api.list("v1", kind);
        for (const object of left) {
          await cluster.api.patch(object, { metadata: { finalizers: null } }).catch(() => undefined);
          await cluster.api.send("DELETE", pathOf(object), { gracePeriodSeconds: 0 }).catch((error: unknown) => error);
        }
        return left.length === 0;
      });
  });

  const start = async (...flags: string[]) => {
    started += 1;
    const replica = stopped(await startDiskController(`disk-controller-${started}`, cluster, token, flags));
    controller = replica;
    return replica;
  };
  const nodeIs = (name: string, rule: (node: Node) => boolean, what: string) =>
    eventually(`${name} ${what}`, async () => {
      const node = await cluster.api.get<Node>(diskNode(name));
      return node && rule(node) && node;
    });
  const advertises = (name: string, number: string | undefined) =>
    nodeIs(
      name,
      ({ status }) => status.capacity?.[resource] === number && status.allocatable?.[resource] === number,
      `advertises ${number ?? "nothing"}`,
    );
  const isTainted = ({ spec }: Node) => (spec.taints ?? []).some(({ key }) => key === taint);
  const tainted = (name: string) => nodeIs(name, isTainted, "is tainted");
  const open = (name: string) => nodeIs(name, (node) => !isTainted(node), "is not tainted");
  const bound = (name: string) =>
    eventually(`${name} is bound`, async () => {
      const claim = await cluster.api.get<Claim>(diskClaim(name, ""));
      return claim?.status.phase === "Bound" && claim.metadata.uid;
    });
  const make = async (...objects: KubernetesObject[]) => {
    for (const object of objects) await cluster.api.apply(object);
  };
  const remove = async (object: KubernetesObject) => {
    await cluster.api.send("DELETE", pathOf(object), { gracePeriodSeconds: 0 });
  };

  describe("with --capacity=counted", () => {
    it("advertises the disks that are free or whose pod requests one", async () => {
      await make(diskNode("one"), diskVolume("one-a", "one"), diskVolume("one-b", "one"), diskVolume("one-c", "one"));
      await start("--capacity=counted");
      await advertises("one", "3");
      // A claim without a pod, one with a pod that does not request, one with a pod that does.
      await make(diskClaim("idle", "one-a"));
      await advertises("one", "2");
      await make(diskClaim("silent", "one-b"), diskPod("silent", "silent"));
      await advertises("one", "1");
      await make(diskPod("back", "idle", { requests: 1 }));
      await advertises("one", "2");
      assert.ok(!isTainted(await advertises("one", "2")));
    });

    it("writes the number again after kubelet has zeroed it, and touches nothing else", async () => {
      await make(diskNode("one"), diskVolume("one-a", "one"));
      await cluster.api.patch(diskNode("one"), { status: { capacity: { cpu: "4" } } }, { subresource: "status" });
      await start("--capacity=counted");
      await advertises("one", "1");
      const zero = { capacity: { [resource]: "0" }, allocatable: { [resource]: "0" } };
      await cluster.api.patch(diskNode("one"), { status: zero }, { subresource: "status" });
      const { status } = await advertises("one", "1");
      assert.equal(status.capacity?.cpu, "4");
    });

    it("says nothing of a node without volumes, or with those of another class", async () => {
      await make(diskNode("bare"), diskNode("other"), diskVolume("other-a", "other", "slow"));
      await make(diskNode("one"), diskVolume("one-a", "one"));
      await start("--capacity=counted");
      await advertises("one", "1");
      await advertises("bare", undefined);
      await advertises("other", undefined);
    });
  });

  describe("with --capacity=exclusive", () => {
    it("taints a node whose disks are taken without a pod, until the pod or a disk is back", async () => {
      await make(diskNode("one"), diskNode("bare"), diskVolume("one-a", "one"), diskClaim("idle", "one-a"));
      await start();
      await tainted("one");
      // Pending, since this very taint keeps it away.
      await make(diskPod("back", "idle"));
      await open("one");
      await remove(diskPod("back", "idle"));
      await tainted("one");
      // A free disk beside it helps nobody: the claim's pod could not come back beside another consumer.
      await make(diskVolume("one-b", "one"));
      await pause(1);
      await tainted("one");
      await cluster.api.delete(diskClaim("idle", "one-a"));
      await open("one");
      await open("bare");
    });

    it("adds its taint beside one that somebody else adds at the same time", async () => {
      const nodes = Array.from({ length: 20 }, (_, index) => `raced-${index}`);
      for (const name of nodes) await make(diskNode(name), diskVolume(name, name), diskClaim(name, name));
      await start();
      for (const name of nodes)
        await cluster.api.patch(diskNode(name), { spec: { taints: [{ key: "other", effect: "NoSchedule" }] } });
      for (const name of nodes) {
        const { spec } = await tainted(name);
        assert.ok(
          spec.taints?.some(({ key }) => key === "other"),
          name,
        );
      }
    });
  });

  it("takes its own back when the mode changes, and nothing of anybody else", async () => {
    await make(diskNode("one"), diskVolume("one-a", "one"), diskClaim("idle", "one-a"));
    await make(diskNode("foreign"), diskVolume("foreign-a", "foreign"));
    const volume = await bound("idle");
    const foreign = { capacity: { [resource]: "7" }, allocatable: { [resource]: "7" } };
    const exclusive = await start();
    await tainted("one");
    await exclusive.terminate();
    const counted = await start("--capacity=counted");
    await open("one");
    await advertises("one", "0");
    await advertises("foreign", "1");
    await counted.terminate();
    await cluster.api.patch(diskNode("foreign"), { status: foreign }, { subresource: "status" });
    await start("--capacity=exclusive");
    await tainted("one");
    await advertises("one", undefined);
    await pause(1);
    await advertises("foreign", "7");
    assert.equal(await bound("idle"), volume);
  });

  it("lets one of two replicas write, and the other as soon as the first ends", async () => {
    await make(diskNode("one"), diskVolume("one-a", "one"));
    const holder = async () => (await cluster.api.get<Lease>(leaseObject))?.spec.holderIdentity ?? "";
    const first = await start("--capacity=counted");
    await advertises("one", "1");
    const before = await holder();
    const second = await start("--capacity=counted");
    await eventually("the second replica is ready", second.ready);
    assert.equal(await holder(), before);
    assert.match(await second.metrics(), /_leader 0/);
    await first.terminate();
    assert.notEqual(await holder(), before);
    assert.match(readFileSync(first.log, "utf8"), /"message":"stopped"/);
    await eventually("the second replica holds the Lease", async () => (await holder()) !== "");
    await make(diskVolume("one-b", "one"));
    await advertises("one", "2");
    // Without a word, as when its machine is gone.
    await second.stop();
    await start("--capacity=counted");
    await make(diskVolume("one-c", "one"));
    await advertises("one", "3");
  });

  it("deletes the pods of a lost node that hold a disk, once nothing says that it lives", async () => {
    const lost = diskNode("lost", { "karpenter.sh/nodepool": "pool" });
    await make(lost, diskNode("one"));
    await make(
      diskVolume("lost-a", "lost"),
      diskClaim("held", "lost-a"),
      diskVolume("one-a", "one"),
      diskClaim("kept", "one-a"),
    );
    const pods = [diskPod("held", "held", { nodeName: "lost" }), diskPod("kept", "kept", { nodeName: "one" })];
    await make(...pods, diskPod("other", "elsewhere", { nodeName: "lost" }));
    await start("--pod-deletion=2s");
    await eventually("it is ready", () => controller?.ready() ?? Promise.resolve(false));
    await remove(lost);
    await eventually("the pod is gone", async () => (await cluster.api.get(diskPod("held", "held"))) === undefined);
    assert.ok(await cluster.api.get(diskPod("kept", "kept")));
    assert.ok(await cluster.api.get(diskPod("other", "elsewhere")));
  });

  it("leaves the pods of a lost node alone while a NodeClaim has it", async () => {
    await createNodeClaimKind(cluster);
    const lost = diskNode("lost", { "karpenter.sh/nodepool": "pool" });
    await make(lost, diskVolume("lost-a", "lost"), diskClaim("held", "lost-a"));
    const [pod, claim] = [diskPod("held", "held", { nodeName: "lost" }), nodeClaimOf("pool-1")];
    await make(pod, claim);
    await cluster.api.patch(claim, { status: { nodeName: "lost" } }, { subresource: "status" });
    await start("--pod-deletion=0s");
    await eventually("it is ready", () => controller?.ready() ?? Promise.resolve(false));
    await remove(lost);
    await pause(5);
    assert.ok(await cluster.api.get(pod));
    await cluster.api.delete(claim);
    await eventually("the pod is gone", async () => (await cluster.api.get(pod)) === undefined);
  });

  it("deletes a pod that waits for a claim which is gone, if its StatefulSet makes it again", async () => {
    await make(diskClaim("ours", "absent"), diskClaim("foreign", "absent", "slow"));
    for (const [name, claim, owned] of [
      ["with-claim", "ours", true],
      ["with-foreign-claim", "foreign", true],
      ["not-made-again", "gone", false],
      ["without-claim", "gone", true],
    ] as const)
      await make(waitingPod(name, claim, { owned }));
    await start();
    await eventually(
      "the pod is gone",
      async () => (await cluster.api.get(diskPod("without-claim", ""))) === undefined,
    );
    // The others are looked at in the same pass.
    for (const name of ["with-claim", "with-foreign-claim", "not-made-again"])
      assert.ok(await cluster.api.get(diskPod(name, "")), name);
  });

  it("says which disks are missing, and which claims are on nodes that are gone", async () => {
    const node = diskNode("one", { "karpenter.k8s.aws/instance-local-nvme": "200" });
    await make(node, diskVolume("one-a", "one"), diskClaim("held", "one-a"));
    const replica = await start("--pod-deletion=off");
    const says = (line: string) => eventually(line, async () => (await replica.metrics()).split("\n").includes(line));
    await says('fast_disks_controller_node_missing_bytes{node="one",storage_class="fast-disks"} 100000000000');
    await says("fast_disks_controller_claim_on_lost_node 0");
    await remove(node);
    await says('fast_disks_controller_claim_on_lost_node{claim="default/held"} 1');
    await says("fast_disks_controller_node_missing_bytes 0");
  });

  describe("with its permissions", () => {
    const all = [
      ...rules.cluster.flatMap((rule) => verbsOf(rule).map((it) => ({ ...it, part: "cluster" as const }))),
      ...rules.namespace.flatMap((rule) => verbsOf(rule).map((it) => ({ ...it, part: "namespace" as const }))),
    ];
    before(() => createNodeClaimKind(cluster));
    after(() => createDiskControllerAccount(cluster));

    for (const { part, group, resource: denied, verb } of all)
      it(`needs ${verb} on ${denied}`, async () => {
        const without: Rules = { ...rules, [part]: withoutVerb(rules[part], denied, verb) };
        await createDiskControllerAccount(cluster, without);
        for (const rule of all)
          await eventually(`the server has read the rule of ${rule.verb} on ${rule.resource}`, async () => {
            const allowed = await mayDiskController(cluster, rule.verb, rule);
            return allowed !== (rule.verb === verb && rule.resource === denied);
          });
        // A Lease that is not there yet.
        await cluster.api.send("DELETE", leasePath).catch(() => undefined);
        await make(diskNode("one"), diskVolume("one-a", "one"), diskClaim("idle", "one-a"));
        await make(diskVolume("lost-a", "lost"), diskClaim("held", "lost-a"));
        await make(diskPod("held", "held", { nodeName: "lost" }));
        await make(waitingPod("without-claim", "gone"));
        const capacity = denied === "nodes/status" ? "counted" : "exclusive";
        const replica = await start(`--capacity=${capacity}`, "--pod-deletion=0s");
        const [kind = "", subresource = ""] = denied.split("/");
        // The client says of a watch only that it is forbidden.
        const words =
          verb === "watch"
            ? `"${kind}: watch failed, [^"]*","error":"Forbidden"`
            : `cannot ${verb} resource [^ ]*${kind}${subresource && `/${subresource}`}[^ ]* in API group [^ ]*${group}`;
        await eventually(`${verb} on ${denied} is refused`, () =>
          Promise.resolve(new RegExp(words).test(readFileSync(replica.log, "utf8"))),
        );
      });
  });
});

async function createNodeClaimKind({ api }: ControlPlane): Promise<void> {
  const chart = karpenterChart("karpenter-crd");
  for (const crd of await renderChart(chart, { name: "crds", chart, version: "", namespace: "default" }))
    if (crd.metadata.name === "nodeclaims.karpenter.sh") await api.apply(crd);
  await eventually("the server takes NodeClaims", () => api.apply(nodeClaimOf("tried"), { dryRun: true }));
}

function nodeClaimOf(name: string): KubernetesObject {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: { name },
    spec: {
      nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
      requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["arm64"] }],
    },
  };
}

/** A pod that waits for a node of the class. Its StatefulSet is of a group that the server lacks: nobody else looks at it. */
function waitingPod(name: string, claim: string, { owned = true } = {}): KubernetesObject {
  const owner = { apiVersion: "apps.example/v1", kind: "StatefulSet", name: "owner", uid: "owner", controller: true };
  const pod = diskPod(name, claim);
  return {
    ...pod,
    metadata: { ...pod.metadata, ownerReferences: owned ? [owner] : [] },
    spec: { ...(pod.spec as object), nodeSelector: { "eks-fast-disks/class": "fast-disks" } },
  };
}

const leasePath = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/eks-fast-disks-controller`;

function verbsOf({ apiGroups: [group = ""], resources, verbs }: Rule) {
  return resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })));
}

function withoutVerb(allowed: Rule[], denied: string, verb: string): Rule[] {
  return allowed.flatMap((rule) =>
    rule.resources
      .map((resource) => ({
        ...rule,
        resources: [resource],
        verbs: rule.verbs.filter((it) => resource !== denied || it !== verb),
      }))
      .filter(({ verbs }) => verbs.length > 0),
  );
}

function pathOf({ kind, metadata }: KubernetesObject): string {
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `/api/v1${within}/${kind.toLowerCase()}s/${metadata.name}`;
}
