"use strict";
// What the policy pack costs: how long until it listens for the engine, against an empty JavaScript pack, and how long it
// judges whole stacks, against a pack whose one policy reads nothing. Medians of paired runs.
const { credentials } = require("@grpc/grpc-js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const proto = require("@pulumi/pulumi/proto/analyzer_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { spawn } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
const root = join(__dirname, "..");
const pairs = 7;

/** Starts the pack in the folder; seconds until it prints the port on which it answers. */
function start(folder) {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const stdio = ["ignore", "pipe", "inherit"];
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], { cwd: folder, stdio });
    pack.once("exit", () => reject(new Error(`the pack in ${folder} never listened`)));
    pack.stdout.once("data", (port) => {
      const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
      resolve({ seconds, address: `127.0.0.1:${port.toString().trim()}`, stop: () => pack.kill() });
    });
  });
}

/** A stack of so many resources: the prod stack's, again and again, each copy a chain with names of its own. */
function stackOf(count) {
  const resources = JSON.parse(readFileSync(join(root, "test", "goldens", "prod", "resources.json"), "utf8"));
  const names = new Set();
  const collect = (key, value) => {
    if (key === "name" && typeof value === "string") names.add(value);
    return value;
  };
  JSON.stringify(resources, collect);
  const request = new proto.AnalyzeStackRequest();
  const copies = Array.from({ length: count }, (_, index) => {
    const { type, name, inputs, dependencies } = resources[index % resources.length];
    const copy = Math.floor(index / resources.length);
    const urnOf = (key) => `urn:pulumi:prod::bench::${key}-${copy}`;
    const renamed = (text) => text.replace(/[^,=]+/g, (word) => (names.has(word) ? `${word}-${copy}` : word));
    const rename = (key, value) => (typeof value === "string" && key !== "chart" ? renamed(value) : value);
    const message = new proto.AnalyzerResource();
    message.setType(type);
    message.setName(`${name}-${copy}`);
    message.setUrn(urnOf(`${type}::${name}`));
    message.setOptions(new proto.AnalyzerResourceOptions());
    message.setDependenciesList(dependencies.map(urnOf));
    message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(inputs, rename))));
    return message;
  });
  request.setResourcesList(copies);
  return request;
}

async function judge({ address }, request) {
  const client = new AnalyzerClient(address, credentials.createInsecure());
  const begin = process.hrtime.bigint();
  await new Promise((resolve, reject) => client.analyzeStack(request, (error) => (error ? reject(error) : resolve())));
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  client.close();
  return seconds;
}

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];
const ratioOf = (runs) => median(runs.map(([left, right]) => left / right)).toFixed(2);
const medianOf = (runs, side) => median(runs.map((run) => run[side])).toFixed(2);

/** The first pair only fills caches. */
async function paired(left, right) {
  const runs = [];
  for (let pair = 0; pair <= pairs; pair++) runs.push([await left(), await right()]);
  return runs.slice(1);
}

async function main() {
  const empty = mkdtempSync(join(tmpdir(), "empty-pack-"));
  const sdk = JSON.stringify(require.resolve("@pulumi/policy"));
  writeFileSync(join(empty, "package.json"), '{ "name": "empty", "version": "0.0.1", "main": "pack.js" }');
  const policies = '[{ name: "none", description: "none", validateStack: () => {} }]';
  writeFileSync(join(empty, "pack.js"), `new (require(${sdk}).PolicyPack)("empty", { policies: ${policies} });`);
  const timeToAnswer = async (folder) => {
    const pack = await start(folder);
    pack.stop();
    return pack.seconds;
  };
  const ours = join(root, "policies");
  const starts = await paired(
    () => timeToAnswer(ours),
    () => timeToAnswer(empty),
  );
  console.log(
    `policy pack answers: ${medianOf(starts, 0)} s, empty pack ${medianOf(starts, 1)} s, ratio ${ratioOf(starts)}`,
  );

  const [pack, none] = [await start(ours), await start(empty)];
  const [small, large] = [stackOf(640), stackOf(1280)];
  const against = await paired(
    () => judge(pack, large),
    () => judge(none, large),
  );
  const growth = await paired(
    () => judge(pack, large),
    () => judge(pack, small),
  );
  const emptyGrowth = await paired(
    () => judge(none, large),
    () => judge(none, small),
  );
  console.log(
    `policy pack judges 1280 resources: ${medianOf(against, 0)} s, empty pack ${medianOf(against, 1)} s, ` +
      `ratio ${ratioOf(against)}; to 640 resources, ratio ${ratioOf(growth)}, of the empty pack ${ratioOf(emptyGrowth)}`,
  );
  pack.stop();
  none.stop();
  rmSync(empty, { recursive: true });
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
