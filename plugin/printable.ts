/**
 * Stack frames that cost Node 20.19.6 and newer, without the fix of https://github.com/nodejs/node/issues/64011, 14 s of CPU
 * and 3 GB to print in colours: a file directly below node_modules or below a scope. By their source maps, those of Pulumi's
 * own constructors are.
 */
const costly = /\n.*node_modules[/\\](?:@[^/\\\n]*[/\\])?[^/\\\n]*$/gm;

/** Takes from an error what Pulumi's runner could not print in a reasonable time: any failure of a child has it. */
export function makePrintable(error: unknown): void {
  if (error instanceof Error && error.stack !== undefined) error.stack = error.stack.replaceAll(costly, "");
}
