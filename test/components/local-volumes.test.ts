import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { LocalVolumes } from "../../components";
import type { LocalVolumesArgs } from "../../components";
import { renderNodePool } from "../../components/manifests/node-pool";
import type { PoolSpec } from "../../components/manifests/pool";
import { all, childTypes, only, record, refuses } from "../support/record";

const classType = "kubernetes:storage.k8s.io/v1:StorageClass";
const releaseType = "kubernetes:helm.sh/v3:Release";
const program = (storageClasses: LocalVolumesArgs["storageClasses"]) => () => new LocalVolumes("v", { storageClasses });

interface Values {
  nodeSelector: Record<string, string>;
  classes: { name: string; hostDir: string }[];
}

describe("LocalVolumes", () => {
  it("makes per class a StorageClass and two releases of the provisioner, in a namespace for privileged pods", async () => {
    const graph = await record(program({ a: {}, b: { volumeMode: pulumi.output("Block" as const) } }));
    assert.deepEqual(childTypes(graph), [
      "kubernetes:core/v1:Namespace",
      ...Array<string>(4).fill(releaseType),
      ...Array<string>(2).fill(classType),
    ]);
    const { inputs, outputs } = only(graph, "kubernetes:core/v1:Namespace");
    const { labels } = inputs.metadata as { labels: object };
    assert.deepEqual(labels, { "pod-security.kubernetes.io/enforce": "privileged" });
    const { name } = outputs.metadata as { name: string };
    for (const release of all(graph, releaseType)) {
      const { chart, version, namespace, repositoryOpts } = release.inputs;
      assert.deepEqual([chart, version, namespace], ["local-static-provisioner", "2.9.0", name]);
      assert.deepEqual(repositoryOpts, {
        repo: "https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner",
      });
    }
    assert.deepEqual(
      all(graph, releaseType).map(({ name: release }) => release),
      ["v-a", "v-a-udev", "v-b", "v-b-udev"],
    );
  });

  it("offers each disk once: a node of any pool, now or before a change of discovery, runs one provisioner", async () => {
    const graph = await record(program({ a: {}, b: {} }));
    const values = all(graph, releaseType).map(({ inputs }) => inputs.values as Values);
    const pools: PoolSpec[] = ["a", "b"].flatMap((storageClass) => [
      { instanceTypes: ["c8gd.xlarge"], storageClass },
      { instanceTypes: ["c8gd.xlarge"], storageClass, discovery: "udev" as const },
    ]);
    for (const pool of pools) {
      const nodeLabels = renderNodePool(pool, "class").spec.template.metadata.labels as Record<string, string>;
      const running = values.filter(({ nodeSelector }) =>
        Object.entries(nodeSelector).every(([key, value]) => nodeLabels[key] === value),
      );
      assert.equal(running.length, 1, JSON.stringify(pool));
      const folder = pool.discovery === "udev" ? "/dev/disk/ephemeral" : "/mnt/fast-disks";
      assert.deepEqual(
        running[0]?.classes.map(({ name, hostDir }) => [name, hostDir]),
        [[pool.storageClass, folder]],
      );
    }
  });

  it("replaces a StorageClass where the API server would refuse the change, the old one first", async () => {
    const graph = await record(program({ a: {} }));
    const { replaceOnChanges, deleteBeforeReplace, inputs } = only(graph, classType);
    assert.equal(deleteBeforeReplace, true);
    assert.deepEqual(replaceOnChanges, ["reclaimPolicy", "volumeBindingMode", "provisioner", "parameters"]);
    assert.deepEqual(inputs.metadata, { name: "a" });
    assert.deepEqual(
      graph.resources.filter((resource) => resource.replaceOnChanges.length > 0).map(({ type }) => type),
      [classType],
    );
  });

  it("refuses a wrong class by its path", async () => {
    await refuses(
      program({ a: { namePattern: "/x" }, "1e3": {} }),
      /^v:\n {2}storageClasses\.1e3: name must not be what YAML reads.*\n {2}storageClasses\.a\.namePattern: must be globs/,
    );
  });
});
