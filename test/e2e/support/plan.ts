import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "./kubernetes-api";
import { root, run } from "./process";
import { need } from "./tools";

export const stacks = ["dev", "prod"];

/** A resource of the plan, as `resources.json` has it. */
export interface Planned {
  key: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  parent?: string;
  dependencies: string[];
}

export interface Release {
  name: string;
  chart: string;
  version: string;
  namespace: string;
  values?: Record<string, unknown>;
}

/** What `npm start -- STACK` wrote, read back from its files: the judges get what a reader of the plan sees. */
export interface Plan {
  stack: string;
  resources: Planned[];
  /** Kubernetes objects by the name of their resource. */
  objects: Record<string, KubernetesObject>;
  releases: Record<string, Release>;
  /** User data by the name of their resource. */
  userData: Record<string, string>;
  /** What `npm start` prints. */
  text: string;
  outputs: { clusterName: string; bootImage: string; placements: Record<string, Placement> };
}

export interface Placement {
  labels: Record<string, string>;
  spec: Record<string, unknown>;
}

const plans = new Map<string, Plan>();
for (const stack of stacks)
  need(
    `plan of ${stack}`,
    async () => {
      process.stderr.write(`  planning ${stack} …\n`);
      await run("node", ["offline/start.js", stack]);
      plans.set(stack, readPlan(stack));
    },
    { lasts: false },
  );

export function planOf(stack: string): Plan {
  const plan = plans.get(stack);
  if (!plan) throw new Error(`${stack}: must be one of ${stacks.join(", ")}, which are planned before the first test`);
  return plan;
}

function readPlan(stack: string): Plan {
  const folder = join(root, "plan", stack);
  const resources = JSON.parse(readFileSync(join(folder, "resources.json"), "utf8")) as Planned[];
  const read = <T>(kind: string, extension: string, decode: (text: string) => T): Record<string, T> =>
    Object.fromEntries(
      resources.flatMap(({ name }) => {
        const file = join(folder, kind, `${name}.${extension}`);
        return existsSync(file) ? [[name, decode(readFileSync(file, "utf8"))]] : [];
      }),
    );
  return {
    stack,
    resources,
    objects: read("kubernetes", "yaml", (text) => parse(text) as KubernetesObject),
    releases: read("helm", "yaml", (text) => parse(text) as Release),
    userData: read("user-data", "toml", (text) => text),
    text: readFileSync(join(folder, "plan.txt"), "utf8"),
    outputs: JSON.parse(readFileSync(join(folder, "outputs.json"), "utf8")) as Plan["outputs"],
  };
}

/** The object of a resource. */
export function objectOf(plan: Plan, name: string): KubernetesObject {
  const object = plan.objects[name];
  if (!object) throw new Error(`${plan.stack}: the plan has no ${name}`);
  return object;
}

/** The resources in an order in which Pulumi may create them; reversed, delete them. */
export function creationOrder({ resources }: Plan): Planned[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  const done = new Set<string>();
  const visit = (key: string): void => {
    const resource = byKey.get(key);
    if (!resource || done.has(key)) return;
    done.add(key);
    for (const other of [...resource.dependencies, ...(resource.parent ? [resource.parent] : [])]) visit(other);
    order.push(resource);
  };
  const order: Planned[] = [];
  for (const { key } of resources) visit(key);
  return order;
}

/** Resources whose type ends so. */
export function resourcesOf({ resources }: Plan, type: string): Planned[] {
  return resources.filter((resource) => resource.type.endsWith(type));
}
