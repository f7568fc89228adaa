import * as pulumi from "@pulumi/pulumi";
import type { FastDisksArgs } from "../components";
import { validateFastDisksArgs } from "../components/manifests/fast-disks";

/** Settings of a stack from the values of its configuration. Throws all errors at once. */
export function parseSettings(values: Record<string, unknown>): FastDisksArgs {
  const errors = validateFastDisksArgs(values);
  if (errors.length === 0) return values as object as FastDisksArgs;
  throw new pulumi.RunError(
    `the stack's settings have ${errors.length} ${errors.length === 1 ? "error" : "errors"}:\n  ${errors.join("\n  ")}`,
  );
}

/** Settings of the stack that Pulumi runs: every key of the project's own namespace. */
export function readSettings(): FastDisksArgs {
  const prefix = `${pulumi.getProject()}:`;
  const config = Object.entries(pulumi.runtime.allConfig());
  const own = config.filter(([key]) => key.startsWith(prefix));
  return parseSettings(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), parseValue(value)])));
}

// Pulumi hands structured values over as JSON, and plain text as it is.
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
