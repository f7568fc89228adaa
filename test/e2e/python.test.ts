import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../../packaging/schema";
import type { Recording, Registration, Values } from "../support/monitor";
import { startEngine } from "../support/monitor";
import { install, startPlugin, userFolders } from "../support/package";
import type { Installed, Plugin } from "../support/package";
import { Providers } from "../support/providers";
import { report } from "./support/conformance";
import { root, run } from "./support/process";
import { pythonPrograms } from "./support/tools";

const programs = pythonPrograms("python", "python");
const program = join(__dirname, "tools", "python", "program.py");
const schema = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as Schema;

/** What providers answer, and for a resource of somebody else an id that is known when everything is. */
class Cloud extends Providers {
  constructor(
    private readonly up: boolean,
    folder: string,
    private readonly refused?: string,
  ) {
    super(up, {}, folder);
  }

  override register(registration: Registration, inputs: Values) {
    const { type, name } = registration;
    if (type === this.refused) throw new Error(`AccessDenied: ${type}`);
    return type === "other:index:Thing"
      ? { id: this.up ? name : "", outputs: {} }
      : super.register(registration, inputs);
  }
}

/** A run of the program: what arrived at the engine, the components that the package made, and what the program printed. */
interface Run {
  recording: Recording;
  made: Set<string>;
  printed: string;
}

describe("A Python program, through Pulumi's own SDK", () => {
  let installed: Installed;
  before(async () => {
    installed = await install();
  });
  after(() => {
    installed.remove();
  });

  async function runPython(
    command: "preview" | "up",
    from: keyof typeof userFolders,
    refused?: string,
  ): Promise<Run & { failure?: string }> {
    const folder = userFolders[from]();
    const recording: Recording = { registrations: [], errors: [], exitCode: null };
    const made = new Set<string>();
    const cloud = new Cloud(command === "up", folder, refused);
    const state: { plugin?: Plugin } = {};
    const engine = await startEngine(
      {
        register: cloud.register.bind(cloud),
        invoke: cloud.invoke.bind(cloud),
        construct: async (request) => {
          if (!state.plugin || !request.getType().startsWith("eks-fast-disks:")) return undefined;
          const response = await construct(state.plugin, request, engine.address, command === "preview");
          made.add(request.getType());
          return response;
        },
      },
      recording,
    );
    try {
      state.plugin = await startPlugin(installed.target, folder, engine.address);
      const printed = await run(join(programs, "python"), [program, engine.address, command], { cwd: folder });
      return { recording, made, printed };
    } catch (error) {
      if (refused === undefined) throw error;
      return { recording, made, printed: "", failure: String(error) };
    } finally {
      state.plugin?.stop();
      engine.stop();
      rmSync(folder, { recursive: true });
    }
  }

  describe("with values of other resources where it wants them", () => {
    let up: Run;
    let preview: Run;
    before(async () => {
      up = await runPython("up", "an empty folder");
      preview = await runPython("preview", "a folder with a tsconfig of another program");
    });
    const namesOf = ({ recording }: Run) => recording.registrations.map(({ type, name }) => `${type} ${name}`).sort();

    it("makes the chain and every part", () => {
      const { recording, made, printed } = up;
      assert.deepEqual(recording.errors, []);
      assert.deepEqual([...made].sort(), Object.keys(schema.resources).sort());
      const inputsOf = (of: string) => JSON.stringify(recording.registrations.find(({ name }) => name === of)?.inputs);
      assert.match(inputsOf("chain-fast-pool"), /c8gd\.xlarge.*m8gd\.xlarge/);
      assert.match(inputsOf("chain-fast-class"), /subnet-01234567.*subnet-89abcdef/);
      const { placements, vpcId } = JSON.parse(printed) as { placements: Record<string, object>; vpcId: string };
      assert.equal(vpcId, "vpc-01234567");
      assert.deepEqual(Object.keys(placements), ["fast-disks"]);
      report(`a Python program: ${made.size} components, ${recording.registrations.length} resources`);
    });

    it("previews the same resources while nothing of the others is known", () => {
      assert.deepEqual(preview.recording.errors, []);
      assert.deepEqual([...preview.made].sort(), Object.keys(schema.resources).sort());
      assert.deepEqual(namesOf(preview), namesOf(up));
      assert.equal(preview.printed, "");
    });
  });

  it("ends with the words of a provider that refuses a child", async () => {
    const { recording, failure } = await runPython("up", "an empty folder", "docker:index/image:Image");
    assert.match(failure ?? "", /AccessDenied: docker:index\/image:Image/);
    assert.deepEqual(
      recording.errors.filter((error) => !error.includes("AccessDenied")),
      [],
    );
  });
});

/** Has the plugin make a component, as the engine does when a program registers it. */
function construct(
  { client }: Plugin,
  registration: RegisterResourceRequest,
  monitor: string,
  preview: boolean,
): Promise<messages.ConstructResponse> {
  const request = new messages.ConstructRequest();
  request.setProject("eks-fast-disks");
  request.setStack("test");
  request.setDryrun(preview);
  request.setParallel(16);
  request.setMonitorendpoint(monitor);
  request.setAcceptsOutputValues(true);
  request.setType(registration.getType());
  request.setName(registration.getName());
  request.setParent(registration.getParent());
  request.setInputs(registration.getObject());
  for (const [property, urns] of registration.getPropertydependenciesMap().entries()) {
    const dependencies = new messages.ConstructRequest.PropertyDependencies();
    dependencies.setUrnsList(urns.getUrnsList());
    request.getInputdependenciesMap().set(property, dependencies);
  }
  return new Promise((resolve, reject) => {
    client.construct(request, (error: Error | null, response: messages.ConstructResponse) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
