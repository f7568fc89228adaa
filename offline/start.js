"use strict";
// One bundle instead of a transpiler hook per file, built while the SDKs load. Nothing is written.
const { build } = require("esbuild");
const Module = require("node:module");
const path = require("node:path");

const root = path.join(__dirname, "..");
const building = build({
  entryPoints: [path.join(__dirname, "plan.ts")],
  bundle: true,
  external: ["@pulumi/*", "eks-fast-disks/package.json"],
  platform: "node",
  target: "node20",
  minifyWhitespace: true,
  write: false,
  outdir: "memory",
});

for (const sdk of ["pulumi", "aws", "docker", "eks", "kubernetes"]) require(`@pulumi/${sdk}`);

building.then(({ outputFiles: [bundle] }) => {
  // As if it were a file of the package, which finds `bootstrap` by its own name.
  const file = path.join(root, "components", "plan.js");
  const program = new Module(file, module);
  program.filename = file;
  program.paths = Module._nodeModulePaths(path.dirname(file));
  program._compile(bundle.text, file);
});
