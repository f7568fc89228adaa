"use strict";
// The plan against a bare process that loads exactly the SDK modules that the plan loads: medians of runs in turn. The
// first plan after a change of the sources bundles them, which it does in a process of its own; the others read the bundle.
const { execFileSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const pairs = Number(process.argv[2] ?? 7);
const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const lists = { plan: join(folder, "plan.json"), bare: join(folder, "bare.json") };
const bundle = join(root, "node_modules", ".cache", "eks-fast-disks", "plan.js");
const record = join(__dirname, "record.js");

/** Runs a script and gives its wall and processor time in seconds and its peak memory in MB. */
function measure(list, script, ...args) {
  const started = process.hrtime.bigint();
  execFileSync(process.execPath, ["-r", record, script, ...args], {
    cwd: root,
    env: { ...process.env, RECORD: list },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { modules, cpuSeconds, peakMB } = JSON.parse(readFileSync(list, "utf8"));
  return { seconds, cpuSeconds, peakMB, modules };
}

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];
const plan = () => measure(lists.plan, join(root, "offline", "start.js"), "--out", join(folder, "out"));
const runs = { first: [], plan: [], bare: [] };
for (let pair = 0; pair <= pairs; pair++) {
  rmSync(bundle, { force: true });
  const run = { first: plan(), plan: plan(), bare: measure(lists.bare, join(__dirname, "bare.js"), lists.plan) };
  if (run.plan.modules.join() !== run.bare.modules.join())
    throw new Error("the bare process loaded other modules than the plan");
  // The first pair warms the disk's cache.
  if (pair > 0) for (const [name, one] of Object.entries(run)) runs[name].push(one);
}

const absolute = (name) => {
  const of = (field) => median(runs[name].map((run) => run[field]));
  return `${of("seconds").toFixed(2)} s, ${of("cpuSeconds").toFixed(2)} s of a processor, ${of("peakMB").toFixed(0)} MB`;
};
const ratio = (name, field) => median(runs[name].map((run, at) => run[field] / runs.bare[at][field])).toFixed(2);
const modules = runs.bare[0].modules.length;
console.log(`plan: ${absolute("plan")}; its ${modules} SDK modules alone: ${absolute("bare")}`);
for (const [name, title] of [
  ["plan", "plan"],
  ["first", "first plan after a change"],
])
  console.log(
    `${title} / SDK modules, median of ${pairs} pairs: wall time ${ratio(name, "seconds")}, ` +
      `processor time ${ratio(name, "cpuSeconds")}, peak memory ${ratio(name, "peakMB")} (aim: at most 1.5)`,
  );
rmSync(folder, { recursive: true });
