"use strict";
// The program under the real Pulumi engine.
const { spawnSync } = require("node:child_process");

if (spawnSync("pulumi", ["version"], { stdio: "ignore" }).status !== 0) {
  console.error("test:engine did not run: it needs `pulumi` 3.248 or newer on the PATH, with its language hosts");
  process.exitCode = 1;
} else {
  const mocha = require.resolve("mocha/bin/mocha.js");
  // An engine takes as long as it takes, and may leave a connection open.
  const options = ["--no-config", "-r", "tsx/cjs", "--timeout", "0", "--exit"];
  const args = [...options, "test/engine/*.test.ts", ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, [mocha, ...args], { stdio: "inherit" }).status ?? 1;
}
