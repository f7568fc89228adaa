import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { appendFileSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export const root = join(__dirname, "..", "..", "..");
/** What is built, downloaded and logged: git, linters and formatters ignore it, and `npm ci` does not remove it. */
export const cache = join(__dirname, "..", "tools", "node_modules", ".cache");

/**
 * Runs a program to its end and gives its output; a missing or failing one throws with its name. The event loop goes on
 * meanwhile, so that connections which servers close are noticed before they are used again.
 */
export function run(
  program: string,
  args: string[],
  { cwd, env, input }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: cwd ?? root, env: { ...process.env, ...env } });
    running.add(child);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    // A program that does not read its input says why when it ends.
    child.stdin.on("error", () => undefined).end(input);
    child.once("error", (error: NodeJS.ErrnoException) => {
      running.delete(child);
      reject(
        error.code === "ENOENT" ? new Error(`${program}: not found; test/e2e/README.md lists what to install`) : error,
      );
    });
    child.once("close", (status, signal) => {
      running.delete(child);
      const text = Buffer.concat(output).toString();
      if (status === 0) resolve(text);
      else {
        const said = Buffer.concat(errors).toString() + text;
        reject(new Error(`${program} ${args.join(" ")}: exit ${String(status ?? signal)}\n${said}`));
      }
    });
  });
}

/** A server that runs until `stop`, its output in `tools/node_modules/.cache/logs`. */
export interface Server {
  log: string;
  /** Whether it still runs. */
  alive: () => boolean;
  /** Resident memory in bytes. */
  memory: () => number;
  /** Asks it to end, and waits. */
  terminate: () => Promise<void>;
  stop: () => Promise<void>;
}

const running = new Set<ChildProcess>();
const crashes = new Set<string>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** The servers that have ended although nobody stopped them. */
export function crashedServers(): string[] {
  return [...crashes];
}

export function serve(name: string, program: string, args: string[], env: Record<string, string> = {}): Server {
  mkdirSync(join(cache, "logs"), { recursive: true });
  const log = join(cache, "logs", `${name}.log`);
  const output = openSync(log, "w");
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", output, output] });
  running.add(child);
  const crash = `${name} has ended; see ${log}`;
  const state = { stopped: false };
  const ended = new Promise<void>((resolve) => {
    const ends = () => {
      running.delete(child);
      if (!state.stopped) crashes.add(crash);
      resolve();
    };
    child.once("error", (error) => {
      appendFileSync(log, `${program}: ${error.message}\n`);
      ends();
    });
    child.once("exit", ends);
  });
  const end = async (signal: NodeJS.Signals) => {
    state.stopped = true;
    crashes.delete(crash);
    child.kill(signal);
    await ended;
  };
  return {
    log,
    alive: () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
    memory: () => {
      const [, kB = "0"] = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8")) ?? [];
      return Number(kB) * 1024;
    },
    terminate: () => end("SIGTERM"),
    stop: () => end("SIGKILL"),
  };
}

/** Notes servers that stop at the end of the surrounding `describe`, whatever happened in between. */
export function stopsAfter(): <T extends { stop: () => Promise<void> }>(server: T) => T {
  const started: { stop: () => Promise<void> }[] = [];
  after(async () => {
    // What was started last uses what was started first.
    for (const server of started.reverse()) await server.stop();
  });
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
