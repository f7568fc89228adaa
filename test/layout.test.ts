import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse } from "yaml";

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));
const sources = tracked.filter((file) => /\.(ts|js)$/.test(file) && !file.startsWith("test/"));

interface Import {
  from: string;
  /** A file of ours without its ending, or a package. */
  to: string;
  type: boolean;
}
const imports: Import[] = sources.flatMap((from) =>
  [
    ...readFileSync(from, "utf8").matchAll(
      /(?:^(import|export(?= (?:type )?[{*]))( type)? [^;]*?from |\bimport\(|\brequire\()"([^"]+)"/gm,
    ),
  ].map(([, , type, target = ""]) => ({
    from,
    to: target.startsWith(".") ? normalize(join(dirname(from), target)) : target,
    type: type !== undefined,
  })),
);
const room = (file: string) => (file.includes("/") ? dirname(file) : file.replace(/\.ts$/, ""));
const own = (to: string) =>
  !to.startsWith("node:") &&
  /^(index|catalogue|components|stacks|packaging|plugin|policies|offline|bootstrap|disk-controller|bench|test)\b/.test(
    to,
  );

/** Every component's class and file. */
const classes = sources
  .filter((file) => /^components\/[^/]+\.ts$/.test(file))
  .flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^export class (\w+) extends pulumi\.ComponentResource/gm)].map(
      ([, name = ""]) => ({ name, file: file.slice("components/".length, -".ts".length) }),
    ),
  );

/** Files that a file imports, types included. */
const importsOf = (file: string) =>
  imports
    .filter(({ from, to }) => from === file && own(to))
    .map(({ to }) => (sources.includes(`${to}.ts`) ? `${to}.ts` : `${to}/index.ts`));

/** Ways from a file back to itself. */
function cyclesFrom(start: string, path: string[] = [start], seen = new Set<string>()): string[] {
  return importsOf(path.at(-1) ?? "").flatMap((next) => {
    if (next === start) return [[...path, next].join(" -> ")];
    if (seen.has(next)) return [];
    seen.add(next);
    return cyclesFrom(start, [...path, next], seen);
  });
}

/** Who may import whom, of our own. */
const allowed: Record<string, RegExp> = {
  index: /^(components|stacks\/settings)$/,
  catalogue: /^catalogue\//,
  stacks: /^(stacks\/|components$|components\/manifests\/)/,
  components: /^(components|catalogue)\//,
  "components/manifests": /^(catalogue\/|components\/(manifests\/|names$|versions$))/,
  packaging: /^packaging\//,
  plugin: /^(components(\/check)?|plugin\/printable)$/,
  policies: /^(policies|catalogue)\//,
  offline: /^(index|catalogue\/|components(\/|$)|stacks\/|policies\/|offline\/)/,
  "disk-controller": /^disk-controller\//,
  bench: /^bench\//,
};
/** Which packages each room may use. */
const packages: Record<string, RegExp> = {
  index: /^$/,
  catalogue: /^$/,
  stacks: /^(@pulumi\/(pulumi|aws)|zod)$/,
  components: /^(@pulumi\/(pulumi|aws|eks|docker|kubernetes)|node:\w+)$/,
  "components/manifests": /^(@iarna\/toml|fastest-levenshtein|zod|node:net)$/,
  policies:
    /^(@pulumi\/(policy(\/deserialize)?|pulumi\/proto\/analyzer_grpc_pb)|@iarna\/toml|fastest-levenshtein|tsx\/cjs|node:\w+)$/,
  packaging: /^(@pulumi\/pulumi\/provider\/experimental\/\w+|esbuild|typescript|package\.json|node:\w+)$/,
  plugin: /^(@pulumi\/pulumi|node:\w+)$/,
  offline:
    /^(@pulumi\/(pulumi(\/runtime(\/settings)?)?|policy)|@iarna\/toml|eks-fast-disks\/policies|esbuild|typescript|v8-compile-cache|yaml|node:[\w/]+)$/,
  "disk-controller": /^(@kubernetes\/client-node|esbuild|node:[\w/]+)$/,
  "examples/typescript": /^(@pulumi\/(pulumi|aws)|eks-fast-disks)$/,
  "examples/policies-only": /^(@pulumi\/policy|eks-fast-disks\/policies)$/,
  examples: /^(@pulumi\/(pulumi|aws)|eks-fast-disks)$/,
  "examples/unit-test": /^(eks-fast-disks(\/testing)?|examples\/unit-test\/program|node:[\w/]+)$/,
  bench: /^(node:[\w/]+|@pulumi\/\S+|@grpc\/grpc-js|google-protobuf\/\S+)$/,
};

