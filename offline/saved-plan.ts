import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "./graph";

/** Marks a folder as a plan, and describes the plan. */
export const aboutFile = "about.json";
/** Increased when older plans can no longer be compared with new ones. */
export const planFormat = 1;

/** Description of the plan in its folder. */
export interface About {
  format: number;
  stack: string;
}

/** A resource in a plan's folder. */
export type SavedResource = Omit<Resource, "outputs" | "outputInputs" | "custom"> & { custom?: boolean };

/** A resource without the mocks' answers, as it is written to a plan's folder. */
export function saveResource(resource: Resource): object {
  const { custom, remote } = resource;
  return { ...resource, outputs: undefined, outputInputs: undefined, custom: custom || remote ? undefined : false };
}

/** Whether the folder has a plan, of any format. */
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

/** Values that the stack stores after that plan: the first value of each setting that cannot change, by Stash. */
export function rememberedBy(resources: Resource[]): Record<string, unknown> {
  const stashes = resources.filter(({ type }) => type === "pulumi:index:Stash");
  return Object.fromEntries(stashes.map(({ name, inputs }) => [name, inputs.input]));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`--against ${path}: is not JSON; write the plan again with --out`, { cause: error });
  }
}
