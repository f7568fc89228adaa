import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import assert from "node:assert/strict";
import type { Engine, Recording, Values } from "./support/monitor";
import { outputOf, startEngine, toStruct } from "./support/monitor";
import { install, startPlugin } from "./support/package";
import type { Installed, Plugin } from "./support/package";
import { at, errorsInFile, errorsOfSingle, set, settings, wrongSpecs } from "./support/wrong-specs";

describe("a wrong spec from another language", () => {
  const recording: Omit<Recording, "exitCode"> = { registrations: [], errors: [] };
  let engine: Engine;
  let installed: Installed;
  let plugin: Plugin;

  before(async () => {
    const register = () => ({ id: "", outputs: {} });
    engine = await startEngine({ register, invoke: () => ({}) }, recording);
    installed = await install();
    plugin = await startPlugin(installed.target, installed.folder, engine.address);
  });
  after(() => {
    plugin.stop();
    engine.stop();
    installed.remove();
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
      plugin.client.construct(request, (error: grpc.ServiceError | null) => {
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

  it("has all errors at once where the wrong values arrive as Outputs", async () => {
    const args = settings();
    const places = wrongSpecs.filter(([, , , plain]) => !plain);
    for (const [{ path }, key, value] of places) set(args, `${path}.${key}`, value);
    const inFile = errorsInFile(args);
    assert.ok(inFile.length > 10);
    for (const path of new Set(places.map(([single, key]) => `${single.path}.${key}`)))
      set(args, path, outputOf(at(args, path)));
    assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
  });

  it("has all errors at once", async () => {
    const args = settings();
    for (const [{ path }, key, value] of wrongSpecs) set(args, `${path}.${key}`, value);
    const inFile = errorsInFile(args);
    assert.ok(inFile.length > 10);
    assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
  });
});
