"use strict";
// How long the policy pack takes until it listens for the engine, against an empty JavaScript pack; medians of paired runs.
const { spawn } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
const pairs = 7;

/** Seconds until the pack in the folder prints the port on which it answers. */
function timeToAnswer(folder) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const stdio = ["ignore", "pipe", "inherit"];
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], { cwd: folder, stdio });
    let seconds;
    pack.stdout.once("data", () => {
      seconds = Number(process.hrtime.bigint() - start) / 1e9;
      pack.kill();
    });
    pack.once("exit", () => (seconds ? resolve(seconds) : reject(new Error(`the pack in ${folder} never listened`))));
  });
}

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];

async function main() {
  const empty = mkdtempSync(join(tmpdir(), "empty-pack-"));
  const sdk = JSON.stringify(require.resolve("@pulumi/policy"));
  writeFileSync(join(empty, "package.json"), '{ "name": "empty", "version": "0.0.1", "main": "pack.js" }');
  writeFileSync(join(empty, "pack.js"), `new (require(${sdk}).PolicyPack)("empty", { policies: [] });`);
  const ours = join(__dirname, "..", "policies");
  const runs = [];
  // The first pair only fills caches.
  for (let pair = 0; pair <= pairs; pair++) runs.push([await timeToAnswer(ours), await timeToAnswer(empty)]);
  rmSync(empty, { recursive: true });
  const measured = runs.slice(1);
  const ratio = median(measured.map(([full, none]) => full / none));
  const [full, none] = [0, 1].map((side) => median(measured.map((run) => run[side])));
  console.log(`policy pack answers: ${full.toFixed(2)} s, empty pack ${none.toFixed(2)} s, ratio ${ratio.toFixed(2)}`);
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
