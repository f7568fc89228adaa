import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A project with the package, as npm puts it there. */
export interface Installed {
  folder: string;
  /** Where the package lies in it. */
  target: string;
  remove: () => void;
}

let tarball: Promise<{ folder: string; file: string }> | undefined;

/** What `npm publish` would send. It is made once for all tests of a process. */
export function pack(): Promise<{ folder: string; file: string }> {
  return (tarball ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "tarball-"));
    process.once("exit", () => {
      rmSync(folder, { recursive: true });
    });
    await run("npm", ["pack", "--silent", "--pack-destination", folder]);
    const [file = ""] = readdirSync(folder);
    return { folder, file: join(folder, file) };
  })());
}

/**
 * Unpacks what `npm publish` would send into a project of its own. Only the dependencies that it declares are there, and
 * come from our own folder: a registry takes as long as it likes.
 */
export async function install(at = "node_modules/eks-fast-disks"): Promise<Installed> {
  const { file } = await pack();
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  const target = join(folder, at);
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", file, "-C", target, "--strip-components", "1"]);
  const { dependencies } = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const [name, range] of Object.entries(dependencies)) {
    const source = resolve("node_modules", name);
    const installed = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
    // The tested versions are the lowest ones that the package takes.
    assert.equal(`^${installed.version.replace(/^v/, "")}`, range, name);
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(source, join(folder, "node_modules", name));
  }
  return {
    folder,
    target,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** Folders that programs in other languages lie in, in which the engine starts the plugin, by what they are. */
export const userFolders = {
  "an empty folder": () => mkdtempSync(join(tmpdir(), "program-")),
  // The options are those of TypeScript 3.8, which the SDK brings.
  "a folder with a tsconfig of another program": () => {
    const folder = mkdtempSync(join(tmpdir(), "program-"));
    const compilerOptions = {
      target: "es5",
      module: "esnext",
      moduleResolution: "classic",
      lib: ["es5"],
      types: ["another-program"],
      rootDir: "source",
      outDir: "made",
      paths: { "@pulumi/*": ["source/*"] },
      baseUrl: ".",
      allowJs: true,
      checkJs: true,
      strict: true,
      noUnusedLocals: true,
      isolatedModules: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["source"] }));
    return folder;
  },
};

/** A component provider, as the engine talks to it. */
export interface Plugin {
  client: services.ResourceProviderClient;
  /** What it wrote to stderr. */
  errors: () => string;
  pid: number;
  stop: () => void;
}

/** Starts the package by Pulumi's own plugin runner, from a user's folder, as the engine does. */
export async function startPlugin(target: string, cwd: string, engine = "127.0.0.1:1"): Promise<Plugin> {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-plugin");
  const args = ["-r", require.resolve("./without-typescript"), runner, target, engine];
  const host = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  host.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [port] = (await Promise.race([once(host.stdout, "data"), once(host, "exit")])) as [unknown];
  assert.match(String(port).trim(), /^\d{4,5}$/, errors);
  const address = `127.0.0.1:${String(port).trim()}`;
  const client = new services.ResourceProviderClient(address, grpc.credentials.createInsecure());
  return {
    client,
    errors: () => errors,
    pid: host.pid ?? 0,
    stop: () => {
      client.close();
      host.kill();
    },
  };
}

/** What a plugin answers to GetSchema. */
export function readSchema({ client }: Plugin): Promise<string> {
  return new Promise((fulfil, reject) => {
    client.getSchema(new messages.GetSchemaRequest(), (error: Error | null, response: messages.GetSchemaResponse) => {
      if (error) reject(error);
      else fulfil(response.getSchema());
    });
  });
}
