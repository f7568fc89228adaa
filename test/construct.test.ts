import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Engine, Recording, Values } from "./support/monitor";
import { startEngine, toStruct } from "./support/monitor";
import { at, errorsInFile, errorsOfSingle, set, settings, wrongSpecs } from "./support/wrong-specs";

describe("a wrong spec from another language", () => {
  const recording: Omit<Recording, "exitCode"> = { registrations: [], errors: [] };
  let engine: Engine;
  let host: ChildProcess;
  let client: services.ResourceProviderClient;

  before(async () => {
    const register = () => ({ id: "", outputs: {} });
    engine = await startEngine({ register, invoke: () => ({}) }, recording);
    const runner = require.resolve("@pulumi/pulumi/cmd/run-plugin");
    const child = spawn(process.execPath, [runner, ".", engine.address], { stdio: ["ignore", "pipe", "inherit"] });
    host = child;
    const [port] = (await Promise.race([once(child.stdout, "data"), once(child, "exit")])) as [unknown];
    client = new services.ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
  });
  after(() => {
    client.close();
    host.kill();
    engine.stop();
  });

  /** Lines of the error with which the component provider answers. */
  function construct(type: string, inputs: object): Promise<string[]> {
    const request = new messages.ConstructRequest();
    request.setProject("eks-fast-disks");
    request.setStack("test");
    request.setParallel(16);
    request.setMonitorendpoint(engine.address);
    request.setAcceptsOutputValues(true);
    request.setType(type);
    request.setName("chain");
    request.setInputs(toStruct(inputs as Values));
    return new Promise((resolve) => {
      client.construct(request, (error: grpc.ServiceError | null) => {
        resolve(error?.details.split("\n  ") ?? []);
      });
    });
  }

  for (const [single, key, value] of wrongSpecs) {
    const path = `${single.path}.${key}`;
    it(`has the errors of the stack file: ${path} ${JSON.stringify(value)}`, async () => {
      const args = settings();
      set(args, path, value);
      const inFile = errorsInFile(args);
      assert.ok(inFile.length > 0);
      assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
      const spec = single.args(at(args, single.path));
      assert.deepEqual(await construct(single.type, spec), ["chain:", ...errorsOfSingle(single, inFile)]);
    });
  }

  it("has all errors at once", async () => {
    const args = settings();
    for (const [{ path }, key, value] of wrongSpecs) set(args, `${path}.${key}`, value);
    const inFile = errorsInFile(args);
    assert.ok(inFile.length > 10);
    assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
  });
});
