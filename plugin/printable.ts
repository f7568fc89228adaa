/**
 * Stack frames after which Node 20.19.6 and newer, without the fix of https://github.com/nodejs/node/issues/64011, never ends
 * to print an error in colours: a file directly below node_modules or below a scope. By their source maps, those of Pulumi's
 * own constructors are.
 */
const endless = /\n.*node_modules[/\\](?:@[^/\\\n]*[/\\])?[^/\\\n]*$/gm;

/** Takes from an error what Pulumi's runner would print for minutes or for ever: any failure of a child. */
export function makePrintable(error: unknown): void {
  if (!(error instanceof Error)) return;
  // The SDK puts the promise that failed here, with every resource behind it.
  Reflect.deleteProperty(error, "promise");
  if (error.stack !== undefined) error.stack = error.stack.replaceAll(endless, "");
}
