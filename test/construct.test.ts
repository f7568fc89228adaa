import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Engine, Recording, Registration, Values } from "./support/monitor";
import { outputOf, startEngine, toStruct } from "./support/monitor";
import { install, readSchema, startPlugin } from "./support/package";
import type { Installed, Plugin } from "./support/package";
import { at, errorsInFile, errorsOfSingle, set, settings, wrongSpecs } from "./support/wrong-specs";

describe("a wrong spec from another language", () => {
  const recording: Omit<Recording, "exitCode"> = { registrations: [], errors: [] };
  let engine: Engine;
  let installed: Installed;
  let plugin: Plugin;

  before(async () => {
    const register = ({ type }: Registration) => {
      if (type === "aws:sqs/queue:Queue") throw new Error("AccessDenied: sqs:CreateQueue");
      return { id: "", outputs: {} };
    };
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

  for (const [single, key, value, plain] of wrongSpecs) {
    const path = `${single.path}.${key}`;
    it(`has the errors of the stack file, also as an Output: ${path} ${JSON.stringify(value)}`, async () => {
      const args = settings();
      set(args, path, value);
      const inFile = errorsInFile(args);
      assert.ok(inFile.length > 0);
      assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
      const spec = single.args(at(args, single.path));
      assert.deepEqual(await construct(single.type, spec), ["chain:", ...errorsOfSingle(single, inFile)]);
      if (plain) return;
      set(args, path, outputOf(value));
      assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
    });
  }

  it("has all errors at once", async () => {
    const args = settings();
    for (const [{ path }, key, value] of wrongSpecs) set(args, `${path}.${key}`, value);
    const inFile = errorsInFile(args);
    assert.ok(inFile.length > 10);
    assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
  });

  it("has all errors at once where all that is wrong arrives as Outputs", async () => {
    const args = settings();
    const paths = new Set<string>();
    for (const [{ path }, key, value, plain] of wrongSpecs) {
      if (plain) continue;
      set(args, `${path}.${key}`, value);
      paths.add(`${path}.${key}`);
    }
    const inFile = errorsInFile(args);
    assert.ok(inFile.length > 10);
    for (const path of paths) set(args, path, outputOf(at(args, path)));
    assert.deepEqual(await construct("eks-fast-disks:index:FastDisks", args), ["chain:", ...inFile]);
  });

  it("makes nothing, and writes nothing else that the engine would show", () => {
    const types = recording.registrations.map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => !type.startsWith("eks-fast-disks:")),
      [],
    );
    assert.deepEqual(recording.errors, []);
    assert.equal(plugin.errors(), "");
  });

  it("has the words of a provider that refuses a child", async () => {
    const [error = ""] = await construct("eks-fast-disks:index:InterruptionQueue", {});
    assert.match(error, /aws:sqs\/queue:Queue\]: 2 UNKNOWN: AccessDenied: sqs:CreateQueue$/);
    // The next request is answered when the error is printed, which must not take gigabytes.
    assert.ok(await readSchema(plugin));
    const [, peak = ""] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${plugin.pid}/status`, "utf8")) ?? [];
    assert.ok(Number(peak) < 1024 ** 2, `${peak} kB`);
  });
});
