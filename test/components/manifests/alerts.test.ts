import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { renderPrometheusRule } from "../../../components/manifests/alerts";
import { renderDashboard } from "../../../components/manifests/dashboard";
import type { MonitoringSpec } from "../../../components/manifests/monitoring";
import { Metrics } from "../../../disk-controller/metrics";
import { anchorOf } from "../../../offline/settings-reference";

const whole: MonitoringSpec = {
  storageClasses: { "fast-disks": {}, dense: { wipe: "zero" }, some: { namePattern: "a*" } },
  nodePools: ["pool-a", "pool-b"],
  localVolumesNamespace: "volumes",
  nodeCleanupNamespace: "cleanup",
  diskControllerNamespace: "controller",
};
const rulesOf = (spec: MonitoringSpec) => renderPrometheusRule(spec).groups.flatMap(({ rules }) => rules);
const namesOf = (spec: MonitoringSpec) => rulesOf(spec).map(({ alert }) => alert);

describe("renderPrometheusRule", () => {
  it("explains each alert in a section of the runbook, and no other", () => {
    const runbook = readFileSync("docs/runbook.md", "utf8");
    const sections = runbook
      .split("\n## ")
      .slice(1)
      .map((section) => [section.split("\n")[0] ?? "", section] as const);
    assert.deepEqual(sections.map(([name]) => name).sort(), [...new Set(namesOf(whole))].sort());
    for (const [name, text] of sections)
      for (const part of ["Means", "Look", "Fix"]) assert.match(text, new RegExp(`\\| ${part} +\\| \\S`), name);
    const repository = (JSON.parse(readFileSync("package.json", "utf8")) as { repository: { url: string } }).repository;
    const page = `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/HEAD/docs/runbook.md`;
    for (const { alert, annotations } of rulesOf(whole))
      assert.equal(annotations.runbook_url, `${page}#${anchorOf(alert)}`);
  });

  it("lists them in the runbook with their severity and time", () => {
    const runbook = readFileSync("docs/runbook.md", "utf8");
    const rows = rulesOf(whole).map(
      ({ alert, labels, for: time }) => `| [${alert}](#${anchorOf(alert)}) | ${labels.severity} | ${time} |`,
    );
    for (const row of rows.filter((one) => !one.includes("48h"))) assert.ok(runbook.includes(row), row);
  });

  it("has no alert on a part that is not there", () => {
    const { storageClasses } = whole;
    assert.deepEqual(namesOf({ storageClasses: { a: {} } }), ["FastDisksWipeStuck", "FastDisksPodPending"]);
    const only = (spec: Partial<MonitoringSpec>) =>
      namesOf({ storageClasses, ...spec }).filter((name) => !/WipeStuck|PodPending/.test(name));
    assert.deepEqual(only({ nodeCleanupNamespace: "a" }), ["FastDisksCleanupDown", "FastDisksCleanupFailing"]);
    assert.ok(only({ nodePools: ["a"] }).includes("FastDisksDriftHeld"));
    assert.deepEqual(only({ nodePools: [] }), []);
  });

  it("leaves out classes that take some of the disks only where disks are compared with the type's", () => {
    const missing = (spec: MonitoringSpec) => rulesOf(spec).filter(({ alert }) => alert === "FastDisksMissing");
    assert.match(missing(whole)[0]?.expr ?? "", /storage_class=~"fast-disks\|dense"/);
    assert.deepEqual(missing({ ...whole, storageClasses: { some: { namePattern: "a*" } } }), []);
  });

  it("gives a slow wipe two days", () => {
    const stuck = rulesOf(whole).filter(({ alert }) => alert === "FastDisksWipeStuck");
    assert.deepEqual(
      stuck.map(({ expr, for: time }) => [/storageclass=~"([^"]*)"/.exec(expr)?.[1], time]),
      [
        ["fast-disks|some", "1h"],
        ["dense", "48h"],
      ],
    );
  });
});

describe("test/data/metrics.json", () => {
  const { programs } = JSON.parse(readFileSync("test/data/metrics.json", "utf8")) as {
    programs: Record<string, Record<string, string[]>>;
  };
  const known = Object.values(programs).flatMap((metrics) => Object.keys(metrics));

  it("has every metric of alerts and dashboard, and no other", () => {
    const { panels } = JSON.parse(renderDashboard("x", whole)) as { panels: { targets: { expr: string }[] }[] };
    const texts = [...rulesOf(whole), ...panels.flatMap(({ targets }) => targets)].map(({ expr }) => expr);
    // Labels are in braces, and behind `by` and `on` in parentheses.
    const used = texts.flatMap(
      (text) => text.match(/\b(local_volume|fast_disks|karpenter|operator|kube)_\w+(?=[{)\[]| ==)/g) ?? [],
    );
    const labels = ["karpenter_sh_nodepool"];
    assert.deepEqual([...new Set(used)].filter((name) => !labels.includes(name)).sort(), known.slice().sort());
  });

  it("has of the disk controller what it renders", () => {
    const rendered = new Metrics().render();
    const own = known.filter((name) => name.startsWith("fast_disks_controller_"));
    assert.ok(own.length > 5);
    for (const name of own) assert.ok(rendered.includes(`# HELP ${name} `), name);
  });
});
