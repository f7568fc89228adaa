import assert from "node:assert/strict";
import { judge } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import { startControlPlane } from "./support/control-plane";
import { rules } from "./support/disk-controller";
import type { Rule } from "./support/disk-controller";
import { readExamples, statefulSetOf, storageClassOf } from "./support/examples";
import { karpenterChart, renderChart } from "./support/helm";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { creationOrder, planOf, stacks } from "./support/plan";
import type { Plan } from "./support/plan";
import { eventually } from "./support/eventually";
import { stopsAfter } from "./support/process";

/** A chart that no registry here has; with a path to it the suite renders it too. */
const provisionerChart = process.env.LOCAL_STATIC_PROVISIONER_CHART;

/** The steps of an `up`, each one resource with its objects. */
async function stepsOf(plan: Plan): Promise<{ key: string; objects: KubernetesObject[] }[]> {
  const steps: { key: string; objects: KubernetesObject[] }[] = [];
  for (const { key, name, type } of creationOrder(plan)) {
    const release = type.endsWith(":Release") ? plan.releases[name] : undefined;
    const object = type.startsWith("kubernetes:") ? plan.objects[name] : undefined;
    if (release) {
      const folder = release.chart === "local-static-provisioner" ? provisionerChart : karpenterChart(release.chart);
      if (folder !== undefined) steps.push({ key, objects: await renderChart(folder, release) });
    } else if (object) steps.push({ key, objects: [object] });
  }
  return steps;
}

