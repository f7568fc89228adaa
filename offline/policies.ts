import type { Policies, PolicyPackConfig, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPolicies } from "../policies/index"; // the folder resolves to pack.js, which starts a server
import { marks } from "../policies/value";
import type { Graph, Resource } from "./graph";

export type Policy = Policies[number];

/** Results of one group of policies for a plan. */
export interface Verdict {
  group: string;
  policies: number;
  /** Number of policies without a resource to check. */
  notApplicable: number;
  violations: Violation[];
}

export interface Violation {
  policy: string;
  level: string;
  message: string;
}

/** A resource as policies receive it; stack policies receive the outputs. */
export type Seen = Pick<PolicyResource, "type" | "name" | "urn" | "props" | "dependencies" | "propertyDependencies"> & {
  outputs: PolicyResource["props"];
};

/** Judges a plan as the engine would, with the preset of the stack's name if there is one. */
export function judge(stack: string, graph: Graph): Verdict[] {
  const preset = join("policies", "presets", `${stack}.json`);
  const config = existsSync(preset) ? (JSON.parse(readFileSync(preset, "utf8")) as PolicyPackConfig) : {};
  const seen = see(graph.resources);
  const { groups, configure } = createPolicies();
  configure(config);
  return Object.entries(groups).map(([group, policies]) => {
    const results = policies.map((policy) => {
      const { enforcementLevel: level, ...settings } = settingsOf(policy, config);
      const { judged, messages } = level === "disabled" ? { judged: 0, messages: [] } : run(policy, seen, settings);
      return { judged, violations: messages.map((message) => ({ policy: policy.name, level, message })) };
    });
    return {
      group,
      policies: policies.length,
      notApplicable: results.filter(({ judged }) => judged === 0).length,
      violations: results.flatMap(({ violations }) => violations),
    };
  });
}

/** Runs a policy on all resources: returns how often it applied, and its messages. */
export function run(policy: Policy, resources: Seen[], settings: object): { judged: number; messages: string[] } {
  const messages: string[] = [];
  const report = (message: string) => void messages.push(message);
  const common = { getConfig: () => settings, notApplicable: skip };
  const stack = resources.map((one) => ({ ...one, props: one.outputs }));
  const calls =
    "validateStack" in policy
      ? [() => policy.validateStack({ ...common, resources: stack } as never, report)]
      : resources.flatMap((one) =>
          [policy.validateResource ?? []]
            .flat()
            .map((validate) => () => validate({ ...common, ...one } as never as ResourceValidationArgs, report)),
        );
  return { judged: calls.filter(applies).length, messages };
}

/** The resources of a plan as policies receive them, with references to each other. */
export function see(resources: Resource[]): Seen[] {
  const views = new Map(resources.map((one) => [one.key, viewOf(one)]));
  const named = (keys: string[]) => keys.flatMap((key) => views.get(key) ?? []) as object[] as PolicyResource[];
  for (const { key, dependencies, propertyDependencies } of resources) {
    const of = Object.entries(propertyDependencies).map(([property, keys]) => [property, named(keys)] as const);
    Object.assign(views.get(key) ?? {}, {
      dependencies: named(dependencies),
      propertyDependencies: Object.fromEntries(of),
    });
  }
  return [...views.values()];
}

// One error for all, since its stack trace would take longer than the policies.
const notApplicable = new Error("not applicable");

function skip(): never {
  throw notApplicable;
}

function applies(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (error === notApplicable) return false;
    throw error;
  }
}

function settingsOf(policy: Policy, config: PolicyPackConfig): { enforcementLevel: string } {
  const given = config[policy.name] ?? config.all ?? {};
  const settings = typeof given === "string" ? { enforcementLevel: given } : given;
  return { ...settings, enforcementLevel: settings.enforcementLevel ?? policy.enforcementLevel ?? "mandatory" };
}

function viewOf({ key, type, name, inputs, outputs, custom, remote }: Resource): Seen {
  const props = unhide(inputs) as Seen["props"];
  const answered = custom && !remote ? (unhide(outputs) as Seen["props"]) : props;
  return { urn: key, type, name, props, outputs: answered, dependencies: [], propertyDependencies: {} };
}

// The plan hides secrets; policies treat them as unknown values.
function unhide(value: unknown): unknown {
  if (value === "[secret]") return marks[2];
  if (Array.isArray(value)) return value.map(unhide);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unhide(item)]));
}
