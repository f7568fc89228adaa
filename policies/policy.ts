import type {
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  Severity,
  StackValidationArgs,
} from "@pulumi/policy";
import { addressOf } from "./repository";
import { resourceOf } from "./resource";
import type { Given, Resource } from "./resource";
import { Chain } from "./scope";
import { withoutSecrets } from "./secret";
import { withDefaults } from "./settings";
import type { ChainSettings, Setting, Settings } from "./settings";

type Policy = Policies[number];
type Asked = Pick<StackValidationArgs, "getConfig" | "notApplicable">;

/** The part of a policy that users read and configure. */
interface Description<C> {
  severity: Severity;
  /** Set if a violation does not stop an update unless a preset or the user makes it mandatory. */
  advisory?: true;
  /** One sentence: what is required, and what happens otherwise. */
  description: string;
  /** How to fix it; ends each message. */
  remedy: string;
  settings?: Settings<C>;
}

interface Judgement<T, C> extends Description<C> {
  /** The problems of a subject; pending values cause none. */
  problems: (subject: T, chain: Chain, settings: NoInfer<C>) => string[];
  /** Changes inputs if that is always safe; returns whether it did. */
  remediate?: (resource: Resource, inputs: Record<string, unknown>) => boolean;
}

/** A policy before it belongs to a pack; `build` gets its name, its group and the chain's settings. */
export interface Rule {
  settings: Record<string, Setting<unknown>>;
  build: (name: string, group: string, chain: () => ChainSettings) => Policy;
}
/** Rules of one subject by their names. */
export type Rules = Record<string, Rule>;

/**
 * Rules on parts of a chain. Scope "chain" judges all resources together; scope "resource" judges each one alone, before
 * it is created.
 */
export function rulesOn<T extends Resource>(subjects: (chain: Chain) => T[], scope: "chain" | "resource" = "chain") {
  return <C extends object>(rule: Judgement<T, C>): Rule => ({
    settings: { ...rule.settings },
    build: (name, group, chainSettings) => {
      const judge = (args: Asked, resources: Given[], report: ReportViolation) => {
        const chain = chainOf(resources, chainSettings());
        const found = subjects(chain);
        if (found.length === 0) args.notApplicable("no such part of a chain");
        const settings = withDefaults(rule.settings, args.getConfig());
        for (const one of found)
          for (const problem of rule.problems(one, chain, settings))
            report(`${one.name}: ${withoutSecrets(problem)}; ${rule.remedy}`, one.urn);
      };
      const metadata = metadataOf(name, group, rule);
      if (scope === "resource")
        return {
          ...metadata,
          validateResource: (args, report) => {
            judge(args, [args], report);
          },
        };
      const { remediate } = rule;
      return {
        ...metadata,
        validateStack: (args, report) => {
          judge(args, args.resources, report);
        },
        ...(remediate && {
          remediateResource: (args: ResourceValidationArgs) =>
            remediate(resourceOf(args), args.props) ? args.props : undefined,
        }),
      };
    },
  });
}

/** Where each policy is described, below its name. */
const catalogue = addressOf("policies/README.md");

/** The metadata that the engine shows. */
export function metadataOf<C>(name: string, group: string, policy: Description<C>) {
  const { description, severity, remedy, advisory, settings } = policy;
  return {
    name,
    description,
    severity,
    remediationSteps: remedy,
    displayName: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " "),
    tags: [group],
    url: `${catalogue}#${name}`,
    enforcementLevel: advisory ? ("advisory" as const) : ("mandatory" as const),
    ...(settings && { configSchema: { properties: { ...settings } as PolicyConfigSchema["properties"] } }),
  };
}

let latest: { resources: Given[]; settings: ChainSettings; chain: Chain } | undefined;

/** One chain for all policies that are given the same resources. */
function chainOf(resources: Given[], settings: ChainSettings): Chain {
  if (latest?.settings !== settings || !areSame(latest.resources, resources))
    latest = { resources, settings, chain: new Chain(resources, settings) };
  return latest.chain;
}

// The SDK wraps the same properties again for each policy.
function areSame(left: Given[], right: Given[]): boolean {
  const propertiesOf = (one?: Given): unknown => one?.props.__getSpecialProxyTarget ?? one?.props;
  return left.length === right.length && left.every((one, index) => propertiesOf(one) === propertiesOf(right[index]));
}
