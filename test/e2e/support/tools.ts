import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, run } from "./process";

const tools = join(__dirname, "..", "tools");

interface GoProgram {
  /** Folder of its module below `tools/`. */
  module: string;
  package: string;
  flags?: string;
}

export const kubernetesVersion = "1.35.4";
const [major = "", minor = ""] = kubernetesVersion.split(".");
const kubernetesFlags = [`gitVersion=v${kubernetesVersion}`, `gitMajor=${major}`, `gitMinor=${minor}`]
  .map((it) => `-X k8s.io/component-base/version.${it}`)
  .join(" ");
const goPrograms = {
  kubernetes: { module: "kubernetes", package: ".", flags: kubernetesFlags },
  "kube-controller-manager": {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    flags: kubernetesFlags,
  },
  "kube-scheduler": { module: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-scheduler", flags: kubernetesFlags },
  helm: { module: "helm", package: "helm.sh/helm/v3/cmd/helm" },
  "karpenter-controller": { module: "karpenter", package: "github.com/aws/karpenter-provider-aws/cmd/controller" },
  "karpenter-kwok": { module: "karpenter", package: "github.com/aws/karpenter-provider-aws/kwok" },
  drift: { module: "drift", package: "." },
  packing: { module: "packing", package: "." },
  kwok: { module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
  prometheus: { module: "prometheus", package: "." },
  actionlint: { module: "workflows", package: "github.com/rhysd/actionlint/cmd/actionlint" },
} satisfies Record<string, GoProgram>;
const goEnvironment = { CGO_ENABLED: "0", GOTOOLCHAIN: "local" };

/** What the loaded files need, by name. */
const needed = new Map<string, { prepare: () => Promise<void>; lasts: boolean }>();

/** Has something done before the first test starts anything; called while files are loaded. */
export function need(
  name: string,
  prepare: () => Promise<void>,
  /** Whether what is made stays for later runs. */
  { lasts = true } = {},
): void {
  needed.set(name, { prepare, lasts });
}

/**
 * Does all that the loaded files need, one after the other, with a line on stderr for each step that takes time. With
 * `BUILD_ONLY` it does what stays for later runs, and nothing beside it.
 */
export async function prepare(): Promise<void> {
  for (const step of needed.values()) if (step.lasts || process.env.BUILD_ONLY === undefined) await step.prepare();
}

/** Path of a Go program, which is built before the first test if its module has changed since the last time. */
export function goProgram(name: keyof typeof goPrograms): string {
  const program: GoProgram = goPrograms[name];
  const folder = join(tools, program.module);
  const binary = join(cache, "bin", name);
  const args = ["build", "-trimpath", "-ldflags", `-s -w ${program.flags ?? ""}`, "-o", binary, program.package];
  need(name, () =>
    once(binary, [hashOf(folder), JSON.stringify(program)], name, async () => {
      await run("go", args, { cwd: folder, env: goEnvironment });
    }),
  );
  return binary;
}

/** Folder of a Go module that one of the programs is built from, for its files; known once everything is prepared. */
export function goModule(program: keyof typeof goPrograms, path: string): () => string {
  const cwd = join(tools, goPrograms[program].module);
  let folder = "";
  need(path, async () => {
    await run("go", ["mod", "download", path], { cwd, env: goEnvironment });
    folder = (await run("go", ["list", "-m", "-f", "{{.Dir}}", path], { cwd, env: goEnvironment })).trim();
  });
  return () => folder;
}

/** Folder of a Go module that nothing is built from: only its files are read; known once everything is prepared. */
export function moduleOf(declaredIn: string, path: string): () => string {
  let folder = "";
  need(path, async () => {
    const cwd = join(tools, declaredIn);
    const answer = await run("go", ["mod", "download", "-json", path], { cwd, env: goEnvironment });
    folder = (JSON.parse(answer) as { Dir: string }).Dir;
  });
  return () => folder;
}

/** Folder of the programs of a Python environment with the packages of `tools/<module>/requirements.txt`. */
export function pythonPrograms(module: string, program: string): string {
  const folder = join(cache, "python", module);
  const programs = join(folder, "bin");
  const requirements = join(tools, module, "requirements.txt");
  need(program, () =>
    once(join(programs, program), [hashOf(join(tools, module))], program, async () => {
      await run("python3", ["-m", "venv", "--clear", folder]);
      await run(join(programs, "python"), ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
    }),
  );
  return programs;
}

/** Folder of a tool with a package.json of its own, whose packages are installed before the first test. */
export function nodeTool(name: string): string {
  const folder = join(tools, name);
  need(name, () =>
    once(join(folder, "node_modules", ".package-lock.json"), [hashOf(folder)], name, async () => {
      await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
    }),
  );
  return folder;
}

async function once(product: string, parts: string[], name: string, build: () => Promise<void>): Promise<void> {
  const stamp = join(cache, "stamps", name);
  const key = createHash("sha256").update(parts.join("\0")).digest("hex");
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  process.stderr.write(`  building ${name} …\n`);
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const reminder = setInterval(() => process.stderr.write(`  building ${name}: ${seconds()} s so far\n`), 60_000);
  try {
    await build();
  } finally {
    clearInterval(reminder);
  }
  mkdirSync(join(cache, "stamps"), { recursive: true });
  writeFileSync(stamp, key);
  process.stderr.write(`  built ${name} in ${seconds()} s\n`);
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { withFileTypes: true }))
    if (file.isFile()) hash.update(`${file.name}\0`).update(readFileSync(join(folder, file.name)));
  return hash.digest("hex");
}
