import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { recordGraph } from "../../offline/graph";
import type { Graph, Resource } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import type { WholeArgs } from "../../offline/setting-changes";

// Not in the SDK's types.
const { _setIsDryRun: setIsDryRun } = settings as unknown as { _setIsDryRun: (preview: boolean) => void };

/** Constructs what `program` makes under mocks, as a preview, and records it. */
export function record(
  program: () => unknown,
  mocks: pulumi.runtime.Mocks = new Placeholders("us-east-1"),
): Promise<Graph> {
  return recordGraph(
    () => {
      program();
      return Promise.resolve({});
    },
    { project: "eks-fast-disks", stack: "test", config: {}, mocks },
  );
}

/** Placeholders that answer one function themselves. */
export function answering(
  token: string,
  answer: (inputs: Record<string, unknown>) => Record<string, unknown>,
): Placeholders {
  const mocks = new Placeholders("us-east-1");
  const call = mocks.call.bind(mocks);
  mocks.call = (args) =>
    args.token.endsWith(`:${token}`) ? answer(args.inputs as Record<string, unknown>) : call(args);
  return mocks;
}

/** As `record`, but as `up` runs the program. */
export function recordUp(program: () => unknown, mocks?: pulumi.runtime.Mocks): Promise<Graph> {
  return record(() => {
    setIsDryRun(false);
    program();
  }, mocks);
}

/** What `read` takes from the component that `program` makes, awaited. */
export async function outputOf<T>(program: () => pulumi.Output<T>, mocks?: pulumi.runtime.Mocks): Promise<T> {
  let output: pulumi.Output<T> | undefined;
  await record(() => (output = program()), mocks);
  const value = await (output as unknown as { promise(): Promise<T> }).promise();
  return value;
}

/** The refusal of a program: plain words, of a kind of error that Pulumi prints without a stack trace. */
export async function refuses(program: () => unknown, message: RegExp, mocks?: pulumi.runtime.Mocks): Promise<void> {
  await assert.rejects(record(program, mocks), (error: unknown) => {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    assert.match(error.message, message);
    return true;
  });
}

/** The values of a stack file's own settings, not yet parsed. */
export function stackValues(stack: string): Record<string, unknown> {
  const { config } = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  const prefix = "eks-fast-disks:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** A stack file's settings, as the program hands them to `FastDisks`. */
export function settingsOf(stack: string): WholeArgs {
  return stackValues(stack) as object as WholeArgs;
}

/** The one resource with this type and name. */
export function only(graph: Graph, type: string, name?: RegExp): Resource {
  const found = all(graph, type, name);
  assert.equal(found.length, 1, `one ${type} ${String(name)}, found ${found.map((it) => it.name).join(", ")}`);
  return found[0]!;
}

/** Every resource with this type and name. */
export function all(graph: Graph, type: string, name = /(?:)/): Resource[] {
  return graph.resources.filter((it) => it.type === type && name.test(it.name));
}

/** Types of what components make, without the components. */
export function childTypes(graph: Graph): string[] {
  return graph.resources
    .map(({ type }) => type)
    .filter((type) => !type.startsWith("eks-fast-disks:"))
    .sort();
}
