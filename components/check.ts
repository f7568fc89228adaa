import * as pulumi from "@pulumi/pulumi";
import { notKnown } from "./manifests/validation";

const values = new WeakMap<object, unknown>();

/** Waits for the Outputs in arguments that are known without anything being made, so that `checkArgs` takes them for plain. */
export async function awaitOutputs(args: object): Promise<void> {
  const outputs: pulumi.Input<object>[] = [];
  mapOutputs(args, (output) => outputs.push(output));
  await Promise.all(
    outputs.map((output) => promiseOf(pulumi.output(output).apply((value) => values.set(output, value)))),
  );
}

/**
 * Validates a component's arguments: throws all errors of what is known, at once. The Outputs in the arguments that come
 * back wait until all of them are known and valid, so that nothing is made of wrong ones.
 */
export function checkArgs<T extends object>(
  resource: pulumi.Resource,
  args: T,
  validate: (spec: unknown) => string[],
): T {
  let outputs = 0;
  const known = mapOutputs(args, (output) => {
    outputs += 1;
    return values.has(output) ? values.get(output) : notKnown;
  });
  throwErrors(resource, validate(known));
  if (outputs === 0) return args;
  const valid = pulumi.output(args as object).apply((spec) => {
    throwErrors(resource, validate(spec));
  });
  // Not `all`: what a child is made of must not grow by what its siblings are made of.
  const done = promiseOf(valid);
  // Node warns of an error that somebody waits for only after it was thrown. Whoever runs the program gets it from `valid`.
  done.catch(() => undefined);
  return mapOutputs(args, (output) =>
    pulumi.output(output).apply(async (value) => {
      await done;
      return value;
    }),
  ) as T;
}

/** Throws errors in plain words, without a stack trace; does nothing where there are none. */
export function throwErrors(resource: pulumi.Resource, errors: string[]): void {
  if (errors.length === 0) return;
  const text = [`${pulumi.resourceName(resource)}:`, ...errors].join("\n  ");
  throw Object.defineProperties(new pulumi.RunError(), {
    // The SDK writes "error serializing property" before the message, once for each input that waits for the same value.
    message: { get: () => text, set: () => undefined },
    // The plugin host prints the stack. Plain words are all that a user needs of a mistake in an argument, and Node takes
    // seconds to print the frames of the SDK in colours (plugin/printable.ts).
    stack: { value: text, writable: true },
  });
}

function promiseOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return (output as pulumi.Output<unknown> & { promise(): Promise<unknown> }).promise();
}

function mapOutputs(value: unknown, map: (output: pulumi.Input<object>) => unknown): unknown {
  if (pulumi.Output.isInstance<object>(value) || value instanceof Promise) return map(value as pulumi.Input<object>);
  if (Array.isArray(value)) return value.map((item) => mapOutputs(item, map));
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapOutputs(item, map)]));
}
