"use strict";
// The plan: its program is bundled while the SDKs load.
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { bundle } = require("./bundle");

// V8's optimizing compiler costs more than it saves in such a short run: a third of the time after the SDKs are loaded.
v8.setFlagsFromString("--no-opt");

// What V8 compiled of the SDKs in an earlier plan is read again.
process.env.V8_COMPILE_CACHE_CACHE_DIR ??= path.join(__dirname, "..", "node_modules", ".cache", "v8-compile-cache");
require("v8-compile-cache");

const bundling = bundle();

for (const sdk of ["pulumi", "aws", "docker", "eks", "kubernetes"]) require(`@pulumi/${sdk}`);

bundling.then((text) => {
  // Under the name of a file in the package, since the program finds `bootstrap` by its own path.
  const file = path.join(__dirname, "..", "components", "plan.js");
  const program = new Module(file, module);
  program.filename = file;
  program.paths = Module._nodeModulePaths(path.dirname(file));
  program._compile(text, file);
});
