import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { serveHealth } from "./api-server";
import { Aws } from "./aws";
import type { Settings } from "./changes";
import { Docker } from "./docker";
import { Kubernetes } from "./kubernetes";
import { serveProvider } from "./provider";
import type { Action, Cloud, Observer, Served } from "./provider";
import { World } from "./world";

const root = resolve(__dirname, "..", "..");

/** What an engine's command did. */
export interface Outcome {
  ok: boolean;
  output: string;
  /** What reached the cloud, `delete <type>::<name>`, in order. */
  actions: string[];
}

/** The placeholder providers of a stack. */
export interface Clouds {
  aws: Aws;
  docker: Docker;
  kubernetes: Kubernetes;
}

interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  provider?: string;
  deletedWith?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, (string | null)[] | null>;
}

/** A stack of this program under the real engine, with placeholder providers and a world of its own. */
export class Stack {
  readonly world = new World();
  /** An action to fail once, before it reaches the cloud. */
  interruptAt: { action: Action; urn: string } | undefined;
  /** Whether the next image is pushed without the engine's knowledge. */
  dieAfterPush = false;
  private actions: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "fast-disks-engine-"));
  private readonly project = join(this.folder, "project");
  private readonly stackFile = join(this.project, "stacks", "Pulumi.test.yaml");
  private readonly state = join(this.folder, "state");
  private readonly servers: Served[] = [];
  private readonly stops: (() => void)[] = [];
  private environment: NodeJS.ProcessEnv = {};

  /**
   * Starts the providers and makes an empty stack; `before` is what others make in the account first, `fill` writes the
   * project.
   */
  static async start(
    before: (clouds: Clouds) => void = () => undefined,
    fill: (project: string) => void = linkClone,
  ): Promise<Stack> {
    const stack = new Stack();
    mkdirSync(dirname(stack.stackFile), { recursive: true });
    mkdirSync(stack.state);
    fill(stack.project);
    const api = await serveHealth();
    stack.stops.push(api.stop);
    const clouds: Clouds = {
      aws: new Aws(stack.world, api.url),
      docker: new Docker(stack.world, stack.project, () => {
        if (!stack.dieAfterPush) return;
        stack.dieAfterPush = false;
        throw new Error("interrupted by the test");
      }),
      kubernetes: new Kubernetes(stack.world),
    };
    before(clouds);
    const observe: Observer = (action, urn) => {
      stack.actions.push(`${action} ${shortName(urn)}`);
      const { interruptAt } = stack;
      if (interruptAt?.action !== action || interruptAt.urn !== urn) return;
      stack.interruptAt = undefined;
      throw new Error("interrupted by the test");
    };
    const ports: string[] = [];
    for (const [name, cloud] of Object.entries<Cloud>({ ...clouds })) {
      const served = await serveProvider(cloud, observe);
      stack.servers.push(served);
      ports.push(`${name}:${served.port}`);
    }
    if (!isOnPath("pulumi-resource-eks")) ports.push(`eks:${await stack.startPlugin("eks-plugin.ts")}`);
    stack.environment = {
      ...process.env,
      PULUMI_HOME: join(stack.folder, "home"),
      PULUMI_BACKEND_URL: `file://${stack.state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Written at the end of a command alone: twice per resource is most of what a destroy takes.
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_PROVIDERS: ports.join(","),
      AWS_REGION: "us-east-1",
    };
    const made = await stack.run("stack", "init", "test");
    if (!made.ok) throw new Error(made.output);
    return stack;
  }

  /** Sets all settings of the program. */
  configure(settings: object): void {
    const own = Object.entries(settings).map(([key, value]: [string, unknown]) => [`eks-fast-disks:${key}`, value]);
    const config = { "aws:region": "us-east-1", ...(Object.fromEntries(own) as object) };
    const { encryptionsalt } = parse(readFileSync(this.stackFile, "utf8")) as { encryptionsalt: string };
    writeFileSync(this.stackFile, stringify({ encryptionsalt, config }));
  }

  preview(...args: string[]): Promise<Outcome> {
    return this.run("preview", ...args);
  }

  up(...args: string[]): Promise<Outcome> {
    return this.run("up", "--yes", "--skip-preview", ...args);
  }

  /** As a user does it: nothing is done where the preview fails. */
  upAfterPreview(): Promise<Outcome> {
    return this.run("up", "--yes");
  }

  destroy(): Promise<Outcome> {
    return this.run("destroy", "--yes", "--skip-preview");
  }

  /** As a user does it: nothing is done where the preview fails. */
  destroyAfterPreview(): Promise<Outcome> {
    return this.run("destroy", "--yes");
  }

  refresh(): Promise<Outcome> {
    return this.run("refresh", "--yes", "--skip-preview");
  }

  /** Whether the action to fail was met. */
  wasInterrupted(): boolean {
    return this.interruptAt === undefined;
  }

  /** The engine's and the cloud's state, to come back to. */
  save(): () => void {
    const copy = mkdtempSync(join(this.folder, "saved-"));
    cpSync(this.state, copy, { recursive: true });
    const world = this.world.save();
    return () => {
      rmSync(this.state, { recursive: true });
      cpSync(copy, this.state, { recursive: true });
      this.world.restore(world);
    };
  }

  /** URNs of the custom resources in the engine's state. */
  async resources(): Promise<string[]> {
    return (await this.export())
      .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
      .map(({ urn }) => urn);
  }

  /**
   * The most paths that lead from one resource along dependencies. With `--continue-on-error` the engine walks each of them
   * after a deletion that failed (`markAsDependency` does not look whether it has been there).
   */
  async mostPaths(): Promise<{ urn: string; paths: number }> {
    const paths = new Map<string, number>();
    let most = { urn: "", paths: 0 };
    // In the state a resource comes after what it depends on.
    for (const {
      urn,
      dependencies = [],
      propertyDependencies = {},
      provider = "",
      deletedWith = "",
    } of await this.export()) {
      const edges = [
        ...dependencies,
        ...Object.values(propertyDependencies).flatMap((urns) => urns ?? []),
        deletedWith,
      ];
      edges.push(provider.split("::").slice(0, -1).join("::"));
      const sum = edges.reduce((total, edge) => total + (paths.get(edge ?? "") ?? 0), 1);
      paths.set(urn, sum);
      if (sum > most.paths) most = { urn, paths: sum };
    }
    return most;
  }

  private async export(): Promise<StateResource[]> {
    const { output } = await this.run("stack", "export");
    const { deployment } = JSON.parse(output.slice(output.indexOf("{"))) as {
      deployment: { resources?: StateResource[] };
    };
    return deployment.resources ?? [];
  }

  async run(...args: string[]): Promise<Outcome> {
    this.actions = [];
    const common = ["--non-interactive", "--color", "never", "-C", this.project];
    const child = spawn("pulumi", [...args, ...common], { env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { ok: code === 0, output, actions: this.actions };
  }

  stop(): void {
    for (const stop of this.stops) stop();
    for (const { stop } of this.servers) stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a component plugin of ours and gives the port that it prints. */
  private async startPlugin(file: string): Promise<string> {
    const stdio = ["ignore", "pipe", "inherit"] as ["ignore", "pipe", "inherit"];
    const args = ["-r", "tsx/cjs", join(__dirname, file), "127.0.0.1:1"];
    const plugin = spawn(process.execPath, args, { cwd: root, stdio });
    this.stops.push(() => plugin.kill());
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    return port.toString().trim();
  }
}

/** The clone, with stack files of its own: the engine writes into them. */
function linkClone(project: string): void {
  for (const entry of readdirSync(root))
    if (![".git", "stacks"].includes(entry)) symlinkSync(join(root, entry), join(project, entry));
}

/** Settings of a stack file, with a network range that EKS takes. */
export function settingsOf(stack: string): Settings {
  const { config } = parse(readFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "utf8")) as { config: object };
  const own = Object.entries(config).filter(([key]) => key.startsWith("eks-fast-disks:"));
  const settings = Object.fromEntries(
    own.map(([key, value]) => [key.split(":")[1], value as unknown]),
  ) as unknown as Settings;
  if (settings.cluster.publicAccessCidrs !== undefined) settings.cluster.publicAccessCidrs = ["8.8.8.0/24"];
  return settings;
}

/** `type::name` of a URN. */
export function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").pop() ?? ""}::${name}`;
}

export function isOnPath(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}
