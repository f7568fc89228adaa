import assert from "node:assert/strict";
import { inspect } from "node:util";
import { createPolicies } from "../../policies/index";
import { marks } from "../../policies/value";
import { base64, compliantStack, edited, registered, userData } from "./chain";
import type { Edits } from "./chain";
import { Engine, secret } from "./engine";
import type { Diagnostic } from "./engine";
import { violations } from "./violations";

describe("violations, through the pack's process", () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.start("policies");
    await engine.configure({});
  });
  after(() => {
    engine.stop();
  });

  /** Beside other values that are unknown, as in a preview. */
  const judge = (edits: Edits) => {
    const { stack, changed } = edited(edits);
    const resources = registered(stack);
    for (const { inputs } of resources) Object.assign(inputs, { tags: marks[6], unrelated: marks[2] });
    return engine.judge(
      resources,
      resources.filter(({ name }) => changed.includes(name)),
    );
  };
  const named = (found: Diagnostic[]) => found.map(({ policy, message }) => `${policy}: ${lastLine(message)}`);

  it("are none in a whole chain", async () => {
    const stack = registered(compliantStack());
    assert.deepEqual(named(await engine.judge(stack)), []);
  });

  it("have at least 150 mutations, no two for the same thing, and each policy some that it finds", () => {
    assert.ok(violations.length >= 150, String(violations.length));
    assert.equal(new Set(violations.map(({ edits }) => inspect(edits, { depth: null }))).size, violations.length);
    const { policies } = createPolicies();
    const found = new Set(violations.map(({ policy }) => policy));
    assert.deepEqual(
      policies.map(({ name }) => name).filter((name) => !found.has(name)),
      ["settings"],
    );
  });

  for (const { policy, message, edits } of violations)
    it(`refuses by ${policy} alone: ${JSON.stringify(edits).slice(0, 90)}`, async () => {
      const found = await judge(edits);
      assert.deepEqual(
        found.map((one) => one.policy),
        [policy],
        named(found).join("\n"),
      );
      const text = lastLine(found[0]?.message ?? "");
      assert.ok(text.includes(message), text);
      const [, owner] = /^([\w-]+): .+; .+$/.exec(text) ?? [];
      const { stack } = edited(edits);
      assert.ok(owner !== undefined && owner in stack, text);
      // The engine knows the URN of a single resource itself; Pulumi's exceptions go by it.
      const urn = found[0]?.urn ?? "";
      if (urn !== "")
        assert.ok(registered(stack).some((one) => one.name === owner && urn.endsWith(`${one.type}::${owner}`)));
    });

  it("are none where values are not known yet", async () => {
    let count = 0;
    for (const batch of batches()) {
      const found = await judge(Object.fromEntries(batch.map((path) => [path, marks[count++ % marks.length]])));
      assert.deepEqual(named(found), [], batch.join());
    }
    assert.ok(count > 250, String(count));
  });

  it("have a form of their own for every null, and no crash", async () => {
    for (const batch of batches())
      for (const { message } of await judge(Object.fromEntries(batch.map((path) => [path, null]))))
        assert.match(lastLine(message), /^[\w-]+: .+; .+$/);
  });

  it("are found in secrets, which no message shows", async () => {
    let secrets = 0;
    for (const { policy, edits } of violations) {
      const [first] = Object.entries(edits);
      if (!first) continue;
      const [target, value] = first;
      if (typeof value !== "string" || value.length < 4 || !target.includes(".") || target.endsWith(".type")) continue;
      const found = await judge({ ...edits, [target]: secret(value) });
      assert.deepEqual(
        found.map((one) => one.policy),
        [policy],
        target,
      );
      const [, text = ""] = /, got (.*?); /s.exec(lastLine(found[0]?.message ?? "")) ?? [];
      assert.ok(!text.includes(value), `${target}: ${text}`);
      secrets++;
    }
    assert.ok(secrets > 30, String(secrets));
  });

  it("are none of a consumer whose nodes a node group with unknown user data may start", async () => {
    const edits = { "consumer.spec.template.spec.nodeSelector": { "example.com/rack": "7" } };
    assert.deepEqual(
      (await judge(edits)).map(({ policy }) => policy),
      ["consumer-placement"],
    );
    assert.deepEqual(named(await judge({ ...edits, "diskTemplate.userData": marks[2] })), []);
  });

  it("show no part of user data that is secret", async () => {
    const edits = {
      "mode must be always, got (secret)": { "nodeClass.spec.userData": userData.replace('"always"', '"once"') },
      "must be TOML, got (secret) in line": { "nodeClass.spec.userData": `${userData}[settings.kubernetes]\nx = \n` },
      "must have only settings, got (secret)": { "nodeClass.spec.userData": `${userData}[setings.motd]\nx = "y"\n` },
      "must be readable by EKS, got (secret)": { "launchTemplate.userData": base64('[settings."a.b"]\nx = "y"\n') },
    };
    for (const [expected, edit] of Object.entries(edits)) {
      const [[target, value] = ["", ""]] = Object.entries(edit);
      const messages = (await judge({ [target]: secret(value) })).map(({ message }) => lastLine(message));
      assert.ok(
        messages.some((message) => message.includes(expected)),
        messages.join("\n"),
      );
    }
  });
});

function lastLine(message: string): string {
  return message.split("\n").at(-1) ?? "";
}

/** Each property of each resource, whole tables included; one of each resource at a time. */
function batches(): string[][] {
  const within = (value: unknown, path: string): string[] =>
    typeof value !== "object" || value === null
      ? [path]
      : [path, ...Object.entries(value).flatMap(([key, item]) => within(item, `${path}.${key.replaceAll(".", "~")}`))];
  const paths = Object.entries(compliantStack()).map(([name, { props }]) =>
    Object.entries(props).flatMap(([key, value]) => within(value, `${name}.${key}`)),
  );
  const most = Math.max(...paths.map((list) => list.length));
  return Array.from({ length: most }, (_, index) => paths.flatMap((list) => list[index] ?? []));
}
