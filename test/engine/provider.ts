import type { handleUnaryCall } from "@grpc/grpc-js";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createHash } from "node:crypto";
import type { Values } from "./values";
import { unknown } from "./values";

/** A resource as a request names it. */
export interface Target {
  type: string;
  /** Its name in the program. */
  name: string;
  /** Seven characters that are the same for the same resource and step. */
  suffix: string;
  /** What `configure` was given on this connection. */
  config: Values;
}

export interface Difference {
  /** Paths of inputs that changed. */
  changed: string[];
  /** Those that make another resource. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A resource as the engine's state has it. */
export interface Known {
  inputs: Values;
  outputs: Values;
}

/** What a placeholder provider knows of its resources. Whatever it throws is what the cloud would have answered. */
export interface Cloud {
  check(target: Target, inputs: Values, before: Values | undefined): Values;
  diff(target: Target, before: Values, after: Values): Difference;
  /** The same for the provider's own settings: a replaced provider replaces all that it made. */
  diffConfig(before: Values, after: Values): Difference;
  /** Outputs that a preview can name; the others are unknown. */
  plan(target: Target, inputs: Values, before: Values | undefined): Values;
  create(target: Target, inputs: Values): { id: string; outputs: Values };
  update(target: Target, id: string, inputs: Values, before: Values): Values;
  delete(target: Target, id: string, inputs: Values): void;
  /** What is there now; nothing where it is gone. */
  read(target: Target, id: string, known: Known): Known | undefined;
  invoke(token: string, args: Values): Values;
}

export type Action = "create" | "update" | "delete";

/** Sees every action before the cloud does; may throw. */
export type Observer = (action: Action, urn: string) => void;

/** A running provider. */
export interface Served {
  port: number;
  stop: () => void;
}

/** Serves a cloud as a provider that the engine attaches to by PULUMI_DEBUG_PROVIDERS. */
export async function serveProvider(cloud: Cloud, observe: Observer): Promise<Served> {
  // The engine opens a connection per provider resource and configures each once.
  const configs = new Map<string, Values>();
  const target = (call: Call, urn: string, seed: string): Target => ({
    type: urn.split("::")[2]?.split("$").pop() ?? "",
    name: urn.split("::")[3] ?? "",
    suffix: createHash("sha256").update(urn).update(seed).digest("hex").slice(0, 7),
    config: configs.get(call.getPeer()) ?? {},
  });
  const server = new Server();
  server.addService(ResourceProviderService, {
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => {
      const info = new PluginInfo();
      info.setVersion("99.0.0");
      return info;
    }),
    checkConfig: answer<proto.CheckRequest>((request) => checked(fromStruct(request.getNews()))),
    diffConfig: answer<proto.DiffRequest>((request) =>
      difference(cloud.diffConfig(fromStruct(request.getOldInputs()), fromStruct(request.getNews()))),
    ),
    configure: answer<proto.ConfigureRequest>((request, call) => {
      configs.set(call.getPeer(), fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    invoke: answer<proto.InvokeRequest>((request) => {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(cloud.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    check: answer<proto.CheckRequest>((request, call) => {
      const before = request.getOlds() && fromStruct(request.getOlds());
      const on = target(call, request.getUrn(), request.getRandomseed_asB64());
      return checked(cloud.check(on, fromStruct(request.getNews()), before));
    }),
    diff: answer<proto.DiffRequest>((request, call) => {
      const before = fromStruct(request.getOldInputs());
      const after = fromStruct(request.getNews());
      for (const path of request.getIgnorechangesList()) after[path] = before[path];
      return difference(cloud.diff(target(call, request.getUrn(), ""), before, after));
    }),
    create: answer<proto.CreateRequest>((request, call) => {
      const on = target(call, request.getUrn(), "");
      const inputs = fromStruct(request.getProperties());
      const response = new proto.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(toStruct(cloud.plan(on, inputs, undefined)));
        return response;
      }
      observe("create", request.getUrn());
      const { id, outputs } = cloud.create(on, inputs);
      response.setId(id);
      response.setProperties(toStruct(outputs));
      return response;
    }),
    read: answer<proto.ReadRequest>((request, call) => {
      const known = { inputs: fromStruct(request.getInputs()), outputs: fromStruct(request.getProperties()) };
      const found = cloud.read(target(call, request.getUrn(), ""), request.getId(), known);
      const response = new proto.ReadResponse();
      if (!found) return response;
      response.setId(request.getId());
      response.setProperties(toStruct(found.outputs));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: answer<proto.UpdateRequest>((request, call) => {
      const on = target(call, request.getUrn(), "");
      const inputs = fromStruct(request.getNews());
      const before = fromStruct(request.getOlds());
      const response = new proto.UpdateResponse();
      if (!request.getPreview()) observe("update", request.getUrn());
      const outputs = request.getPreview()
        ? cloud.plan(on, inputs, before)
        : cloud.update(on, request.getId(), inputs, before);
      response.setProperties(toStruct(outputs));
      return response;
    }),
    delete: answer<proto.DeleteRequest>((request, call) => {
      observe("delete", request.getUrn());
      cloud.delete(target(call, request.getUrn(), ""), request.getId(), fromStruct(request.getOldInputs()));
      return new Empty();
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { port, stop: () => server.forceShutdown() };
}

/** Whether anything in it is unknown. */
export function hasUnknown(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(unknown);
}

type Call = Parameters<handleUnaryCall<unknown, unknown>>[0];

function answer<Request>(respond: (request: Request, call: Call) => unknown): handleUnaryCall<Request, unknown> {
  return (call, callback) => {
    try {
      callback(null, respond(call.request, call));
    } catch (error) {
      callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

function checked(inputs: Values): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  return response;
}

function difference({ changed, replaces, deleteBeforeReplace }: Difference): proto.DiffResponse {
  const response = new proto.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const path of changed) {
    const detail = new proto.PropertyDiff();
    detail.setKind(replaces.includes(path) ? proto.PropertyDiff.Kind.UPDATE_REPLACE : proto.PropertyDiff.Kind.UPDATE);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function fromStruct(struct: Struct | undefined): Values {
  return struct?.toJavaScript() ?? {};
}

function toStruct(values: Values): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, JavaScriptValue>);
}
