import assert from "node:assert/strict";
import { changedResources } from "../../offline/change-table";
import { Effect } from "../../offline/effects";
import { stackValues } from "../support/record";
import { startWithKarpenterKinds } from "./support/cluster";
import { judge, report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import { eventually } from "./support/eventually";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { stopsAfter } from "./support/process";
import { prometheusKinds } from "./support/prometheus-operator";
import { objectsOf, planSettings } from "./support/variants";

const stack = "dev";

/** Every field of a StorageClass beside its name, with a value that it does not have. */
const storageClassFields: Record<string, unknown> = {
  provisioner: "example.com/other",
  parameters: { type: "other" },
  reclaimPolicy: "Retain",
  volumeBindingMode: "Immediate",
  allowVolumeExpansion: true,
  mountOptions: ["noatime"],
  allowedTopologies: [],
};

/** An object before and after the change of a setting. */
interface ChangedObject {
  what: string;
  before: KubernetesObject;
  after: KubernetesObject;
  replaced: boolean;
}

describe("Changes of a live stack", () => {
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  let planned: ReturnType<typeof objectsOf>;

  before(async () => {
    planned = objectsOf(await planSettings(stackValues(stack)));
    const objects = [...planned.values()].map(({ object }) => object);
    cluster = await startWithKarpenterKinds(
      "changes",
      stopped,
      objects.filter(({ kind }) => ["EC2NodeClass", "NodePool"].includes(kind)),
    );
    for (const definition of prometheusKinds()) await cluster.api.apply(definition);
  });

  it("are taken by the server exactly where docs/changes.md does not say that the object is replaced", async () => {
    const changes = await changedObjects();
    assert.ok(changes.length > 20, `only ${changes.length} changes to judge`);
    const namespaces = new Set(changes.flatMap(({ before }) => before.metadata.namespace ?? []));
    for (const name of namespaces) await cluster.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const wrong: string[] = [];
    for (const { what, before, after, replaced } of changes) {
      await eventually(`${before.kind} is served`, () => unlessUnknown(cluster.api.apply(before)));
      const refusal = await refusalOf(cluster, after);
      if (replaced && refusal === "") wrong.push(`${what}: is replaced, and the server takes it in place`);
      if (!replaced && refusal !== "") wrong.push(`${what}: is not replaced, and the server says: ${refusal}`);
    }
    assert.deepEqual(wrong, []);
    const replacements = changes.filter(({ replaced }) => replaced).length;
    assert.ok(replacements > 0, "no change replaces an object");
    report(
      `${changes.length} changes of objects by settings: ${changes.length - replacements} taken in place by the API server, ${replacements} refused and replaced`,
    );
  });

  it("replace a StorageClass for those fields that the server never changes, and no other object", async () => {
    for (const [key, { object, replaceOnChanges }] of planned) {
      if (object.kind !== "StorageClass") {
        assert.deepEqual(replaceOnChanges, [], key);
        continue;
      }
      await judge(stack, [key], "Kubernetes 1.35.4 API server, changed field by field", async () => {
        await cluster.api.apply(object);
        const stated = Object.keys(object).filter((field) => !["apiVersion", "kind", "metadata"].includes(field));
        for (const field of stated) assert.ok(field in storageClassFields, `${field}: no change of it is tried`);
        const refused: string[] = [];
        for (const [field, value] of Object.entries(storageClassFields))
          if ((await refusalOf(cluster, { ...object, [field]: value })) !== "") refused.push(field);
        assert.deepEqual(replaceOnChanges.slice().sort(), refused.sort());
      });
    }
  });
});

/** Nothing where the server does not serve the kind yet. */
async function unlessUnknown<T>(applied: Promise<T>): Promise<T | undefined> {
  try {
    return await applied;
  } catch (error) {
    if (error instanceof Refusal && error.code === 404) return undefined;
    throw error;
  }
}

/** Each object under a name of its own, so that no change meets another's. */
async function changedObjects(): Promise<ChangedObject[]> {
  const found = new Map<string, ChangedObject>();
  for (const { setting, key, effect, before, after } of await changedResources()) {
    if (!key.startsWith("kubernetes:") || typeof before.kind !== "string" || before.apiVersion === undefined) continue;
    // In another namespace it is another object, which no server takes for the same.
    if (namespaceOf(before) !== namespaceOf(after)) continue;
    const what = `${setting}: ${key}`;
    const identity = `${key}${JSON.stringify([before, after])}`;
    const known = found.get(identity);
    const name = `change-${found.size}`;
    found.set(identity, {
      what: known?.what ?? what,
      before: known?.before ?? named(before, name),
      after: known?.after ?? named(after, name),
      replaced: (known?.replaced ?? false) || effect === Effect.replaced,
    });
  }
  return [...found.values()];
}

function namespaceOf(inputs: Record<string, unknown>): string | undefined {
  return (inputs as Partial<KubernetesObject>).metadata?.namespace;
}

function named(inputs: Record<string, unknown>, name: string): KubernetesObject {
  const object = structuredClone(inputs) as KubernetesObject;
  return { ...object, metadata: { ...object.metadata, name } };
}

/** What the server says against an object in the place of the one that it has; nothing where it takes it. */
async function refusalOf(cluster: ControlPlane, object: KubernetesObject): Promise<string> {
  try {
    await cluster.api.apply(object, { dryRun: true });
    return "";
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
