import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { FastDisksArgs } from "../components";
import { fastDisksSchema, validateFastDisksArgs } from "../components/manifests/fast-disks";
import { validateAws, validateZones } from "./aws";
import { validateKeys } from "./keys";

/** A stack's configuration as Pulumi provides it: full keys, structured values as JSON. */
export type Config = Record<string, string>;

type Values = Record<string, unknown>;

/** Settings of a stack file: those of the chain, and one that only the comparison of plans reads. */
export const stackSchema = fastDisksSchema.extend({
  /** Whether a change may lose data on disks. */
  allowDataLoss: z.boolean().optional(),
});

/** Settings of the stack that Pulumi runs. */
export function readSettings(): FastDisksArgs {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject(), `stacks/Pulumi.${pulumi.getStack()}.yaml`);
}

/** Settings from a configuration. Throws all errors at once, under the name of the file that it comes from. */
export function parseConfig(config: Config, project: string, file: string): FastDisksArgs {
  const errors = validateConfig(config, project);
  if (errors.length > 0) throw new pulumi.RunError(listErrors(errors, file));
  const settings = Object.entries(settingsOf(config, project)).filter(([key]) => key in fastDisksSchema.shape);
  return Object.fromEntries(settings) as object as FastDisksArgs;
}

/** Whether the stack allows a change to lose data on disks. */
export function allowsDataLoss(config: Config, project: string): boolean {
  return settingsOf(config, project).allowDataLoss === true;
}

/** Errors under a heading that names the file. */
export function listErrors(errors: string[], file: string): string {
  return `${file} has ${errors.length} ${errors.length === 1 ? "error" : "errors"}:\n  ${errors.join("\n  ")}`;
}

/** All errors of a configuration, each with its path below the project's namespace. */
export function validateConfig(config: Config, project: string): string[] {
  const settings = settingsOf(config, project);
  return [
    ...validateKeys(Object.keys(config), project, Object.keys(stackSchema.shape)),
    ...validateAws(config),
    ...validateFastDisksArgs(settings, stackSchema),
    ...validateZones(settings, config["aws:region"]),
  ];
}

/** Every key of the project's namespace; the kubeconfig uses the provider's profile too. */
function settingsOf(config: Config, project: string): Values {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const settings: Values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), parseValue(value)]));
  const awsProfile = config["aws:profile"];
  if (awsProfile === undefined) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const names = (key === "cluster" || key === "existingCluster") && typeof value === "object" && value !== null;
      return [key, names ? { awsProfile, ...value } : value];
    }),
  );
}

function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
