import { isDeepStrictEqual } from "node:util";
import { Effect, effectOf } from "./effects";
import type { Resource } from "./graph";

/** What happens to one resource between two plans. */
export interface Change {
  key: string;
  type: string;
  name: string;
  effect: Effect;
  /** Inputs that differ, in alphabetical order. */
  paths: string[];
  /** Source of the rule. */
  source: string;
}

/** The resources of a plan. */
interface Planned {
  resources: Resource[];
}

/** All changes from one plan to another, at most one for each effect on a resource. */
export function compareGraphs(before: Planned, after: Planned): Change[] {
  const old = new Map(before.resources.map((resource) => [resource.key, resource]));
  const remaining = new Set(after.resources.map(({ key }) => key));
  const deleted = before.resources
    .filter(({ key, custom, remote }) => !remaining.has(key) && (custom || remote))
    .map((resource) => ({
      ...identityOf(resource),
      effect: resource.retainOnDelete ? Effect.left : Effect.deleted,
      paths: [],
      source: "Pulumi",
    }));
  return [...deleted, ...after.resources.flatMap((resource) => changesOf(old.get(resource.key), resource))];
}

function changesOf(before: Resource | undefined, after: Resource): Change[] {
  if (!after.custom && !after.remote) return [];
  if (!before) return [{ ...identityOf(after), effect: Effect.created, paths: [], source: "Pulumi" }];
  const found = new Map<Effect, Change>();
  for (const path of differences(before.inputs, after.inputs, "")) {
    if (after.ignoreChanges.some((ignored) => path === ignored || path.startsWith(`${ignored}.`))) continue;
    const { effect, source } = effectOf(after.type, path);
    const paths = [...(found.get(effect)?.paths ?? []), path].sort();
    found.set(effect, { ...identityOf(after), effect, paths, source });
  }
  return [...found.values()];
}

function identityOf({ key, type, name }: Resource) {
  return { key, type, name };
}

/** Paths of the values that differ; lists are one value. */
function differences(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isTable(before) || !isTable(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differences(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
