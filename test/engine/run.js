"use strict";
// The program under the real Pulumi engine, where there is one.
const { spawnSync } = require("node:child_process");

if (spawnSync("pulumi", ["version"], { stdio: "ignore" }).status !== 0) {
  console.log("test:engine did not run: there is no `pulumi` on the PATH");
  console.log("0 passed, 0 failed");
} else {
  const mocha = require.resolve("mocha/bin/mocha.js");
  // An engine takes as long as it takes.
  const args = ["--no-config", "-r", "tsx/cjs", "--timeout", "0", "test/engine/*.test.ts", ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, [mocha, ...args], { stdio: "inherit" }).status ?? 1;
}
