import type { PolicyPackConfig } from "@pulumi/policy";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Resource } from "../../offline/graph";

/** What a policy said, as the engine would print it. */
export interface Diagnostic {
  policy: string;
  level: string;
  message: string;
  urn: string;
}

type Properties = Record<string, JavaScriptValue>;
type Options = proto.AnalyzerResourceOptions;
const levelOf = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
  remediate: proto.EnforcementLevel.REMEDIATE,
};
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The engine's side of the analyzer protocol. */
export class Engine {
  private constructor(
    private readonly client: AnalyzerClient,
    /** Ends the pack's process. */
    readonly stop: () => void,
  ) {}

  /** Starts the pack as Pulumi does: the SDK's runner in the pack's folder, which prints its port. */
  static async start(folder: string): Promise<Engine> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const stdio = ["ignore", "pipe", "inherit"] as ["ignore", "pipe", "inherit"];
    const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], { cwd: folder, stdio });
    const [port] = (await Promise.race([
      once(pack.stdout, "data"),
      once(pack, "exit").then(() => Promise.reject(new Error("the pack ended before it printed its port"))),
    ])) as [Buffer];
    const client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
    return new Engine(client, () => {
      client.close();
      pack.kill();
    });
  }

  info(): Promise<proto.AnalyzerInfo.AsObject> {
    return call<proto.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done)).then((it) =>
      it.toObject(),
    );
  }

  /** Hands over a configuration as the engine reconciles it: with the defaults of the policies' schemas. */
  async configure(config: PolicyPackConfig): Promise<void> {
    const info = await call<proto.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done));
    const request = new proto.ConfigureAnalyzerRequest();
    for (const policy of info.getPoliciesList()) {
      const schema = (policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as Record<string, Properties>;
      const given = config[policy.getName()] ?? config.all ?? {};
      const { enforcementLevel, ...settings } = typeof given === "string" ? { enforcementLevel: given } : given;
      const defaults = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, value.default ?? null]));
      const message = new proto.PolicyConfig();
      message.setEnforcementlevel(enforcementLevel ? levelOf[enforcementLevel] : policy.getEnforcementlevel());
      message.setProperties(Struct.fromJavaScript({ ...defaults, ...settings }));
      request.getPolicyconfigMap().set(policy.getName(), message);
    }
    await call((done) => this.client.configure(request, done));
  }

  /** What resource policies say of a resource's inputs. */
  async analyze(resource: Resource, stack: Resource[]): Promise<Diagnostic[]> {
    const request = new proto.AnalyzeRequest();
    fill(request, resource, resource.inputs, stack);
    return diagnosticsOf(await call((done) => this.client.analyze(request, done)));
  }

  /** What stack policies say of all resources' outputs. */
  async analyzeStack(stack: Resource[]): Promise<Diagnostic[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(
      stack.map((resource) => {
        const message = new proto.AnalyzerResource();
        fill(message, resource, resource.custom ? resource.outputs : {}, stack);
        message.setParent(resource.parent === undefined ? "" : urnOf(resource.parent, stack));
        message.setDependenciesList(resource.dependencies.map((key) => urnOf(key, stack)));
        for (const [property, keys] of Object.entries(resource.propertyDependencies)) {
          const urns = new proto.AnalyzerPropertyDependencies();
          urns.setUrnsList(keys.map((key) => urnOf(key, stack)));
          message.getPropertydependenciesMap().set(property, urns);
        }
        return message;
      }),
    );
    return diagnosticsOf(await call((done) => this.client.analyzeStack(request, done)));
  }
}

/** A value that is secret, as it travels. */
export function secret(value: unknown): unknown {
  return { ...secretMark, value };
}

export function isSecret(value: object): boolean {
  return Object.keys(secretMark).some((key) => key in value);
}

function call<T>(start: (done: (error: Error | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

function fill(
  message: proto.AnalyzeRequest | proto.AnalyzerResource,
  resource: Resource,
  properties: Record<string, unknown>,
  stack: Resource[],
): void {
  const options: Options = new proto.AnalyzerResourceOptions();
  if (resource.parent !== undefined) options.setParent(urnOf(resource.parent, stack));
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource.key, stack));
  message.setOptions(options);
  message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Properties));
}

/** A URN names the types of all parents. */
function urnOf(key: string, stack: Resource[]): string {
  const types: string[] = [];
  for (let here = stack.find((one) => one.key === key); here;) {
    types.unshift(here.type);
    const { parent } = here;
    here = stack.find((one) => one.key === parent);
  }
  return `urn:pulumi:test::eks-fast-disks::${types.join("$")}::${key.split("::").pop() ?? ""}`;
}

function diagnosticsOf(response: proto.AnalyzeResponse): Diagnostic[] {
  return response
    .getDiagnosticsList()
    .map((one) => ({
      policy: one.getPolicyname(),
      level: Object.entries(levelOf).find(([, level]) => level === one.getEnforcementlevel())?.[0] ?? "",
      message: one.getMessage(),
      urn: one.getUrn(),
    }));
}
