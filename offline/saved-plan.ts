import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "./graph";

/** Says of a folder that it is a plan, and of what. */
export const aboutFile = "about.json";
/** Grows when an older plan can no longer be compared with one of today. */
export const planFormat = 1;

/** What a plan's folder says of itself. */
export interface About {
  format: number;
  stack: string;
}

/** What a plan's folder keeps of a resource. */
export type SavedResource = Omit<Resource, "outputs" | "outputInputs" | "custom"> & { custom?: boolean };

/** What of a resource is written to a plan's folder: all but what a mock answered. */
export function saveResource(resource: Resource): object {
  const { custom, remote } = resource;
  return { ...resource, outputs: undefined, outputInputs: undefined, custom: custom || remote ? undefined : false };
}

/** Whether somebody wrote a plan there, in whatever format. */
export function isPlan(folder: string): boolean {
  return existsSync(join(folder, "resources.json"));
}

/** The resources of a plan that `--out` wrote. */
export function readPlan(folder: string, stack: string, against = folder): Resource[] {
  const about = existsSync(join(folder, aboutFile)) ? (readJson(join(folder, aboutFile)) as Partial<About>) : {};
  if (about.format !== planFormat)
    throw new Error(
      `--against ${against}: must be a plan of format ${planFormat}, got ${about.format ?? "one without a format"}; ` +
        "plan it again with this version of eks-fast-disks",
    );
  if (about.stack !== stack)
    throw new Error(`--against ${against}: must be a plan of ${stack}, got one of ${String(about.stack)}`);
  const saved = readJson(join(folder, "resources.json")) as SavedResource[];
  return saved.map((resource) => ({
    ...resource,
    custom: resource.custom ?? !resource.remote,
    outputInputs: [],
    outputs: {},
  }));
}

/** What the stack remembers after that plan: the first value of whatever cannot change, by name of its Stash. */
export function rememberedBy(resources: Resource[]): Record<string, unknown> {
  const stashes = resources.filter(({ type }) => type === "pulumi:index:Stash");
  return Object.fromEntries(stashes.map(({ name, inputs }) => [name, inputs.input]));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`--against ${path}: is no JSON; write the plan again with --out`, { cause: error });
  }
}
