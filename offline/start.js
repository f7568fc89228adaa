"use strict";
// One bundle instead of a transpiler hook per file: building it costs less than loading tsx. Nothing is written.
const { buildSync } = require("esbuild");
const Module = require("node:module");
const path = require("node:path");

const root = path.join(__dirname, "..");
const [bundle] = buildSync({
  entryPoints: [path.join(__dirname, "plan.ts")],
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  write: false,
  outdir: "memory",
}).outputFiles;

// As if it were a file of components/, whence `../bootstrap` is found.
const file = path.join(root, "components", "plan.js");
const program = new Module(file, module);
program.filename = file;
program.paths = Module._nodeModulePaths(path.dirname(file));
program._compile(bundle.text, file);
