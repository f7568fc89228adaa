import type * as pulumi from "@pulumi/pulumi";
import { recordGraph, resolve } from "./graph";
import type { Graph } from "./graph";
import { Placeholders } from "./placeholders";

export { Placeholders } from "./placeholders";
export type { Graph, Resource } from "./graph";

/** Options of a run. */
export interface TestOptions {
  /** @default "us-east-1" */
  region?: string;
  /** The stack's configuration, with full keys. @default - the region */
  config?: Record<string, string>;
  /** @default - `Placeholders` of the region */
  mocks?: pulumi.runtime.Mocks;
}

/**
 * Runs a program as `pulumi preview` would, without engine, plugins or accounts, and returns its resources in order of their
 * key, its warnings, and its outputs, awaited. Errors are thrown, also those inside an `apply`.
 *
 *     const { resources } = await planProgram(() => new FastDisks("disks", args));
 */
export function planProgram(program: () => unknown, options: TestOptions = {}): Promise<Graph> {
  const { region = "us-east-1", config, mocks = new Placeholders(region) } = options;
  return recordGraph(
    async () => {
      const made = await program();
      return isOutputs(made) ? made : {};
    },
    { project: "test", stack: "test", config: { "aws:region": region, ...config }, mocks },
  );
}

/** The value of an Output, awaited: a test may end before an assertion inside an `apply` runs. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return resolve(output);
}

/** Whether a program returned outputs, and not its last resource. */
function isOutputs(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
