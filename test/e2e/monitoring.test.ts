import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../components/manifests/alerts";
import { stackValues } from "../support/record";
import { alertCases } from "./support/alert-cases";
import type { AlertCase, PlannedNames } from "./support/alert-cases";
import { report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import { startControlPlane } from "./support/control-plane";
import { eventually } from "./support/eventually";
import { karpenterChart, renderChart } from "./support/helm";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { planOf } from "./support/plan";
import { root, stopsAfter } from "./support/process";
import { evaluate } from "./support/prometheus";
import type { Answer, Expression } from "./support/prometheus";
import { prometheusKinds } from "./support/prometheus-operator";
import { withValue } from "./support/settings";
import { objectsOf, planSettings } from "./support/variants";

type Rules = { groups: { name: string; rules: Rule[] }[] };
interface Monitor extends KubernetesObject {
  spec: { namespaceSelector: { matchNames: string[] }; selector: { matchLabels: Record<string, string> } };
}

const known = JSON.parse(readFileSync(join(root, "test", "data", "metrics.json"), "utf8")) as {
  "target labels": string[];
  programs: Record<string, Record<string, string[]>>;
};
const labelsOf = new Map(Object.values(known.programs).flatMap((metrics) => Object.entries(metrics)));

/** What an expression reads that no program has. */
function unknownIn({ selectors, grouping }: Expression): string[] {
  const own = selectors.flatMap(({ metric }) => labelsOf.get(metric) ?? []);
  const mayGroup = new Set([...own, ...known["target labels"]]);
  return [
    ...selectors.flatMap(({ metric, labels }) => {
      const has = labelsOf.get(metric);
      if (!has) return [`no metric ${metric}`];
      return labels.flatMap((label) =>
        has.includes(label) || known["target labels"].includes(label) ? [] : [`${metric} has no label ${label}`],
      );
    }),
    ...grouping.flatMap((label) => (mayGroup.has(label) ? [] : [`no label ${label} to group by`])),
  ];
}

describe("monitoring: true", () => {
  const stopped = stopsAfter();
  let objects: KubernetesObject[];
  let rules: Rules;
  let names: PlannedNames;
  let cases: AlertCase[];
  const of = <T extends KubernetesObject>(kind: string) => objects.filter((object) => object.kind === kind) as T[];

  before(async () => {
    let values = withValue(stackValues("prod"), "monitoring", true);
    values = withValue(values, "prometheus", { labels: { release: "kube-prometheus-stack" } });
    values = withValue(values, "storageClasses/dense/wipe", "zero");
    objects = [...objectsOf(await planSettings(values)).values()].map(({ object }) => object);
    rules = of<KubernetesObject & { spec: Rules }>("PrometheusRule")[0]?.spec ?? { groups: [] };
    const namespaceOf = (service: string) => {
      const found = of<Monitor>("ServiceMonitor").find(
        ({ spec }) => spec.selector.matchLabels["app.kubernetes.io/name"] === service,
      );
      return found?.spec.namespaceSelector.matchNames[0] ?? "";
    };
    names = {
      localVolumes: namespaceOf("local-static-provisioner"),
      nodeCleanup: namespaceOf("node-cleanup"),
      diskController: namespaceOf("disk-controller"),
      nodePool: of("NodePool")[0]?.metadata.name ?? "",
    };
    cases = alertCases(names);
  });

  describe("its alerts, read by Prometheus", () => {
    let answer: Answer;
    const alerts = () => rules.groups.flatMap((group) => group.rules);
    before(async () => {
      answer = await evaluate(rules, { cases });
    });

    it("are rules that Prometheus takes", async () => {
      assert.deepEqual(answer.errors, []);
      const broken = structuredClone(rules);
      for (const rule of broken.groups[0]?.rules.slice(0, 1) ?? []) rule.expr = `${rule.expr} >`;
      assert.equal((await evaluate(broken)).errors.length, 2);
    });

    it("each have a case that fires and one that does not", () => {
      const tested = (fires: boolean) =>
        new Set(cases.filter((one) => (one.fires !== undefined) === fires).map(({ alert }) => alert));
      const declared = new Set(alerts().map(({ alert }) => alert));
      assert.ok(declared.size >= 10, String(declared.size));
      assert.deepEqual([...tested(true)].sort(), [...declared].sort());
      assert.deepEqual([...tested(false)].sort(), [...declared].sort());
      report(`${declared.size} alerts, ${cases.length} cases`);
    });

    it("fire where they should, with what the receiver needs, and not elsewhere", () => {
      const severities = new Map(alerts().map((rule) => [rule.alert, rule.labels.severity]));
      const wrong = cases.flatMap(({ alert, what, fires }, index) => {
        const found = answer.firing[index]?.map(({ labels }) => labels) ?? [];
        const severity = severities.get(alert) ?? "";
        const expected = fires ? [{ ...fires, severity }] : [];
        return JSON.stringify(found.map(sorted)) === JSON.stringify(expected.map(sorted))
          ? []
          : [`${alert}, ${what}: must be ${JSON.stringify(expected)}, is ${JSON.stringify(found)}`];
      });
      assert.deepEqual(wrong, []);
      for (const { annotations } of answer.firing.flat()) {
        assert.doesNotMatch(annotations.summary ?? "", /\{\{|no value|  |^$/);
        assert.match(annotations.runbook_url ?? "", /\/docs\/runbook\.md#fastdisks[a-z]+$/);
      }
    });

    it("notice an expression that is wrong", async () => {
      for (const [from, to] of [
        ["claim_on_lost_node", "claim_on_dead_node"],
        ['reason="insufficient_capacity"', 'reason="InsufficientCapacity"'],
        ['reclaim_policy="Delete"', 'reclaim_policy="delete"'],
      ] as const) {
        const broken = JSON.parse(
          JSON.stringify(rules).replaceAll(from.replaceAll('"', '\\"'), to.replaceAll('"', '\\"')),
        ) as Rules;
        assert.notDeepEqual(broken, rules, from);
        const { firing } = await evaluate(broken, { cases });
        assert.ok(
          cases.some(({ fires }, index) => fires !== undefined && firing[index]?.length === 0),
          from,
        );
      }
    });

    it("read metrics that their programs have", async () => {
      assert.deepEqual(answer.expressions.flatMap(unknownIn), []);
      const { expressions } = await evaluate(
        { groups: [] },
        { expressions: ['sum by (nodepol) (karpenter_nodepools_limits) + kube_pod_status_ready{node="a"}'] },
      );
      assert.deepEqual(expressions.flatMap(unknownIn).sort(), [
        "kube_pod_status_ready has no label node",
        "no label nodepol to group by",
        "no metric karpenter_nodepools_limits",
      ]);
    });
  });

  describe("its dashboard", () => {
    interface Dashboard {
      schemaVersion: number;
      panels: {
        id: number;
        title: string;
        type: string;
        gridPos: object;
        targets: { expr: string; refId: string }[];
      }[];
    }
    const dashboards = () =>
      of<KubernetesObject & { data: Record<string, string> }>("ConfigMap").flatMap(({ data }) => Object.values(data));

    it("is read by Prometheus, from metrics that exist", async () => {
      const [text = ""] = dashboards();
      const { panels } = JSON.parse(text) as Dashboard;
      const expressions = panels.flatMap(({ targets }) =>
        targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m")),
      );
      assert.ok(expressions.length > 15, String(expressions.length));
      const answer = await evaluate({ groups: [] }, { expressions });
      assert.deepEqual(answer.errors, []);
      assert.deepEqual(answer.expressions.flatMap(unknownIn), []);
    });
  });

  describe("its objects on an API server", () => {
    let cluster: ControlPlane;
    const ours = () =>
      objects.filter(
        ({ kind, metadata }) =>
          /^(PrometheusRule|ServiceMonitor|ConfigMap)$/.test(kind) || /-monitoring-/.test(metadata.name),
      );
    before(async () => {
      cluster = stopped(await startControlPlane("monitoring"));
      const spaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
      for (const name of spaces) await cluster.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    });

    it("are refused where the operator's kinds are missing", async () => {
      for (const object of [...of("PrometheusRule"), ...of("ServiceMonitor")])
        await assert.rejects(cluster.api.apply(object), (error) => error instanceof Refusal && error.code === 404);
    });

    it("are accepted strictly where they are there, and a misspelt field is not", async () => {
      for (const definition of prometheusKinds()) await cluster.api.apply(definition);
      assert.deepEqual(
        ours()
          .map(({ kind }) => kind)
          .sort(),
        ["ConfigMap", "Namespace", "PrometheusRule", "Service", ...Array<string>(4).fill("ServiceMonitor")].sort(),
      );
      for (const object of ours())
        await eventually(`${object.kind} is served`, async () => {
          try {
            return await cluster.api.apply(object);
          } catch (error) {
            if (error instanceof Refusal && error.code === 404) return undefined;
            throw error;
          }
        });
      for (const object of [...of<Monitor>("PrometheusRule"), ...of<Monitor>("ServiceMonitor")])
        await assert.rejects(
          cluster.api.apply({ ...object, spec: { ...object.spec, selectors: 1 } }, { dryRun: true }),
          /unknown field|field not declared/,
        );
    });

    it("find the Services of the plan and of Karpenter's chart, by label, namespace and port", async () => {
      const release = planOf("prod").releases["fast-disks-karpenter-controller"];
      assert.ok(release);
      const rendered = await renderChart(karpenterChart("karpenter"), release);
      const services = [...of("Service"), ...rendered.filter(({ kind }) => kind === "Service")] as (KubernetesObject & {
        spec: { ports: { name: string }[] };
      })[];
      for (const { spec } of of<Monitor & { spec: { endpoints: { port: string }[] } }>("ServiceMonitor")) {
        const label = "app.kubernetes.io/name";
        const value = spec.selector.matchLabels[label];
        const found = services.filter(
          ({ metadata }) =>
            metadata.labels?.[label] === value && metadata.namespace === spec.namespaceSelector.matchNames[0],
        );
        assert.deepEqual(
          found.map((service) => service.spec.ports.map(({ name }) => name)),
          [spec.endpoints.map(({ port }) => port)],
          value,
        );
      }
    });
  });
});

function sorted(labels: Record<string, string>): [string, string][] {
  return Object.entries(labels).sort();
}
