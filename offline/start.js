"use strict";
// The plan: its program is bundled while the SDKs load.
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { bundle } = require("./bundle");

// The plan ends before code that V8 optimizes has paid for its compilation: a third of what follows the SDKs' load.
v8.setFlagsFromString("--no-opt");

const bundling = bundle();

for (const sdk of ["pulumi", "aws", "docker", "eks", "kubernetes"]) require(`@pulumi/${sdk}`);

bundling.then((text) => {
  // As if it were a file of the package, which finds `bootstrap` by its own name.
  const file = path.join(__dirname, "..", "components", "plan.js");
  const program = new Module(file, module);
  program.filename = file;
  program.paths = Module._nodeModulePaths(path.dirname(file));
  program._compile(text, file);
});
