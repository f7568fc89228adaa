"use strict";
// A suite in lanes for two cores, and one line that counts its checks: all that runs in one process, or, with
// "program", what starts processes: the plan, the policy pack, the package.
const { spawn } = require("node:child_process");
const { join } = require("node:path");

const cache = join(__dirname, "..", "node_modules", ".cache", "eks-fast-disks");

const bin = (name, script) => [
  process.execPath,
  [require.resolve(`${name}/package.json`).replace("package.json", script)],
];
const mocha = (...args) => [bin("mocha", "bin/mocha.js"), args];
// One lane: they write stack files of their own, and count the stacks.
const plan = ["test/offline/plan.test.ts", "test/offline/change-table.test.ts"];
const others = [
  "test/offline/bundle.test.ts",
  "test/offline/comparison.test.ts",
  "test/offline/cli.test.ts",
  "test/offline/revision.test.ts",
  "test/policies/legit.test.ts",
  "test/policies/pack.test.ts",
  "test/policies/violations.test.ts",
  "test/construct.test.ts",
  "test/examples/typescript.test.ts",
  "test/index.test.ts",
  "test/package.test.ts",
];
const suites = {
  npm: [
    {
      // test:e2e checks its own types and style, with the AWS SDK's.
      lint: [bin("eslint", "bin/eslint.js"), [".", "--ignore-pattern", "test/e2e"]],
    },
    {
      types: [
        bin("typescript", "bin/tsc"),
        ["--noEmit", "--incremental", "--tsBuildInfoFile", join(cache, "types.tsbuildinfo")],
      ],
      format: [
        bin("prettier", "bin/prettier.cjs"),
        ["--check", "--log-level", "warn", "--cache", "--cache-location", join(cache, "format.json"), "."],
      ],
    },
    // These wait for timers for a third of their time.
    { tests: mocha("test/**/*.test.ts", ...[...plan, ...others].flatMap((file) => ["--ignore", file])) },
  ],
  program: [plan, others].map((files) => ({ tests: mocha(...files) })),
};

function run([[command, script], args]) {
  return new Promise((resolve) => {
    const child = spawn(command, [...script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ code, output }));
  });
}

let passed = 0;
let failed = 0;
async function runLane(lane) {
  for (const [name, check] of Object.entries(lane)) {
    const { code, output } = await run(check);
    const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
    const tests = name.startsWith("tests");
    // A runner that dies, or that runs nothing, has failed as well.
    const bad = tests ? Math.max(count("failing"), code !== 0 || count("passing") === 0 ? 1 : 0) : code === 0 ? 0 : 1;
    passed += tests ? count("passing") : 1 - bad;
    failed += bad;
    console.log(`${bad === 0 ? "ok" : "FAILED"}  ${name}${tests ? `: ${count("passing")} passing` : ""}`);
    if (bad > 0) console.log(output);
  }
}

Promise.all(suites[process.argv[2] ?? "npm"].map(runLane)).then(() => {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
});
