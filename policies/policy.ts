import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { addressOf } from "./repository";
import { isOf } from "./resource";
import type { Kind, Resource } from "./resource";
import { Chain } from "./scope";
import { withDefaults } from "./settings";
import type { ChainSettings, Settings } from "./settings";
import { reveal, withoutSecrets } from "./value";
import type { Table } from "./value";

interface Description<C> {
  name: string;
  severity: Severity;
  /** Where a violation does not stop an update unless a preset or the user says so. */
  advisory?: true;
  /** One sentence: what is required, and what happens otherwise. */
  description: string;
  /** How to fix it; ends each message. */
  remedy: string;
  settings?: Settings<C>;
}

/** Judges one resource by what it says itself, before it is made. */
interface ResourceRule<C> extends Description<C> {
  kinds: Kind[];
  problems: (resource: Resource, settings: NoInfer<C>) => string[];
}

/** Judges parts of a chain by the chain that they belong to. */
interface ChainRule<C, T> extends Description<C> {
  /** What it judges; without any it is not applicable. */
  subjects: (chain: Chain, settings: NoInfer<C>) => T[];
  /** Problems of each of them; what is pending is none. */
  problems: (subject: NoInfer<T>, chain: Chain, settings: NoInfer<C>) => string[];
  /** Changes inputs where that is always safe, and says whether it did. */
  remediate?: (resource: Resource, inputs: Record<string, unknown>) => boolean;
}

/** A policy before it belongs to a pack: what surrounds it there is told it later. */
export interface Rule {
  name: string;
  schema: NonNullable<Policies[number]["configSchema"]>["properties"];
  build: (group: string, chain: () => ChainSettings) => Policies[number];
}

export function resourceRule<C extends object>(rule: ResourceRule<C>): Rule {
  const validateResource: ResourceValidationPolicy["validateResource"] = (args, report) => {
    if (!rule.kinds.some((kind) => isOf(kind, args))) args.notApplicable(`judges ${rule.kinds.join(", ")}`);
    const resource = resourceOf(args);
    for (const problem of rule.problems(resource, withDefaults(rule.settings, args.getConfig())))
      report(`${resource.name}: ${withoutSecrets(problem)}; ${rule.remedy}`);
  };
  return { ...named(rule), build: (group) => ({ ...metadataOf(rule, group), validateResource }) };
}

export function chainRule<C extends object, T extends Resource>(rule: ChainRule<C, T>): Rule {
  const judge =
    (settingsOfChain: () => ChainSettings): StackValidationPolicy["validateStack"] =>
    (args, report) => {
      const chain = chainOf(args.resources, settingsOfChain());
      const settings = withDefaults(rule.settings, args.getConfig());
      const subjects = rule.subjects(chain, settings);
      if (subjects.length === 0) args.notApplicable("the stack has no such part of a chain");
      for (const subject of subjects)
        for (const problem of rule.problems(subject, chain, settings))
          report(`${subject.name}: ${withoutSecrets(problem)}; ${rule.remedy}`, subject.urn);
    };
  const { remediate } = rule;
  const remediation = remediate && {
    remediateResource: (args: ResourceValidationArgs) =>
      remediate(resourceOf(args), args.props) ? args.props : undefined,
  };
  return {
    ...named(rule),
    build: (group, chain) => ({ ...metadataOf(rule, group), validateStack: judge(chain), ...remediation }),
  };
}

function named<C>({ name, settings }: Description<C>): Pick<Rule, "name" | "schema"> {
  return { name, schema: { ...settings } };
}

/** Where each policy is described, below its name. */
export const catalogue = addressOf("policies/README.md");

function metadataOf<C>({ name, description, severity, remedy, advisory, settings }: Description<C>, group: string) {
  return {
    name,
    description,
    severity,
    remediationSteps: remedy,
    displayName: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " "),
    tags: [group],
    url: `${catalogue}#${name}`,
    enforcementLevel: advisory ? ("advisory" as const) : ("mandatory" as const),
    ...(settings && { configSchema: { properties: { ...settings } as Rule["schema"] } }),
  };
}

function resourceOf(given: ResourceValidationArgs | PolicyResource): Resource {
  const { type, name, urn, props } = given;
  const sources = Object.entries("propertyDependencies" in given ? given.propertyDependencies : {}).map(
    ([property, list]) => [property, list.map((one) => one.urn)] as const,
  );
  const dependencies = "dependencies" in given ? given.dependencies.map((one) => one.urn) : [];
  return {
    type,
    name,
    urn,
    props: reveal(props) as Table,
    dependencies: [...dependencies, ...sources.flatMap(([, urns]) => urns)],
    sources: Object.fromEntries(sources),
  };
}

let latest: { resources: PolicyResource[]; settings: ChainSettings; chain: Chain } | undefined;

/** One chain for all policies that are given the same resources. */
function chainOf(resources: PolicyResource[], settings: ChainSettings): Chain {
  if (latest?.settings !== settings || !areSame(latest.resources, resources))
    latest = { resources, settings, chain: new Chain(resources, resourceOf, settings) };
  return latest.chain;
}

function areSame(left: PolicyResource[], right: PolicyResource[]): boolean {
  return left.length === right.length && left.every((one, index) => propertiesOf(one) === propertiesOf(right[index]));
}

// The SDK wraps the same properties anew for each policy.
function propertiesOf(resource: PolicyResource | undefined): unknown {
  return resource?.props.__getSpecialProxyTarget ?? resource?.props;
}
