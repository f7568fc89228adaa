import * as pulumi from "@pulumi/pulumi";
import { notKnown } from "./manifests/validation";

const values = new WeakMap<object, unknown>();

/** Waits for Outputs in arguments that do not depend on a new resource, so that `checkArgs` treats them as plain. */
export async function awaitOutputs(args: object): Promise<void> {
  const outputs: pulumi.Input<object>[] = [];
  mapOutputs(args, (output) => outputs.push(output));
  await Promise.all(
    outputs.map((output) => promiseOf(pulumi.output(output).apply((value) => values.set(output, value)))),
  );
}

/**
 * Validates a component's arguments: throws all errors of the known values at once. The Outputs in the returned arguments
 * resolve only when all of them are known and valid, so that no resource is created from wrong values.
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
  // Not `all`: a child must not depend on resources that only its siblings' inputs need.
  const done = promiseOf(valid);
  // Without a handler Node reports an unhandled rejection before the first `await`. The program fails by `valid` anyway.
  done.catch(() => undefined);
  return mapOutputs(args, (output) =>
    pulumi.output(output).apply(async (value) => {
      await done;
      return value;
    }),
  ) as T;
}

/** Throws the errors as one message without a stack trace; does nothing without errors. */
export function throwErrors(resource: pulumi.Resource, errors: string[]): void {
  if (errors.length === 0) return;
  const text = [`${pulumi.resourceName(resource)}:`, ...errors].join("\n  ");
  throw Object.defineProperties(new pulumi.RunError(), {
    // The SDK writes "error serializing property" before the message, once for each input that waits for the same value.
    message: { get: () => text, set: () => undefined },
    // The plugin host prints the stack. For an error in an argument the message is enough, and Node takes seconds to print the
    // SDK's frames in colours (plugin/printable.ts).
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
