import assert from "node:assert/strict";
import { startWithKarpenterKinds } from "./support/cluster";
import { report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { stopsAfter } from "./support/process";
import { objectsOf, planSettings } from "./support/variants";

/** As in `examples/existing-karpenter.ts`. */
const settings = {
  existingCluster: { name: "prod" },
  existingKarpenter: { nodeRole: "KarpenterNodeRole-prod" },
  bottlerocket: { version: "1.66.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
};

const autoscaler = { name: "cluster-autoscaler", namespace: "kube-system" };
const pod = { app: "cluster-autoscaler" };

/** What the owner of a cluster has in it: a pool of Karpenter, StorageClasses, and a second autoscaler. */
const theirs: KubernetesObject[] = [
  {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name: "default" },
    spec: {
      role: "KarpenterNodeRole-prod",
      amiSelectorTerms: [{ alias: "al2023@latest" }],
      subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "prod" } }],
      securityGroupSelectorTerms: [{ tags: { "karpenter.sh/discovery": "prod" } }],
    },
  },
  {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "default" },
    spec: {
      template: {
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
          requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
        },
      },
      disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "1m" },
    },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "ebs.csi.aws.com",
    volumeBindingMode: "WaitForFirstConsumer",
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "local-nvme" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: autoscaler },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "cluster-autoscaler" },
    rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "update"] }],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "cluster-autoscaler" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-autoscaler" },
    subjects: [{ kind: "ServiceAccount", ...autoscaler }],
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: autoscaler,
    spec: {
      replicas: 0,
      selector: { matchLabels: pod },
      template: {
        metadata: { labels: pod },
        spec: { serviceAccountName: "cluster-autoscaler", containers: [{ name: "autoscaler", image: "example/a:1" }] },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "cluster-autoscaler-status", namespace: "kube-system" },
    data: { status: "ok" },
  },
];

describe("A chain in a cluster of somebody else", () => {
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  let ours: [key: string, object: KubernetesObject][];
  let untouched: string[];

  before(async () => {
    ours = [...objectsOf(await planSettings(settings))].map(([key, { object }]) => [key, object]);
    const first = ["Namespace", "ServiceAccount", "ClusterRole", "EC2NodeClass"];
    ours.sort(([, left], [, right]) => rank(left) - rank(right));
    cluster = await startWithKarpenterKinds(
      "existing",
      stopped,
      theirs.filter(({ kind }) => ["EC2NodeClass", "NodePool"].includes(kind)),
    );
    for (const object of theirs) await cluster.api.create(object);
    untouched = await stateOf(cluster);

    function rank({ kind }: KubernetesObject): number {
      return first.includes(kind) ? first.indexOf(kind) : first.length;
    }
  });

  it("makes objects of names that nobody has, and changes none that was there", async () => {
    assert.ok(ours.length >= 8, String(ours.length));
    for (const [, object] of ours) await cluster.api.create(object);
    assert.deepEqual(await stateOf(cluster), untouched);
    report(
      `examples/existing-karpenter.ts in a cluster with ${theirs.length} objects of its owner: ${ours.length} objects made, none of the owner's changed, by its deletion neither`,
    );
  });

  it("is refused, before anything of them is touched, where a StorageClass of that name exists", async () => {
    const [, own] = ours.find(([, { kind }]) => kind === "StorageClass")!;
    const taken = { ...own, metadata: { ...own.metadata, name: "local-nvme" } };
    await assert.rejects(cluster.api.create(taken), (error) => error instanceof Refusal && error.code === 409);
    assert.deepEqual(await stateOf(cluster), untouched);
  });

  it("takes nothing of them with it", async () => {
    for (const [, object] of ours.slice().reverse()) await cluster.api.delete(object, { wait: false });
    assert.deepEqual(await stateOf(cluster), untouched);
  });
});

/** Their objects as somebody last wrote them: what the server counts and what controllers report are left out. */
async function stateOf({ api }: ControlPlane): Promise<string[]> {
  return Promise.all(
    theirs.map(async (object) => {
      const { metadata, ...written } = (await api.get(object))!;
      const { uid, generation, labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
      const kept = { uid, generation, labels, ownerReferences, finalizers, deletionTimestamp };
      const own = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("deployment.kubernetes.io/"));
      return JSON.stringify({ ...written, status: undefined, ...kept, annotations: own });
    }),
  );
}
