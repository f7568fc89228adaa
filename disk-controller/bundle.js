"use strict";
// Writes dist/main.js: the program in one file, the only one in the image apart from Node.
const { buildSync } = require("esbuild");
const { join } = require("node:path");

buildSync({
  entryPoints: [join(__dirname, "main.ts")],
  outfile: join(__dirname, "dist", "main.js"),
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  legalComments: "none",
  // Node has its own; the package's includes a table of 300 kB.
  alias: { "whatwg-url": "node:url" },
  logLevel: "warning",
});
