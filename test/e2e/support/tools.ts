import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export const root = join(__dirname, "..", "..", "..");
const tools = join(__dirname, "..", "tools");
/** What is built, downloaded and logged: git, linters and formatters pass over it, and `npm ci` leaves it alone. */
export const cache = join(tools, "node_modules", ".cache");

interface GoTool {
  /** Folder of its module below `tools/`. */
  module: string;
  package: string;
  flags?: string;
}

const version = "k8s.io/component-base/version";
const goTools = {
  kubernetes: {
    module: "kubernetes",
    package: ".",
    flags: ["gitVersion=v1.35.4", "gitMajor=1", "gitMinor=35"].map((it) => `-X ${version}.${it}`).join(" "),
  },
  helm: { module: "helm", package: "helm.sh/helm/v3/cmd/helm" },
  "karpenter-controller": { module: "karpenter", package: "github.com/aws/karpenter-provider-aws/cmd/controller" },
  "karpenter-kwok": { module: "karpenter", package: "github.com/aws/karpenter-provider-aws/kwok" },
  kwok: { module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
} satisfies Record<string, GoTool>;

/** Path of a Go program, built if its module has changed since the last time. */
export function goTool(name: keyof typeof goTools): string {
  const tool: GoTool = goTools[name];
  const folder = join(tools, tool.module);
  const binary = join(cache, "bin", name);
  once(binary, [hashOf(folder), JSON.stringify(tool)], name, () => {
    const args = ["build", "-trimpath", "-ldflags", `-s -w ${tool.flags ?? ""}`, "-o", binary, tool.package];
    run("go", args, { cwd: folder, env: goEnvironment });
  });
  return binary;
}

const goEnvironment = { CGO_ENABLED: "0", GOTOOLCHAIN: "local" };

/** Folder of a Go module that one of the tools is built from, for its data files. */
export function goModule(tool: keyof typeof goTools, path: string): string {
  const cwd = join(tools, goTools[tool].module);
  run("go", ["mod", "download", path], { cwd, env: goEnvironment });
  return run("go", ["list", "-m", "-f", "{{.Dir}}", path], { cwd, env: goEnvironment }).trim();
}

/** Python of an environment with the packages of `tools/aws/requirements.txt`. */
export function python(): string {
  const folder = join(cache, "python");
  const requirements = join(tools, "aws", "requirements.txt");
  once(join(folder, "bin", "moto_server"), [hashOf(join(tools, "aws"))], "moto", () => {
    run("python3", ["-m", "venv", "--clear", folder]);
    run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  });
  return join(folder, "bin", "python");
}

/** Folder of a tool with a package.json of its own, its packages installed. */
export function nodeTool(name: string): string {
  const folder = join(tools, name);
  once(join(folder, "node_modules", ".package-lock.json"), [hashOf(folder)], name, () => {
    run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  });
  return folder;
}

/** Runs a program to its end and gives its output; a missing or failing one throws with its name. */
export function run(
  program: string,
  args: string[],
  { cwd, env, input }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    cwd: cwd ?? root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    ...(input !== undefined && { input }),
  });
  if (error && (error as NodeJS.ErrnoException).code === "ENOENT")
    throw new Error(`${program}: this tool is missing; the list of what has to be installed is in test/e2e/README.md`);
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${String(status)}\n${stderr || stdout}`);
  return stdout;
}

/** A server that runs until `stop`, its output in `tools/node_modules/.cache/logs`. */
export interface Server {
  log: string;
  /** Whether it still runs. */
  alive: () => boolean;
  stop: () => Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

export function serve(name: string, program: string, args: string[], env: Record<string, string> = {}): Server {
  mkdirSync(join(cache, "logs"), { recursive: true });
  const log = join(cache, "logs", `${name}.log`);
  const output = openSync(log, "w");
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", output, output] });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      appendFileSync(log, `${program}: ${error.message}\n`);
      resolve();
    });
    child.once("exit", () => {
      running.delete(child);
      resolve();
    });
  });
  return {
    log,
    alive: () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Notes servers that stop at the end of the surrounding `describe`, whatever happened in between. */
export function stopsAfter(): <T extends { stop: () => Promise<void> }>(server: T) => T {
  const started: { stop: () => Promise<void> }[] = [];
  after(() => Promise.all(started.map((server) => server.stop())));
  return (server) => {
    started.push(server);
    return server;
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until the answer is there; after the deadline throws with what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { seconds = 60, every = 0.25 }: { seconds?: number; every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${seconds} s${last instanceof Error ? `; last: ${last.message}` : ""}`);
    await pause(every);
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function once(product: string, parts: string[], name: string, build: () => void): void {
  const stamp = join(cache, "stamps", name);
  const key = createHash("sha256").update(parts.join("\0")).digest("hex");
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  process.stderr.write(`  building ${name} …\n`);
  const start = Date.now();
  build();
  mkdirSync(join(cache, "stamps"), { recursive: true });
  writeFileSync(stamp, key);
  process.stderr.write(`  built ${name} in ${Math.round((Date.now() - start) / 1000)} s\n`);
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { withFileTypes: true }))
    if (file.isFile()) hash.update(`${file.name}\0`).update(readFileSync(join(folder, file.name)));
  return hash.digest("hex");
}
