import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { presets } from "../../policies/index";
import { Engine } from "./engine";
import type { Diagnostic, Registered } from "./engine";

const folder = "test/policies/legit";
/** An ordinary stack of somebody else: its source is a public guide or module. */
interface Legit {
  source: string;
  description: string;
  resources: Registered[];
}

describe("ordinary stacks of others", () => {
  let engine: Engine;
  before(async () => (engine = await Engine.start("policies")));
  after(() => {
    engine.stop();
  });

  const legit = readdirSync(folder).map((file): [string, Legit] => [
    file,
    JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Legit,
  ]);
  const refused = async (passes: (one: Diagnostic) => boolean) => {
    const found: string[] = [];
    for (const [file, { resources }] of legit)
      for (const one of await engine.judge(resources))
        if (!passes(one)) found.push(`${file}: ${one.level} ${one.policy}: ${one.message.split("\n").at(-1) ?? ""}`);
    return found;
  };

  it("are at least fifty, each from a named source", () => {
    assert.ok(legit.length >= 50);
    for (const [file, { source, description, resources }] of legit)
      assert.ok(source !== "" && description !== "" && resources.length > 0, file);
  });

  it("pass with the shared preset", async () => {
    await engine.configure(presets.shared);
    assert.deepEqual(await refused(({ level }) => level === "advisory"), []);
  });

  it("pass with the prod preset, except for what it states", async () => {
    await engine.configure(presets.prod);
    assert.deepEqual(await refused(({ level, policy }) => level === "advisory" || policy in presets.prod), []);
  });
});
