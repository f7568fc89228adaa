import type { PolicyPackConfig } from "@pulumi/policy";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { FastDisks } from "../../components";
import type { Graph, Resource } from "../../offline/graph";
import { marks } from "../../policies/value";
import { record, settingsOf } from "../support/record";
import { childrenOf } from "./children";
import { Engine, isSecret, secret } from "./engine";
import type { Diagnostic } from "./engine";
import { mutate, mutations } from "./mutations";
import type { Mutation } from "./mutations";
import { edit } from "./stack";

describe("the policy pack, as the engine runs it", function () {
  this.timeout(60_000);
  const stacks: Record<string, Resource[]> = {};
  let engine: Engine;

  before(async () => {
    const starting = Engine.start("policies");
    for (const stack of ["dev", "prod"]) {
      const graph: Graph = await record(() => new FastDisks("fast-disks", settingsOf(stack)));
      stacks[stack] = graph.resources.flatMap((one) => [visible(one), ...childrenOf(visible(one))]);
    }
    engine = await starting;
  });
  after(() => {
    engine.stop();
  });

  const presetOf = (stack: string) =>
    JSON.parse(readFileSync(`policies/presets/${stack}.json`, "utf8")) as PolicyPackConfig;
  const verdict = async (stack: Resource[], changed: Resource[]): Promise<Diagnostic[]> => {
    const each = await Promise.all(changed.map((one) => engine.analyze(one, stack)));
    return [...each.flat(), ...(await engine.analyzeStack(stack))];
  };

  it("tells the engine each policy's severity, level, requirement, remedy and settings", async () => {
    const info = await engine.info();
    assert.equal(info.name, "eks-fast-disks");
    assert.equal(info.supportsconfig, true);
    for (const policy of info.policiesList) {
      assert.match(policy.description, /^[A-Z].{40,}\.$/, policy.name);
      assert(policy.remediationSteps && Boolean(policy.severity) && Boolean(policy.policyType), policy.name);
    }
  });

  for (const name of ["dev", "prod"])
    it(`finds no fault in ${name}`, async () => {
      await engine.configure(presetOf(name));
      const stack = stacks[name] ?? [];
      assert(stack.length > 70);
      assert.deepEqual(await verdict(stack, stack), []);
    });

  it("has a mutation for each policy, and no two for the same thing", async () => {
    const { policiesList } = await engine.info();
    assert.deepEqual(mutations.map(({ policy }) => policy).sort(), policiesList.map(({ name }) => name).sort());
    const edits = mutations.map(
      (one) => `${one.stack ?? "dev"} ${one.resource} ${JSON.stringify(Object.entries(one.edits))}`,
    );
    assert.equal(new Set(edits).size, mutations.length);
  });

  const isRefused = async (mutation: Mutation, blur: (stack: Resource[], broken: Resource) => void) => {
    const { policy, stack: name = "dev", level = "mandatory" } = mutation;
    await engine.configure(presetOf(name));
    const { stack, broken } = mutate(stacks[name] ?? [], mutation);
    blur(stack, broken);
    const found = await verdict(stack, [broken]);
    assert.deepEqual(
      found.map((one) => [one.policy, one.level]),
      [[policy, level]],
      JSON.stringify(found, null, 1),
    );
    // The SDK puts the policy's description before the message; the engine knows a single resource's URN itself.
    const { message, urn } = found[0] as Diagnostic;
    const [, owner] = /\n([\w-]+): .+; .+$/.exec(message) ?? [];
    assert(
      stack.some((one) => one.name === owner),
      `names no resource: ${message}`,
    );
    if (urn !== "") assert.match(urn, new RegExp(`::${owner ?? ""}$`));
  };
  for (const mutation of mutations)
    it(`refuses by ${mutation.policy} alone what it is for, known or among unknowns`, async () => {
      await isRefused(mutation, () => undefined);
      await isRefused(mutation, (stack) => {
        for (const { inputs, outputs } of stack)
          for (const props of [inputs, outputs])
            Object.assign(props, { tags: marks[6], unrelated: marks[2], arn: marks[2] });
      });
    });

  it("takes no unknown value for a fault, and stumbles over none", async () => {
    await engine.configure(presetOf("prod"));
    const stack = stacks.prod ?? [];
    const blurred = stack.filter(({ type }) => !type.startsWith("eks-fast-disks:")).flatMap(blurredOf);
    assert(blurred.length > 500, String(blurred.length));
    const found = await Promise.all(blurred.map((one) => engine.analyze(one, stack)));
    assert.deepEqual(found.flat(), []);
    for (const one of stack.filter(({ custom }) => custom)) {
      const outputs = Object.fromEntries(Object.keys(one.outputs).map((key) => [key, marks[2]]));
      const unknown = stack.map((other) => (other === one ? { ...other, outputs } : other));
      assert.deepEqual(await engine.analyzeStack(unknown), [], one.name);
    }
  });

  it("judges the first preview, in which image, ids and addresses are unknown", async () => {
    await engine.configure(presetOf("dev"));
    const stack = structuredClone(stacks.dev ?? []);
    const named = (name: string) => stack.find((one) => one.name === name && one.custom && !one.remote) as Resource;
    const nodeClass = named("fast-disks-fast-class");
    edit(nodeClass.inputs, "spec.userData", marks[2]);
    edit(nodeClass.inputs, "spec.metadataOptions.httpPutResponseHopLimit", 2);
    const template = named("fast-disks-system-template");
    edit(template.outputs, "imageId", "ami-0123456789abcdef0");
    edit(named("fast-disks-system-group").outputs, "launchTemplate.id", marks[2]);
    edit(template.outputs, "id", marks[2]);
    edit(named("fast-disks-interruption-queue").outputs, "url", marks[2]);
    for (const side of ["inputs", "outputs"] as const)
      edit(named("fast-disks-interruption-policy")[side], "queueUrl", marks[2]);
    // A second queue and a second repository, which the first one's policies do not cover.
    for (const name of ["fast-disks-interruption-queue", "fast-disks-boot-image-repository"]) {
      const first = named(name);
      for (const key of ["url", "name", "id"]) first.outputs[key] = marks[2];
      stack.push({ ...structuredClone(first), name: `${name}-2`, key: `${first.key}-2` });
    }
    const found = await verdict(stack, [nodeClass]);
    assert.deepEqual(found.map(({ policy, level }) => `${level} ${policy}`).sort(), [
      "mandatory node-group-image",
      "mandatory node-metadata-imdsv2",
      "mandatory queue-tls",
      "mandatory repository-lifecycle",
    ]);
  });

  it("reads secrets, and lets no policy pass on them", async () => {
    await engine.configure(presetOf("dev"));
    const stack = structuredClone(stacks.dev ?? []);
    const template = stack.find(({ name }) => name === "fast-disks-system-template") as Resource;
    template.inputs.userData = secret(template.inputs.userData);
    assert.deepEqual(await engine.analyze(template, stack), []);
    template.inputs.userData = secret(Buffer.from("[settings").toString("base64"));
    assert.deepEqual(
      (await engine.analyze(template, stack)).map(({ policy }) => policy),
      ["user-data-valid"],
    );
  });

  it("obeys levels and settings of the configuration", async () => {
    const { stack, broken } = mutate(
      stacks.dev ?? [],
      mutations.find(({ policy }) => policy === "node-pool-spot") as Mutation,
    );
    const levels = async (config: PolicyPackConfig) => {
      await engine.configure({ ...presetOf("dev"), ...config });
      return (await verdict(stack, [broken])).map(({ level }) => level);
    };
    assert.deepEqual(await levels({ "node-pool-spot": "advisory" }), ["advisory"]);
    assert.deepEqual(await levels({ "node-pool-spot": "disabled" }), []);
    assert.deepEqual(await levels({ "node-pool-spot": { onDemandFallback: true } }), []);
  });
});

/** The plan hides secrets; the engine does not. */
function visible(resource: Resource): Resource {
  return JSON.parse(JSON.stringify(resource).replaceAll('"[secret]"', JSON.stringify(secret("hidden")))) as Resource;
}

/** The resource once for each of its values, with that value unknown. */
function blurredOf(resource: Resource): Resource[] {
  const within = (value: unknown, path: string): string[] => {
    if (typeof value !== "object" || value === null || isSecret(value)) return [path];
    const keys = Object.keys(value).filter((key) => !key.includes("."));
    return [path, ...keys.flatMap((key) => within((value as Record<string, unknown>)[key], `${path}.${key}`))];
  };
  return Object.keys(resource.inputs)
    .flatMap((key) => within(resource.inputs[key], key))
    .map((path, index) => {
      const blurred = structuredClone(resource);
      edit(blurred.inputs, path, marks[index % marks.length]);
      return blurred;
    });
}
