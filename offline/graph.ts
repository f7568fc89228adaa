import * as pulumi from "@pulumi/pulumi";
import type { Mocks } from "@pulumi/pulumi/runtime";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";

/** A resource as the program registers it with the engine. */
export interface Resource {
  /** `type::name`. */
  key: string;
  type: string;
  name: string;
  custom: boolean;
  /** A component whose resources a provider's own process registers. */
  remote: boolean;
  inputs: Record<string, unknown>;
  /** Paths of inputs that a remote component gets as Outputs; an input that is plain in its types cannot be an Output. */
  outputInputs: string[];
  /** The mock's answer instead of AWS or Kubernetes. */
  outputs: Record<string, unknown>;
  /** Keys. */
  parent?: string;
  dependencies: string[];
  /** Keys of the resources that each input depends on. */
  propertyDependencies: Record<string, string[]>;
  /** Key of the provider, if set. */
  provider?: string;
  protect: boolean;
  replaceOnChanges: string[];
  /** Undefined if not set: the provider decides. */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  retainOnDelete: boolean;
  deleteTimeout?: string;
}

/** Everything that one run of the program requested. */
export interface Graph {
  resources: Resource[];
  warnings: string[];
  outputs: Record<string, unknown>;
}

// Internal types of the SDK, used only in this file.
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getRetainondelete(): boolean;
  getProtect(): boolean;
  getReplaceonchangesList(): string[];
  getDeletebeforereplacedefined(): boolean;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
  getProvider(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getCustomtimeouts(): { getDelete(): string } | undefined;
  getObject: () => Struct | undefined;
}
interface Response {
  getObject: () => Struct | undefined;
}
interface Monitor {
  registerResource(request: Request, callback: Callback): void;
  supportsFeature(request: object, callback: (error: null, response: { getHassupport(): boolean }) => void): void;
}
interface Struct {
  toJavaScript: () => Record<string, unknown>;
}
type Callback = (error: Error | null, response?: Response) => void;

/** A stack to run without an engine. */
export interface Run {
  project: string;
  stack: string;
  config: Record<string, string>;
  mocks: Mocks;
}

/** Creates resources and returns the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>>;

/**
 * Runs a program under Pulumi's own runtime with mocks and records the resources that it registers. An error inside an
 * `apply` only appears as an unhandled rejection, and fails the run.
 */
export async function recordGraph(program: Program, run: Run): Promise<Graph> {
  const { stackTraceLimit } = Error;
  // Pulumi takes a stack trace of every promise and output, which costs more than the program.
  Error.stackTraceLimit = 0;
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const failure = new Promise<never>((_, reject) => process.on("unhandledRejection", reject));
  try {
    const ended = runProgram(program, run).then(async (graph) => {
      // A promise without an `await` may fail a moment later.
      await new Promise((settled) => setTimeout(settled, 20));
      return graph;
    });
    return await Promise.race([ended, failure]);
  } catch (error) {
    // Each resource that waits for the failed one reports the same error again.
    await new Promise((settled) => setTimeout(settled, 100));
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}

async function runProgram(program: Program, { project, stack, config, mocks }: Run): Promise<Graph> {
  const resources: Resource[] = [];
  const warnings: string[] = [];
  pulumi.runtime.setAllConfig(config, []);
  await pulumi.runtime.setMocks(mocks, project, stack, true);
  const monitor = getMonitor() as unknown as Monitor;
  // Enables Outputs in inputs of remote components, as the engine does.
  monitor.supportsFeature = (_, callback) => {
    callback(null, { getHassupport: () => true });
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const sent = request.getObject()?.toJavaScript() ?? {};
    const received = withoutOutputs(sent) as Record<string, unknown>;
    request.getObject = () => ({ toJavaScript: () => received });
    register(request, (error, response) => {
      if (!error && request.getType() !== "pulumi:pulumi:Stack")
        resources.push(read(request, outputsIn(sent), response));
      callback(error, response);
    });
  };
  // Without an engine the SDK's log is the console.
  const { warn } = console;
  console.warn = (message: string) => warnings.push(message.replace("warning: [runtime] ", ""));
  const exported = await pulumi.runtime.runInPulumiStack(program);
  const outputs = await resolve(pulumi.output(exported as Record<string, unknown>));
  await pulumi.runtime.disconnect();
  // A promise without an `await` is reported as rejected one turn later.
  await new Promise((turn) => setImmediate(turn));
  console.warn = warn;
  resources.sort((left, right) => (left.key < right.key ? -1 : 1));
  return { resources, warnings: warnings.sort(), outputs };
}

/** The value of an output, awaited. */
export function resolve<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as pulumi.Output<T> & { promise(): Promise<T> }).promise();
}

function read(request: Request, outputInputs: string[], response: Response | undefined): Resource {
  const timeouts = request.getCustomtimeouts();
  return {
    key: `${request.getType()}::${request.getName()}`,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    outputInputs,
    outputs: plain(response?.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    ...(keyOf(request.getParent()) && { parent: keyOf(request.getParent()) }),
    dependencies: keysOf(request.getDependenciesList()),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()]
        .map(([property, urns]) => [property, keysOf(urns.getUrnsList())] as const)
        .filter(([, keys]) => keys.length > 0)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
    ...(keyOf(request.getProvider()) && { provider: keyOf(request.getProvider()) }),
    protect: request.getProtect(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ignoreChanges: request.getIgnorechangesList(),
    retainOnDelete: request.getRetainondelete(),
    ...(timeouts?.getDelete() && { deleteTimeout: timeouts.getDelete() }),
  };
}

const signature = "4dabf18193072939515e22adb298388d";

const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Replaces Outputs by their values, as a remote component's program receives them. */
function withoutOutputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  if (isOutput(value)) return withoutOutputs((value as { value?: unknown }).value ?? pulumi.runtime.unknownValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutOutputs(item)]));
}

function outputsIn(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (isOutput(value)) return [path];
  return Object.entries(value).flatMap(([key, item]) => outputsIn(item, path === "" ? key : `${path}.${key}`));
}

function isOutput(value: object): boolean {
  return signature in value && value[signature] === outputSignature;
}

// Secrets stay hidden, references to resources become keys.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return "urn" in value ? keyOf(String(value.urn)) : "[secret]";
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, plain(item)]),
  );
}

function keysOf(urns: string[]): string[] {
  return [...new Set(urns.map(keyOf))].filter((key) => key !== "").sort();
}

function keyOf(urn: string): string {
  const [, , types, name] = urn.split("::");
  const type = types?.split("$").pop();
  return !type || !name || type === "pulumi:pulumi:Stack" ? "" : `${type}::${name}`;
}
