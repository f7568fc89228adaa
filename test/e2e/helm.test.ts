import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "./support/conformance";
import { chartValues, karpenterChart, renderChart, unknownValues } from "./support/helm";
import { planOf, stacks } from "./support/plan";
import type { Plan, Release } from "./support/plan";
import { root } from "./support/process";

/** The keys that the provisioner's chart reads; the registries of this suite do not have the chart. */
const provisioner = JSON.parse(
  readFileSync(join(root, "test", "data", "local-static-provisioner-2.9.0.json"), "utf8"),
) as { version: string; values: Record<string, unknown>; class: Record<string, unknown>; cleaners: string[] };

interface Deployment {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        serviceAccountName: string;
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              topologyKey: string;
              labelSelector: { matchLabels: Record<string, string> };
            }[];
          };
        };
        containers: { env: { name: string; value?: string }[]; resources: object }[];
      };
    };
  };
}

describe("helm", () => {
  for (const stack of stacks) {
    it(`finds every value of ${stack} in Karpenter's own charts`, async () => {
      const plan = planOf(stack);
      for (const [name, release] of releasesOf(plan, "karpenter"))
        await judge(stack, [releaseKey(name)], "Karpenter 1.14.0 charts' own values", () => {
          assert.deepEqual(unknownValues(release.values ?? {}, chartValues(karpenterChart(release.chart))), []);
        });
    });

    it(`renders a Deployment that reads ${stack}'s cluster and queue, two replicas apart`, async () => {
      const plan = planOf(stack);
      const [[name, release] = []] = releasesOf(plan, "karpenter/karpenter");
      assert.ok(name && release);
      await judge(stack, [releaseKey(name)], "helm 3.19.5", async () => {
        const { spec } = await deploymentOf(release);
        const pod = spec.template.spec;
        const env = Object.fromEntries(pod.containers.flatMap(({ env }) => env.map((one) => [one.name, one.value])));
        const settings = release.values?.settings as Record<string, string>;
        assert.equal(env.CLUSTER_NAME, plan.outputs.clusterName);
        assert.equal(env.INTERRUPTION_QUEUE, settings.interruptionQueue);
        const queue = plan.resources.find(({ type }) => type === "aws:sqs/queue:Queue");
        assert.match(settings.interruptionQueue ?? "", new RegExp(`^${queue?.name ?? "none"}`));
        const association = plan.resources.find(({ type }) => type.endsWith(":PodIdentityAssociation"));
        assert.equal(pod.serviceAccountName, association?.inputs.serviceAccount);
        assert.equal(release.namespace, association?.inputs.namespace);
        assert.equal(spec.replicas, 2);
        const [apart] = pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
        assert.equal(apart?.topologyKey, "kubernetes.io/hostname");
        for (const [key, value] of Object.entries(apart.labelSelector.matchLabels))
          assert.equal(spec.template.metadata.labels[key], value);
      });
    });

    it(`finds every value of ${stack} among the keys that the provisioner's chart reads`, async () => {
      const plan = planOf(stack);
      for (const [name, { values = {}, version }] of releasesOf(plan, "local-static-provisioner"))
        await judge(stack, [releaseKey(name)], "list of the provisioner chart's keys, 2.9.0", () => {
          assert.equal(version, provisioner.version);
          assert.deepEqual(errorsOf(values), []);
        });
    });
  }

  it("names a value that no chart knows", () => {
    const [[, release] = []] = releasesOf(planOf("dev"), "karpenter/karpenter");
    const known = chartValues(karpenterChart("karpenter"));
    const settings = { ...(release?.values?.settings as object), interruptionQueueName: "lost" };
    assert.deepEqual(unknownValues({ settings, replica: 2 }, known), ["settings.interruptionQueueName", "replica"]);
    assert.deepEqual(errorsOf({ class: [] }), ["class: no such key"]);
    assert.deepEqual(errorsOf({ setPVOwnerRef: "true" }), ["setPVOwnerRef: must be boolean"]);
    const wrong = [{ name: "x", hostdir: "/", volumeMode: "block", blockCleanerCommand: ["/scripts/none.sh"] }];
    assert.deepEqual(errorsOf({ classes: wrong }), [
      "classes.hostdir: no such key",
      "classes.volumeMode: must be Filesystem|Block",
      "classes.blockCleanerCommand: no such script",
    ]);
  });

  it("refuses a chart without the cluster's name", async () => {
    const [[, release] = []] = releasesOf(planOf("dev"), "karpenter/karpenter");
    assert.ok(release);
    const values = { ...release.values, settings: {} };
    await assert.rejects(renderChart(karpenterChart("karpenter"), { ...release, values }), /settings\.clusterName/);
  });
});

function releaseKey(name: string): string {
  return `kubernetes:helm.sh/v3:Release::${name}`;
}

function releasesOf(plan: Plan, chart: string): [string, Release][] {
  const found = Object.entries(plan.releases).filter(
    ([, release]) => release.chart.endsWith(chart) || (chart === "karpenter" && release.chart.includes("/karpenter")),
  );
  assert.ok(found.length > 0, `the plan has no release of ${chart}`);
  return found;
}

async function deploymentOf(release: Release): Promise<Deployment> {
  const objects = (await renderChart(karpenterChart(release.chart), release)) as unknown as Deployment[];
  const found = objects.find(({ kind }) => kind === "Deployment");
  assert.ok(found);
  return found;
}

function errorsOf(values: Record<string, unknown>): string[] {
  const { classes = [], ...rest } = values as { classes?: Record<string, unknown>[] };
  return [
    ...compare("", rest, provisioner.values),
    ...classes.flatMap((one) => compare("classes.", one, provisioner.class)),
    ...classes.flatMap(({ blockCleanerCommand = [] }) =>
      provisioner.cleaners.includes((blockCleanerCommand as string[])[0] ?? provisioner.cleaners[0] ?? "")
        ? []
        : ["classes.blockCleanerCommand: no such script"],
    ),
  ];
}

function compare(path: string, values: Record<string, unknown>, known: Record<string, unknown>): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const type = known[key];
    if (type === undefined) return [`${path}${key}: no such key`];
    if (typeof type !== "string")
      return compare(`${path}${key}.`, value as Record<string, unknown>, type as Record<string, unknown>);
    return isOf(type, value) ? [] : [`${path}${key}: must be ${type}`];
  });
}

function isOf(type: string, value: unknown): boolean {
  if (type.includes("|")) return type.split("|").includes(String(value));
  if (type.startsWith("list")) return Array.isArray(value);
  if (type.startsWith("map")) return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === (type === "duration" ? "string" : type);
}
