import type { handleUnaryCall } from "@grpc/grpc-js";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as monitor from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";

export type Values = Record<string, unknown>;

/** A resource as it arrives at the engine: inputs with the marks of outputs, secrets and references in them. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  remote: boolean;
  inputs: Values;
}

export interface Made {
  id: string;
  outputs: Values;
  /** Resources inside a remote component that its outputs refer to. */
  children?: { urn: string; id: string; state: Values }[];
}

/** Who answers in the place of providers. Inputs come without marks; what is unknown is `unknownValue`. */
export interface Answers {
  register(registration: Registration, inputs: Values): Made;
  invoke(token: string, args: Values): Values;
  /** Makes a remote component of a package by its own plugin; without it, `register` answers. */
  construct?(request: monitor.RegisterResourceRequest): Promise<provider.ConstructResponse | undefined>;
}

/** One run of the program. */
export interface Recording {
  registrations: Registration[];
  errors: string[];
  exitCode: number | null;
}

/** How the wire says that only `up` will know a value. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const referenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** Whether a value travels as an Output, which no plain argument can take. */
export function isOutputValue(value: unknown): boolean {
  return signatureOf(value) === outputSignature;
}

/** A value as it travels inside an Output that is known. */
export function outputOf(value: unknown): Values {
  return { [signatureKey]: outputSignature, value };
}

/** A reference to a resource, as a remote component's outputs hold it. */
export function referenceTo(urn: string, id: string): Values {
  return { [signatureKey]: referenceSignature, urn, id };
}

/** What programs and component providers talk to. */
export interface Engine {
  address: string;
  stop: () => void;
}

/** Starts a monitor with the features of the real engine: output values above all, which mocks switch off. */
export async function startEngine(answers: Answers, recording: Omit<Recording, "exitCode">): Promise<Engine> {
  const states = new Map<string, Values>();
  const server = new Server();
  const answer = answering((error) => recording.errors.push(error));
  server.addService(EngineService, {
    log: answer<engine.LogRequest>((request) => {
      if (request.getSeverity() === engine.LogSeverity.ERROR) recording.errors.push(request.getMessage());
      return new Empty();
    }),
    getRootResource: answer(() => new engine.GetRootResourceResponse()),
    setRootResource: answer(() => new engine.SetRootResourceResponse()),
    requirePulumiVersion: answer(() => new engine.RequirePulumiVersionResponse()),
    startDebugging: answer(() => new Empty()),
  });
  server.addService(ResourceMonitorService, {
    supportsFeature: answer(() => {
      const response = new monitor.SupportsFeatureResponse();
      response.setHassupport(true);
      return response;
    }),
    registerPackage: answer(() => new monitor.RegisterPackageResponse()),
    registerResourceOutputs: answer(() => new Empty()),
    signalAndWaitForShutdown: answer(() => new Empty()),
    registerResource: answer<monitor.RegisterResourceRequest>(async (request) => {
      const constructed = request.getRemote() ? await answers.construct?.(request) : undefined;
      if (constructed) {
        const response = new monitor.RegisterResourceResponse();
        response.setUrn(constructed.getUrn());
        response.setObject(constructed.getState());
        return response;
      }
      const [type, name] = [request.getType(), request.getName()];
      const parent = request.getParent().split("::")[2];
      const types = parent && !parent.startsWith("pulumi:pulumi:Stack") ? `${parent}$${type}` : type;
      const urn = `urn:pulumi:test::eks-fast-disks::${types}::${name}`;
      const inputs = (request.getObject()?.toJavaScript() ?? {}) as Values;
      const registration = { urn, type, name, remote: request.getRemote(), inputs };
      recording.registrations.push(registration);
      const { id, outputs, children = [] } = answers.register(registration, unmark(inputs) as Values);
      for (const child of [{ urn, id, state: outputs }, ...children]) states.set(child.urn, child);
      const response = new monitor.RegisterResourceResponse();
      response.setUrn(urn);
      if (request.getCustom()) response.setId(id);
      response.setObject(toStruct(outputs));
      return response;
    }),
    invoke: answer<monitor.ResourceInvokeRequest>((request) => {
      const args = unmark(request.getArgs()?.toJavaScript() ?? {}) as Values;
      const response = new provider.InvokeResponse();
      const known = states.get(String(args.urn));
      response.setReturn(toStruct(known ?? answers.invoke(request.getTok(), args)));
      return response;
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

/** Runs the program in `index.ts` by Pulumi's own runner. */
export async function runProgram(config: Values, dryRun: boolean, answers: Answers): Promise<Recording> {
  const recording: Recording = { registrations: [], errors: [], exitCode: null };
  const { address, stop } = await startEngine(answers, recording);
  const child = spawn(
    process.execPath,
    [
      ...["-r", "tsx/cjs", require.resolve("@pulumi/pulumi/cmd/run"), "--monitor", address, "--engine", address],
      ...["--project", "eks-fast-disks", "--stack", "test", "--pwd", process.cwd(), "--parallel", "16"],
      ...(dryRun ? ["--dry-run"] : []),
      "index.ts",
    ],
    { env: { ...process.env, PULUMI_CONFIG: JSON.stringify(texts(config)) }, stdio: ["ignore", "ignore", "pipe"] },
  );
  child.stderr.on("data", (chunk: Buffer) => recording.errors.push(chunk.toString()));
  [recording.exitCode] = (await once(child, "close")) as [number | null];
  stop();
  return recording;
}

function answering(report: (error: string) => void) {
  return <Request>(respond: (request: Request) => unknown): handleUnaryCall<Request, unknown> =>
    (call, callback) => {
      Promise.resolve(call.request)
        .then(respond)
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            const details = error instanceof Error ? error.message : String(error);
            report(details);
            callback({ code: status.UNKNOWN, details });
          },
        );
    };
}

// What a provider that knows neither outputs nor secrets is given.
function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== "object" || value === null) return value;
  const signature = signatureOf(value);
  if (signature === outputSignature) return "value" in value ? unmark(value.value) : unknownValue;
  if (signature === secretSignature) return "value" in value ? unmark(value.value) : undefined;
  if (signature === referenceSignature) return "id" in value ? value.id : undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmark(item)]));
}

function signatureOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as Values)[signatureKey] : undefined;
}

function texts(config: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

export function toStruct(values: Values): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, JavaScriptValue>);
}
