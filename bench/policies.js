"use strict";
// How long the policy pack takes until it answers the engine, against an empty JavaScript pack; medians of paired runs.
const { spawn } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const grpc = require("@grpc/grpc-js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
const pairs = Number(process.argv[2] ?? 7);

function timeToAnswer(folder) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    pack.once("error", reject);
    pack.stdout.once("data", (port) => {
      const client = new AnalyzerClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
      client.getAnalyzerInfo(new Empty(), (error) => {
        client.close();
        pack.once("exit", () => (error ? reject(error) : resolve(seconds)));
        const seconds = Number(process.hrtime.bigint() - start) / 1e9;
        pack.kill();
      });
    });
  });
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

async function main() {
  const empty = mkdtempSync(join(tmpdir(), "empty-pack-"));
  const sdk = JSON.stringify(require.resolve("@pulumi/policy"));
  writeFileSync(join(empty, "package.json"), '{ "name": "empty", "version": "0.0.1", "main": "pack.js" }');
  writeFileSync(join(empty, "pack.js"), `new (require(${sdk}).PolicyPack)("empty", { policies: [] });`);
  const ours = join(__dirname, "..", "policies");
  const times = { ours: [], empty: [] };
  for (let pair = -1; pair < pairs; pair++) {
    const [full, none] = [await timeToAnswer(ours), await timeToAnswer(empty)];
    // The first pair only fills caches.
    if (pair >= 0) (times.ours.push(full), times.empty.push(none));
  }
  rmSync(empty, { recursive: true });
  const ratio = median(times.ours.map((time, pair) => time / times.empty[pair]));
  const [full, none] = [median(times.ours), median(times.empty)];
  console.log(`policy pack answers: ${full.toFixed(2)} s, empty pack ${none.toFixed(2)} s, ratio ${ratio.toFixed(2)}`);
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