for (const stack of stacks)
  describe(`Kubernetes API server: ${stack}`, () => {
    const stopped = stopsAfter();
    let cluster: ControlPlane;
    let plan: Plan;
    let steps: { key: string; objects: KubernetesObject[] }[];
    before(async () => {
      plan = planOf(stack);
      steps = await stepsOf(plan);
      cluster = stopped(await startControlPlane(`kubernetes-${stack}`));
    });

    const versions = new Map<string, string>();
    const applyAll = async (each: (object: KubernetesObject, applied: KubernetesObject) => void) => {
      for (const { key, objects } of steps)
        await judge(stack, [key], "Kubernetes 1.35.4 API server, strict", async () => {
          for (const object of objects) each(object, await applyWhenServed(cluster, object));
        });
    };
    const idOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;

    it("accepts every object in the order in which Pulumi creates them", async () => {
      await applyAll((object, applied) => versions.set(idOf(object), versionOf(applied)));
      const kinds = new Set([...versions.keys()].map((id) => id.split("/")[0]));
      for (const kind of ["NodePool", "EC2NodeClass", "StorageClass", "Deployment", "CustomResourceDefinition"])
        assert.ok(kinds.has(kind), `no ${kind} was applied`);
    });

    it("changes nothing when they are applied again", async () => {
      await applyAll((object, applied) => {
        assert.equal(versionOf(applied), versions.get(idOf(object)), `${idOf(object)} changed`);
      });
    });

    it("refuses a misspelt field, a wrong type, an unknown kind and an old version", async () => {
      const [name] = Object.keys(plan.objects).filter((it) => it.endsWith("-pool"));
      const pool = plan.objects[name ?? ""];
      assert.ok(pool);
      const spec = pool.spec as Record<string, unknown>;
      const wrong = [
        { ...pool, spec: { ...spec, disruptions: {} } },
        { ...pool, spec: { ...spec, limits: [] } },
        { ...pool, kind: "NodePools" },
        { ...pool, apiVersion: "karpenter.sh/v1beta1" },
      ];
      for (const object of wrong) await assert.rejects(cluster.api.apply(object, { dryRun: true }), Refusal);
    });

    it("admits the cleanup controller's pod under the namespace's pod security and priority", async () => {
      const deployment = plan.objects["fast-disks-cleanup-controller"];
      assert.ok(deployment);
      const pod = await eventually("the Deployment's pod", async () =>
        (await cluster.api.list<KubernetesObject & { spec: { priority: number } }>("v1", "Pod")).find(
          ({ metadata }) => metadata.namespace === deployment.metadata.namespace,
        ),
      );
      assert.equal(pod.spec.priority, 2_000_000_000);
      const privileged = structuredClone(deployment) as KubernetesObject & {
        spec: { template: { metadata: object; spec: { containers: Record<string, unknown>[] } } };
      };
      const { template } = privileged.spec;
      for (const container of template.spec.containers) container.securityContext = { privileged: true };
      const { namespace = "" } = deployment.metadata;
      await assert.rejects(
        cluster.api.create({ apiVersion: "v1", kind: "Pod", ...template, metadata: { name: "x", namespace } }),
        /violates PodSecurity/,
      );
    });

    it("gives the disk controller what its program needs, and nothing else", async () => {
      const parts = ["role", "binding", "lease", "lease-binding"].map((part) => `fast-disks-disk-controller-${part}`);
      await judge(stack, parts, "Kubernetes RBAC", async () => {
        const rulesOf = (part: string) => (plan.objects[part] as KubernetesObject & { rules: Rule[] }).rules;
        const [role = "", , lease = ""] = parts;
        assert.deepEqual({ cluster: rulesOf(role), namespace: rulesOf(lease) }, rules);
        const account = plan.objects["fast-disks-disk-controller-account"];
        assert.ok(account);
        const { name, namespace = "" } = account.metadata;
        const { status } = await cluster.api.send<{ status: { token: string } }>(
          "POST",
          `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
          { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
        );
        const controller = cluster.api.as(status.token);
        await controller.list("v1", "Node");
        const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
        const own = {
          apiVersion: "coordination.k8s.io/v1",
          kind: "Lease",
          metadata: { name: "eks-fast-disks-controller" },
        };
        await controller.send("POST", path, own);
        await controller.send("GET", `${path}/eks-fast-disks-controller`);
        await assert.rejects(controller.send("GET", `${path}/other`), /forbidden/);
        await assert.rejects(controller.send("POST", path.replace(namespace, "default"), own), /forbidden/);
        await assert.rejects(controller.list("v1", "Secret"), /forbidden/);
      });
    });

    it("gives the cleanup controller what it needs, and nothing else", async () => {
      await judge(stack, ["fast-disks-cleanup-role", "fast-disks-cleanup-binding"], "Kubernetes RBAC", async () => {
        const account = plan.objects["fast-disks-cleanup-account"];
        assert.ok(account);
        const { name, namespace = "" } = account.metadata;
        const { status } = await cluster.api.send<{ status: { token: string } }>(
          "POST",
          `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
          { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
        );
        const controller = cluster.api.as(status.token);
        const allowed: string[] = [];
        for (const [resource, verbs] of Object.entries(await cluster.api.resources()))
          for (const verb of verbs) if (await canI(controller, verb, resource)) allowed.push(`${verb} ${resource}`);
        // What every authenticated user may ask about himself.
        const everybody = allowed.filter((it) => /(selfsubject|authentication)/.test(it));
        assert.deepEqual(
          allowed.filter((it) => !everybody.includes(it)).sort(),
          [
            ...["create", "patch"].map((verb) => `${verb} /events`),
            ...["delete", "list", "watch"].flatMap((verb) => [
              `${verb} /persistentvolumeclaims`,
              `${verb} /persistentvolumes`,
            ]),
            ...["list", "watch"].map((verb) => `${verb} /nodes`),
          ].sort(),
        );
        await controller.list("v1", "Node");
        await assert.rejects(controller.list("v1", "Secret"), /forbidden/);
      });
    });

    it("accepts the examples, which place their pods as the plan says", async () => {
      let placed = 0;
      for (const [file, objects] of Object.entries(readExamples())) {
        for (const object of objects) await cluster.api.apply(object, { dryRun: true });
        const example = statefulSetOf(objects);
        const placement = plan.outputs.placements[storageClassOf(example)];
        if (!example || !placement) continue;
        const { metadata, spec } = example.spec.template;
        for (const [key, value] of Object.entries(placement.labels)) assert.equal(metadata.labels[key], value, file);
        for (const [field, value] of Object.entries(placement.spec)) assert.deepEqual(spec[field], value, file);
        placed += 1;
      }
      assert.ok(placed >= Object.keys(plan.outputs.placements).length, "a class of the stack has no example");
    });

    it("deletes everything in Pulumi's reverse order and is empty of it", async () => {
      for (const { objects } of steps.slice().reverse())
        for (const object of objects.slice().reverse()) await cluster.api.delete(object);
      for (const { objects } of steps)
        for (const object of objects) assert.equal(await goneOf(cluster, object), true, `${idOf(object)} is left`);
      const namespaces = (await cluster.api.list("v1", "Namespace")).map(({ metadata }) => metadata.name).sort();
      assert.deepEqual(namespaces, ["default", "kube-node-lease", "kube-public", "kube-system"]);
    });
  });

/** Changes with what we state, and not with what controllers write into the status. */
function versionOf({ metadata }: KubernetesObject): string {
  return metadata.generation === undefined
    ? `resource ${metadata.resourceVersion ?? ""}`
    : `spec ${metadata.generation}`;
}

/** A new kind is served a moment after its definition was taken. */
async function applyWhenServed(cluster: ControlPlane, object: KubernetesObject): Promise<KubernetesObject> {
  const answer = await eventually(`${object.kind} is served`, async () => {
    try {
      return await cluster.api.apply(object);
    } catch (error) {
      if (error instanceof Refusal && error.code !== 404) return error;
      throw error;
    }
  });
  if (answer instanceof Refusal) throw answer;
  return answer;
}

async function canI(api: ControlPlane["api"], verb: string, path: string): Promise<boolean> {
  const [group = "", resource = ""] = path.split(/\/(.*)/);
  const [name, subresource] = resource.split("/");
  const { status } = (await api.send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, group, resource: name, ...(subresource && { subresource }) } },
  })) as unknown as { status: { allowed: boolean } };
  return status.allowed;
}

async function goneOf(cluster: ControlPlane, object: KubernetesObject): Promise<boolean> {
  try {
    return (await cluster.api.get(object)) === undefined;
  } catch (error) {
    return error instanceof Refusal && error.code === 404;
  }
}
