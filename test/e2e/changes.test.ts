import assert from "node:assert/strict";
import { cleanupTimesSchema } from "../../components/manifests/node-cleanup";
import { poolSchema } from "../../components/manifests/pool";
import { storageClassSchema } from "../../components/manifests/storage-class";
import { stackValues } from "../support/record";
import { startWithKarpenterKinds } from "./support/cluster";
import { judge, report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { stopsAfter } from "./support/process";
import { withValue } from "./support/settings";
import type { Values } from "./support/settings";
import { objectsOf, planSettings } from "./support/variants";

const stack = "dev";
const pool = "pools/fast";
const storageClass = "storageClasses/fast-disks";
const types = { requirements: undefined, instanceTypes: ["c8gd.xlarge", "c8gd.2xlarge"] };

/** Paths of settings to what they are changed to; an object's keys are changed together. */
const changes: Record<string, unknown> = {
  [`${pool}/requirements/2/values`]: ["4"],
  [`${pool}/instanceTypes`]: types,
  [`${pool}/capacityTypes`]: ["spot", "on-demand"],
  [`${pool}/limits`]: { cpu: "50" },
  [`${pool}/storageClass`]: "other",
  [`${pool}/labels`]: { team: "search" },
  [`${pool}/taint`]: false,
  [`${pool}/consolidateAfter`]: "10m",
  [`${pool}/expireAfter`]: "720h",
  [`${pool}/terminationGracePeriod`]: "1h",
  [`${pool}/onDrift`]: "hold",
  [`${pool}/discovery`]: "udev",
  [`${pool}/onMissing`]: "continue",
  [`${pool}/instanceProfile`]: "nodes",
  [`${pool}/rootVolumeGiB`]: 10,
  [`${pool}/dataVolumeGiB`]: 50,
  [`${pool}/bottlerocket`]: { kernel: { sysctl: { "vm.max_map_count": "262144" } } },
  [`${storageClass}/reclaimPolicy`]: "Retain",
  [`${storageClass}/volumeMode`]: "Block",
  [`${storageClass}/fileSystem`]: "xfs",
  [`${storageClass}/mountOptions`]: ["noatime"],
  [`${storageClass}/namePattern`]: "nvme-*",
  [`${storageClass}/wipe`]: "zero",
  "nodeCleanup/claimDeletionDelay": "60s",
  "nodeCleanup/discoveryInterval": "5s",
  "bottlerocket/version": "1.67.0",
  "bottlerocket/settings/kernel": { lockdown: "integrity" },
  "bootImage/reference": `registry.example/boot@sha256:${"0".repeat(64)}`,
  "cluster/name": "other",
  "cluster/kubernetesVersion": "1.34",
  "karpenter/onMaintenance": "hold",
  "network/newVpc/zones": 2,
  tags: { environment: "other" },
};

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

describe("Changes of a live stack", () => {
  const stopped = stopsAfter();
  const values = stackValues(stack);
  let cluster: ControlPlane;
  let live: ReturnType<typeof objectsOf>;

  before(async () => {
    live = objectsOf(await planSettings(values));
    const objects = [...live.values()].map(({ object }) => object);
    cluster = await startWithKarpenterKinds(
      "changes",
      stopped,
      objects.filter(({ metadata }) => metadata.namespace === undefined),
    );
    const namespaces = objects.filter(({ kind }) => kind === "Namespace");
    for (const object of [...namespaces, ...objects]) await cluster.api.apply(object);
  });

  it("are tried for every setting of pools, classes and the cleanup controller", () => {
    const settings = {
      [pool]: poolSchema.shape,
      [storageClass]: storageClassSchema.shape,
      nodeCleanup: cleanupTimesSchema.shape,
    };
    for (const [path, shape] of Object.entries(settings))
      for (const field of Object.keys(shape))
        assert.ok(
          Object.keys(changes).some((one) => `${one}/`.startsWith(`${path}/${field}/`)),
          `${path}/${field}: no change of it is tried`,
        );
  });

  for (const [path, value] of Object.entries(changes))
    it(`are accepted in place, or the object is replaced: ${path}`, async () => {
      const next = objectsOf(await planSettings(changed(values, path, value)));
      const accepted: string[] = [];
      const replaced: string[] = [];
      for (const [key, { object, replaceOnChanges }] of next) {
        const old = live.get(key)?.object;
        // An object under another name is another object, which Pulumi makes beside or in place of the old one.
        if (!old || old.metadata.name !== object.metadata.name) continue;
        const fields = changedFields(old, object);
        if (fields.length === 0) continue;
        const stated = fields.filter((field) => replaceOnChanges.includes(field));
        const refusal = await refusalOf(cluster, object);
        if (refusal === "") accepted.push(`${object.kind}.${fields.join()}`);
        else replaced.push(`${object.kind}.${fields.join()}`);
        assert.equal(
          stated.length > 0,
          refusal !== "",
          refusal === ""
            ? `${key}: ${stated.join()} could change in place, and is replaced`
            : `${key}: ${fields.join()} is not replaced, and the server says: ${refusal}`,
        );
      }
      report(`change of ${path}: in place ${list(accepted)}, replaced ${list(replaced)}`);
    });

  it("replace a StorageClass for exactly those fields that the server never changes", async () => {
    const classes = [...live].filter(([, { object }]) => object.kind === "StorageClass");
    assert.ok(classes.length > 0);
    for (const [key, { object, replaceOnChanges }] of classes)
      await judge(stack, [key], "Kubernetes 1.35.4 API server, changed field by field", async () => {
        const stated = Object.keys(object).filter((field) => !["apiVersion", "kind", "metadata"].includes(field));
        for (const field of stated) assert.ok(field in storageClassFields, `${field}: no change of it is tried`);
        const refused: string[] = [];
        for (const [field, value] of Object.entries(storageClassFields))
          if ((await refusalOf(cluster, { ...object, [field]: value })) !== "") refused.push(field);
        assert.deepEqual(replaceOnChanges.slice().sort(), refused.sort());
      });
  });
});

/** A change and what it needs beside it to be valid. */
function changed(values: Values, path: string, value: unknown): Values {
  if (value === types)
    return Object.entries(types).reduce((copy, [key, one]) => withValue(copy, `${pool}/${key}`, one), values);
  const copy = withValue(values, path, value);
  return path === `${pool}/storageClass` ? withValue(copy, "storageClasses", { other: { wipe: "discard" } }) : copy;
}

/** Fields that differ; those of a `spec` one by one. */
function changedFields(old: KubernetesObject, next: KubernetesObject): string[] {
  const fieldsOf = ({ spec, ...rest }: KubernetesObject): Record<string, unknown> => ({
    ...rest,
    ...Object.fromEntries(Object.entries(spec ?? {}).map(([key, value]) => [`spec.${key}`, value])),
  });
  const [left, right] = [fieldsOf(old), fieldsOf(next)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (key) => JSON.stringify(left[key]) !== JSON.stringify(right[key]),
  );
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

function list(fields: string[]): string {
  return fields.length === 0 ? "nothing" : fields.join(", ");
}
