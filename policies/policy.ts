import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isOf } from "./kinds";
import type { Kind } from "./kinds";
import { at, pending, reveal } from "./value";
import type { Table } from "./value";

/** A resource as a policy reads it; `dependencies` are URNs and known to stack policies only. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  props: Table;
  dependencies: string[];
}

/** A fault of one of the stack's resources. */
export interface Fault {
  resource: Resource;
  fault: string;
}

/** A setting of a policy with its default. */
type Schema = PolicyConfigSchema["properties"];
type Setting<T> = Omit<Schema[string], "default"> & { description: string; default: T };
export const setting = {
  flag: (byDefault: boolean, description: string) => ({ type: "boolean" as const, default: byDefault, description }),
  count: (byDefault: number, description: string) => ({ type: "integer" as const, default: byDefault, description }),
  text: (byDefault: string, description: string) => ({ type: "string" as const, default: byDefault, description }),
  texts: (byDefault: string[], description: string) => ({
    ...{ type: "array" as const, items: { type: "string" as const } },
    ...{ default: byDefault, description },
  }),
};

interface Rule<C> {
  name: string;
  severity: Severity;
  /** One sentence: what is required, and what happens otherwise. */
  description: string;
  /** How to mend it; ends each message. */
  remedy: string;
  advisory?: true;
  /** Kinds that are judged; without any the policy is not applicable. */
  kinds: Kind[];
  config?: { [K in keyof C]: Setting<C[K]> };
}

interface ResourceRule<C> extends Rule<C> {
  /** Which resources of those kinds. */
  applies?: (resource: Resource, config: NoInfer<C>) => boolean;
  /** What is wrong with it; what is pending is not. */
  faults: (resource: Resource, config: NoInfer<C>) => string[];
}

interface StackRule<C> extends Rule<C> {
  faults: (resources: (kind: Kind) => Resource[], config: NoInfer<C>) => Fault[];
}

/** Whether a resource belongs to an owner: by dependency if it has one on any, or else by the value that names it. */
export function belongs(
  resource: Resource,
  path: string,
  owner: Resource,
  owners: Resource[],
  keys: string[],
): boolean {
  if (owners.some(({ urn }) => resource.dependencies.includes(urn))) return resource.dependencies.includes(owner.urn);
  const value = at(resource.props, path);
  const names = keys.map((key) => at(owner.props, key));
  return value === pending || names.includes(pending) || (value !== undefined && names.includes(value));
}

export function resourcePolicy<C extends object>(rule: ResourceRule<C>): ResourceValidationPolicy {
  return {
    ...metadataOf(rule),
    validateResource: (args, report) => {
      if (!rule.kinds.some((kind) => isOf(kind, args))) args.notApplicable(`judges ${rule.kinds.join(", ")}`);
      const resource = resourceOf(args, []);
      const config = configOf(rule, args.getConfig());
      if (rule.applies?.(resource, config) === false) args.notApplicable("judges others of its kind");
      for (const fault of rule.faults(resource, config)) report(`${resource.name}: ${fault}; ${rule.remedy}`);
    },
  };
}

export function stackPolicy<C extends object>(rule: StackRule<C>): StackValidationPolicy {
  return {
    ...metadataOf(rule),
    validateStack: (args, report) => {
      const resources = (kind: Kind) =>
        args.resources.filter((one) => isOf(kind, one)).map((one) => resourceOf(one, dependenciesOf(one)));
      if (rule.kinds.every((kind) => resources(kind).length === 0))
        args.notApplicable(`judges ${rule.kinds.join(", ")}`);
      const faults = rule.faults(resources, configOf(rule, args.getConfig()));
      for (const { resource, fault } of faults) report(`${resource.name}: ${fault}; ${rule.remedy}`, resource.urn);
    },
  };
}

function metadataOf<C>({ name, description, severity, remedy, advisory, config }: Rule<C>) {
  return {
    ...{ name, description, severity, remediationSteps: remedy },
    enforcementLevel: advisory ? ("advisory" as const) : ("mandatory" as const),
    ...(config && { configSchema: { properties: config as Schema } }),
  };
}

function configOf<C>(rule: Rule<C>, given: object): C {
  const settings = Object.entries<Setting<unknown>>(rule.config ?? {});
  return { ...Object.fromEntries(settings.map(([key, setting]) => [key, setting.default])), ...given } as C;
}

function resourceOf({ type, name, urn, props }: ResourceValidationArgs | PolicyResource, dependencies: string[]) {
  return { type, name, urn, props: reveal(props) as Table, dependencies };
}

function dependenciesOf({ dependencies, propertyDependencies }: PolicyResource): string[] {
  return [...dependencies, ...Object.values(propertyDependencies).flat()].map(({ urn }) => urn);
}
