"use strict";
// The plan against a bare process that loads exactly the SDK modules that the plan loads: medians of paired runs.
const { execFileSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const pairs = Number(process.argv[2] ?? 7);
const root = join(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const lists = { plan: join(folder, "plan.json"), bare: join(folder, "bare.json") };
const record = join(__dirname, "record.js");

/** Runs a script and gives its wall time in seconds and its peak memory in MB. */
function measure(list, script, ...args) {
  const started = process.hrtime.bigint();
  execFileSync(process.execPath, ["-r", record, script, ...args], {
    cwd: root,
    env: { ...process.env, RECORD: list },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { modules, peakMB } = JSON.parse(readFileSync(list, "utf8"));
  return { seconds, peakMB, modules };
}

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];
const runs = { plan: [], bare: [] };
for (let pair = 0; pair <= pairs; pair++) {
  const plan = measure(lists.plan, join(root, "offline", "start.js"), "--out", join(folder, "out"));
  const bare = measure(lists.bare, join(__dirname, "bare.js"), lists.plan);
  if (plan.modules.join() !== bare.modules.join())
    throw new Error("the bare process loaded other modules than the plan");
  // The first pair warms the disk's cache.
  if (pair > 0) (runs.plan.push(plan), runs.bare.push(bare));
  if (pair === pairs) {
    const ratio = (field) => median(runs.plan.map((run, at) => run[field] / runs.bare[at][field])).toFixed(2);
    const absolute = (name) =>
      `${median(runs[name].map((run) => run.seconds)).toFixed(2)} s, ${median(runs[name].map((run) => run.peakMB)).toFixed(0)} MB`;
    console.log(`plan: ${absolute("plan")}; its ${plan.modules.length} SDK modules alone: ${absolute("bare")}`);
    console.log(
      `plan / SDK modules, median of ${pairs} pairs: wall time ${ratio("seconds")}, peak memory ${ratio("peakMB")} (aim: at most 1.5)`,
    );
  }
}
rmSync(folder, { recursive: true });
