"use strict";
// The plan's program in one file instead of a transpiler hook per file. It is written under node_modules and read again
// until a source, its name or an installed package changes.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const written = path.join(root, "node_modules", ".cache", "eks-fast-disks", "plan.js");
const rooms = ["catalogue", "components", "offline", "policies", "stacks"];
/** npm's list of installed packages; without it the program is bundled each time. */
const installed = path.join(root, "node_modules", ".package-lock.json");

/** The program's text, as a promise, since it is bundled while other modules load. */
async function bundle() {
  const mark = `//${digest()}\n`;
  const earlier = read(written);
  if (earlier?.startsWith(mark)) return earlier.slice(mark.length);
  const { outputFiles } = await require("esbuild").build({
    absWorkingDir: root,
    entryPoints: [path.join("offline", "plan.ts")],
    bundle: true,
    external: ["@pulumi/*", "eks-fast-disks/package.json"],
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    write: false,
    outdir: "memory",
  });
  const [{ text }] = outputFiles;
  // A source may have changed meanwhile.
  if (mark === `//${digest()}\n`) write(mark + text);
  return text;
}

function digest() {
  const hash = createHash("sha256");
  const sources = rooms.flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true })
      .filter((file) => /\.(ts|js|json)$/.test(file))
      .sort()
      .map((file) => path.join(room, file)),
  );
  for (const file of [...sources, "index.ts", "package.json", "tsconfig.json"])
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.update(read(installed) ?? String(Math.random())).digest("hex");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes by rename, since another plan may read the file at the same time; fails silently in a read-only folder. */
function write(text) {
  const part = `${written}.${process.pid}`;
  try {
    mkdirSync(path.dirname(written), { recursive: true });
    writeFileSync(part, text);
    renameSync(part, written);
  } catch {
    // The next plan bundles again.
  }
}

module.exports = { bundle };