describe("layout", () => {
  it("sees the imports of every room", () => {
    assert.ok(imports.length > 150, String(imports.length));
  });

  it("lets nothing but the allowed rooms and packages in", () => {
    const wrong = imports.filter(
      ({ from, to, type }) =>
        !((own(to) ? allowed : packages)[room(from)]?.test(to) ?? false) &&
        // Manifests use Pulumi's types only.
        !(room(from) === "components/manifests" && type && /^@pulumi\/(pulumi|aws\/iam)$/.test(to)),
    );
    assert.deepEqual(wrong, []);
  });

  it("lets only FastDisks, and the files that make parts of it, import components as values", () => {
    const component = new RegExp(`^components/(${classes.map(({ file }) => file).join("|")})$`);
    assert.equal(classes.length, 16);
    const wrong = imports.filter(
      ({ from, to, type }) =>
        component.test(to) &&
        !type &&
        ![
          "components/fast-disks.ts",
          "components/foundation.ts",
          "components/disk-nodes.ts",
          "components/index.ts",
        ].includes(from) &&
        room(from) === "components",
    );
    assert.deepEqual(wrong, []);
  });

  it("has no cycle inside a room", () => {
    const rooms = sources.filter((file) =>
      /^(components|catalogue|policies|stacks|disk-controller)\/.*\.ts$/.test(file),
    );
    assert.ok(rooms.some((file) => importsOf(file).length > 5));
    assert.deepEqual(
      rooms.flatMap((file) => cyclesFrom(file)),
      [],
    );
  });

  it("has a test where its subject's path says, and one subject to a test", () => {
    const tests = tracked.filter((file) =>
      /^test\/(components|catalogue|offline|disk-controller)\/.*\.test\.ts$/.test(file),
    );
    assert.ok(tests.length > 20);
    const subjectOf = (file: string) => file.replace(/^test\//, "").replace(/\.[^/]*$/, ".ts");
    assert.deepEqual(
      tests.filter((file) => !sources.some((source) => source.replace(/\.js$/, ".ts") === subjectOf(file))),
      [],
    );
    const subjects = new Set(tests.map(subjectOf));
    // What holds rules or renders has a test; the rest is constants and types.
    const rules = sources.filter(
      (file) =>
        /^(components|catalogue)\/.*\.ts$/.test(file) &&
        /^export (async )?(function|class) /m.test(readFileSync(file, "utf8")),
    );
    assert.deepEqual(
      rules.filter((file) => !subjects.has(file)),
      [],
    );
  });

  it("keeps Pulumi's internals in one file, and configuration out of components", () => {
    const internals = imports.filter(({ to }) => to.startsWith("@pulumi/pulumi/runtime/")).map(({ from }) => from);
    assert.deepEqual([...new Set(internals)], ["offline/graph.ts", "offline/placeholders.ts"]);
    for (const file of sources.filter((name) => name.startsWith("components/")))
      assert.doesNotMatch(readFileSync(file, "utf8"), /pulumi\.Config\b|getStack\(|process\.env|getProject\(/, file);
  });

  it("has a name for every file that says what is in it", () => {
    assert.deepEqual(
      tracked.filter((file) => /(^|\/)(utils?|utilities|helpers?|common|misc)\b/.test(file)),
      [],
    );
  });

  it("states nothing of the machine it was made on", () => {
    const text = tracked.filter((file) => !file.startsWith("test/layout"));
    for (const file of text) assert.doesNotMatch(readFileSync(file, "utf8"), /\/work\/|\/root\/|"resolved":/, file);
  });
});

describe("entry points", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown> & {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  it("gives Pulumi the program, and never type-checks it", () => {
    const { main, runtime, stackConfigDir } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
      main: string;
      stackConfigDir: string;
      runtime: object;
    };
    assert.deepEqual([main, stackConfigDir], ["index.ts", "stacks"]);
    assert.deepEqual(runtime, { name: "nodejs", options: { typescript: false, nodeargs: "-r tsx/cjs" } });
    // Only the clone runs sources.
    assert.ok("tsx" in manifest.devDependencies);
  });

  it("gives the plugin host its entry point, and npm the components, both built", () => {
    assert.equal(manifest.main, "dist/plugin/index.js");
    const exports = manifest.exports as Record<string, unknown>;
    assert.deepEqual(exports["."], { types: "./dist/components/index.d.ts", default: "./dist/components/index.js" });
    assert.deepEqual(exports["./testing"], {
      types: "./dist/offline/testing.d.ts",
      default: "./dist/offline/testing.js",
    });
    assert.deepEqual(exports["./policies"], {
      types: "./dist/policies/index.d.ts",
      default: "./dist/policies/index.js",
    });
    assert.equal(readFileSync("PulumiPlugin.yaml", "utf8"), "runtime: nodejs\n");
    const { compilerOptions } = JSON.parse(readFileSync("tsconfig.build.json", "utf8")) as {
      compilerOptions: Record<string, unknown>;
    };
    assert.deepEqual([compilerOptions.rootDir, compilerOptions.outDir], [".", "dist"]);
  });

  it("exports every component from the public surface, and nothing by star", () => {
    const index = readFileSync("components/index.ts", "utf8");
    assert.equal(classes.length, 16);
    for (const { name } of classes) assert.match(index, new RegExp(`export \\{[^}]*\\b${name}\\b`), name);
    assert.doesNotMatch(index, /export \*/);
  });

  it("pins what only the clone uses, and takes newer minor versions where a program has them", () => {
    for (const [name, version] of Object.entries(manifest.devDependencies))
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    for (const [name, version] of Object.entries(manifest.dependencies))
      assert.match(version, /^\^\d+\.\d+\.\d+$/, name);
  });
});
