import type { PolicyPackConfig } from "@pulumi/policy";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a policy said, as the engine would print it. */
export interface Diagnostic {
  policy: string;
  level: string;
  message: string;
  urn: string;
}

/** A resource of a stack, as a program registers it. */
export interface Registered {
  type: string;
  name: string;
  /** Kinds of Kubernetes' objects have outputs like their inputs. */
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** Name or `type::name`. */
  parent?: string;
  /** `type::name`, also by property. */
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
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
    const policies = new Map(info.getPoliciesList().map((policy) => [policy.getName(), policy]));
    const request = new proto.ConfigureAnalyzerRequest();
    for (const name of new Set([...policies.keys(), ...Object.keys(config)])) {
      const policy = policies.get(name);
      const schema = (policy?.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as Record<string, Properties>;
      const given = config[name] ?? {};
      const { enforcementLevel, ...settings } = typeof given === "string" ? { enforcementLevel: given } : given;
      const defaults = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, value.default ?? null]));
      const all = typeof config.all === "string" ? levelOf[config.all] : undefined;
      const message = new proto.PolicyConfig();
      const ownLevel = policy?.getEnforcementlevel() ?? proto.EnforcementLevel.MANDATORY;
      message.setEnforcementlevel(enforcementLevel ? levelOf[enforcementLevel] : (all ?? ownLevel));
      message.setProperties(Struct.fromJavaScript({ ...defaults, ...settings }));
      request.getPolicyconfigMap().set(name, message);
    }
    await call((done) => this.client.configure(request, done));
  }

  /** What resource policies say of a resource's inputs. */
  async analyze(resource: Registered, stack: Registered[]): Promise<Diagnostic[]> {
    const request = new proto.AnalyzeRequest();
    fill(request, resource, resource.inputs, new Urns(stack));
    return diagnosticsOf(await call((done) => this.client.analyze(request, done)));
  }

  /** What stack policies say of all resources' outputs. */
  async analyzeStack(stack: Registered[]): Promise<Diagnostic[]> {
    const request = stackRequest(stack);
    return diagnosticsOf(await call((done) => this.client.analyzeStack(request, done)));
  }

  /** Both, as a preview asks: each resource of the list, then the stack. */
  async judge(stack: Registered[], changed: Registered[] = stack): Promise<Diagnostic[]> {
    const each = await Promise.all(changed.map((one) => this.analyze(one, stack)));
    return [...each.flat(), ...(await this.analyzeStack(stack))];
  }

  /** The inputs as the pack's remediations leave them. */
  async remediate(resource: Registered): Promise<Record<string, unknown>> {
    const request = new proto.AnalyzeRequest();
    fill(request, resource, resource.inputs, new Urns([resource]));
    const response = await call<proto.RemediateResponse>((done) => this.client.remediate(request, done));
    const last = response.getRemediationsList().at(-1)?.getProperties();
    return last ? last.toJavaScript() : resource.inputs;
  }
}

function stackRequest(stack: Registered[]): proto.AnalyzeStackRequest {
  const request = new proto.AnalyzeStackRequest();
  const urns = new Urns(stack);
  request.setResourcesList(
    stack.map((resource) => {
      const message = new proto.AnalyzerResource();
      fill(message, resource, resource.outputs ?? resource.inputs, urns);
      message.setParent(urns.of(resource.parent));
      message.setDependenciesList((resource.dependencies ?? []).map((key) => urns.of(key)));
      for (const [property, keys] of Object.entries(resource.propertyDependencies ?? {})) {
        const list = new proto.AnalyzerPropertyDependencies();
        list.setUrnsList(keys.map((key) => urns.of(key)));
        message.getPropertydependenciesMap().set(property, list);
      }
      return message;
    }),
  );
  return request;
}

/** URNs, which name the types of all parents, by name or `type::name`. */
class Urns {
  private readonly byKey = new Map<string, Registered>();
  constructor(stack: Registered[]) {
    for (const one of stack) {
      if (!this.byKey.has(one.name)) this.byKey.set(one.name, one);
      this.byKey.set(`${one.type}::${one.name}`, one);
    }
  }
  of(key: string | undefined): string {
    const types: string[] = [];
    for (let here = this.byKey.get(key ?? ""); here; here = this.byKey.get(here.parent ?? "")) types.unshift(here.type);
    return types.length > 0
      ? `urn:pulumi:test::eks-fast-disks::${types.join("$")}::${this.byKey.get(key ?? "")?.name ?? ""}`
      : "";
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
  resource: Registered,
  properties: Record<string, unknown>,
  urns: Urns,
): void {
  const options: Options = new proto.AnalyzerResourceOptions();
  if (resource.parent !== undefined) options.setParent(urns.of(resource.parent));
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urns.of(`${resource.type}::${resource.name}`));
  message.setOptions(options);
  message.setProperties(structOf(properties));
}

const structs = new Map<string, Struct>();

/** The message of a resource's properties, made once. */
function structOf(properties: Record<string, unknown>): Struct {
  const text = JSON.stringify(properties);
  const struct = structs.get(text) ?? Struct.fromJavaScript(JSON.parse(text) as Properties);
  structs.set(text, struct);
  return struct;
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
