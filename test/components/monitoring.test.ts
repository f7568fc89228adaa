import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { DiskController, FastDisks, LocalVolumes, Monitoring, NodeCleanup } from "../../components";
import type { FastDisksArgs, MonitoringArgs } from "../../components";
import { validateFastDisksArgs } from "../../components/manifests/fast-disks";
import { all, childTypes, only, outputOf, record, refuses, settingsOf } from "../support/record";

const crd = "kubernetes:monitoring.coreos.com/v1";
const storageClasses = { a: {} };
const program =
  (own: Partial<MonitoringArgs> = {}) =>
  () =>
    new Monitoring("m", { storageClasses, ...own });
interface Metadata {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
const metadataOf = ({ inputs }: { inputs: Record<string, unknown> }) => inputs.metadata as Metadata;

describe("Monitoring", () => {
  it("makes rules and a dashboard, and a monitor of each part that is there", async () => {
    assert.deepEqual(childTypes(await record(program())), [
      "kubernetes:core/v1:ConfigMap",
      "kubernetes:core/v1:Namespace",
      `${crd}:PrometheusRule`,
    ]);
    const graph = await record(
      program({
        localVolumesNamespace: "volumes",
        nodeCleanupNamespace: "cleanup",
        diskControllerNamespace: "controller",
        karpenterNamespace: "kube-system",
      }),
    );
    const monitors = all(graph, `${crd}:ServiceMonitor`).map(({ inputs }) => {
      const { namespaceSelector, selector } = inputs.spec as {
        namespaceSelector: { matchNames: string[] };
        selector: { matchLabels: Record<string, string> };
      };
      return [selector.matchLabels["app.kubernetes.io/name"], ...namespaceSelector.matchNames];
    });
    assert.deepEqual(monitors.sort(), [
      ["disk-controller", "controller"],
      ["karpenter", "kube-system"],
      ["local-static-provisioner", "volumes"],
      ["node-cleanup", "cleanup"],
    ]);
  });

  it("does not wait for pods of the provisioner, which there may be none of", async () => {
    const graph = await record(program({ localVolumesNamespace: "volumes" }));
    const { namespace, annotations } = metadataOf(only(graph, "kubernetes:core/v1:Service"));
    assert.deepEqual([namespace, annotations], ["volumes", { "pulumi.com/skipAwait": "true" }]);
  });

  it("puts them where the operator looks, with the labels that it looks for, all from Outputs", async () => {
    const graph = await record(
      program({
        namespace: pulumi.output("monitoring"),
        labels: pulumi.output({ release: "p" }),
        nodePools: [pulumi.output("pool-a")],
        localVolumesNamespace: pulumi.output("volumes"),
        dashboardLabel: pulumi.output("board"),
      }),
    );
    assert.deepEqual(all(graph, "kubernetes:core/v1:Namespace"), []);
    for (const kind of ["PrometheusRule", "ServiceMonitor"]) {
      const { namespace, labels } = metadataOf(only(graph, `${crd}:${kind}`));
      assert.deepEqual([namespace, labels], ["monitoring", { release: "p" }], kind);
    }
    const dashboard = only(graph, "kubernetes:core/v1:ConfigMap");
    assert.deepEqual(metadataOf(dashboard).labels, { release: "p", board: "1" });
    assert.deepEqual(Object.keys(dashboard.inputs.data as object), ["m.json"]);
    assert.match(JSON.stringify(only(graph, `${crd}:PrometheusRule`).inputs.spec), /pool-a/);
  });

  it("refuses labels that are none, at once or when an Output is known", async () => {
    const message = /m:\n {2}labels\.a: must be a Kubernetes label/;
    await refuses(program({ labels: { a: "b c" } }), message);
    await refuses(program({ labels: pulumi.output({ a: "b c" }) }), message);
  });

  it("finds its parts by their namespaces", async () => {
    const namespaces = await outputOf(() =>
      pulumi.all([
        new LocalVolumes("v", { storageClasses }).namespace,
        new NodeCleanup("c", { storageClasses: ["a"] }).namespace,
        new DiskController("d", { storageClasses: ["a"] }).namespace,
      ]),
    );
    for (const namespace of namespaces) assert.match(namespace, /^[vcd]-namespace-/);
  });
});

describe("FastDisks with monitoring", () => {
  const of = (own: Partial<FastDisksArgs>) => record(() => new FastDisks("fd", { ...settingsOf("prod"), ...own }));

  it("makes nothing of it unless it is asked", async () => {
    const { resources } = await of({ monitoring: false });
    assert.ok(!resources.some(({ type }) => type.startsWith(crd) || type.endsWith(":Monitoring")));
  });

  it("watches all parts, and each pool by the name that it got", async () => {
    const graph = await of({ monitoring: true, prometheus: { labels: { release: "p" } } });
    assert.equal(all(graph, `${crd}:ServiceMonitor`).length, 4);
    const rule = only(graph, `${crd}:PrometheusRule`);
    assert.deepEqual(metadataOf(rule).labels, { release: "p" });
    const pools = all(graph, "kubernetes:karpenter.sh/v1:NodePool").map(
      ({ outputs }) => (outputs.metadata as Metadata).name,
    );
    assert.ok(JSON.stringify(rule.inputs).includes(pools.join("|")), pools.join("|"));
  });

  it("does not read a Karpenter twice that somebody else runs", async () => {
    const settings: FastDisksArgs = {
      existingCluster: { name: "dev" },
      existingKarpenter: { nodeRole: "KarpenterNodeRole-dev" },
      bottlerocket: { version: "1.66.0" },
      pools: { fast: { instanceTypes: ["c8gd.xlarge"] } },
      monitoring: true,
    };
    assert.equal(all(await record(() => new FastDisks("fd", settings)), `${crd}:ServiceMonitor`).length, 3);
  });

  it("refuses labels for what is not made", () => {
    const errors = validateFastDisksArgs({ ...settingsOf("prod"), prometheus: { labels: { a: "b" } } });
    assert.deepEqual(errors, ["prometheus: has no effect without monitoring; set monitoring: true, or leave it out"]);
    const nested = validateFastDisksArgs({ ...settingsOf("prod"), monitoring: true, prometheus: { label: {} } });
    assert.deepEqual(nested, ['prometheus.label: no such setting; did you mean "labels"?']);
  });
});
