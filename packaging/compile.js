// Writes dist/, which the package and the plugin host run, without types, in a second. `npm install` runs it, also when the
// engine installs the package from Git; `npm run build` adds the declarations.
const { build } = require("esbuild");
const { existsSync, readFileSync, readdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { include, exclude } = JSON.parse(readFileSync(join(root, "tsconfig.build.json"), "utf8"));
const filesOf = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []);
const rooms = include.filter((path) => !path.endsWith(".ts"));
const sources = rooms
  .flatMap((room) =>
    filesOf(join(root, room))
      .filter((file) => /\.(ts|json)$/.test(file) && file !== "package.json")
      .map((file) => join(room, file)),
  )
  .concat(include.filter((path) => path.endsWith(".ts")))
  .filter((path) => !exclude.includes(path));

// npm packs after this step, so the declarations stay.
for (const folder of rooms.map((room) => join(root, "dist", room)))
  for (const file of filesOf(folder).filter((name) => /\.(js|js\.map|json)$/.test(name))) rmSync(join(folder, file));
build({
  absWorkingDir: root,
  entryPoints: sources,
  outbase: ".",
  outdir: "dist",
  format: "cjs",
  platform: "node",
  target: "node20",
  loader: { ".json": "copy" },
  // `import()` becomes a require, since components are loaded by folder.
  supported: { "dynamic-import": false },
  sourcemap: true,
  logLevel: "warning",
}).catch(() => {
  process.exitCode = 1;
});
