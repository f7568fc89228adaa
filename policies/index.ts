import type { Policies, PolicyPackConfig } from "@pulumi/policy";
import { bootImage } from "./boot-image";
import { cleanup } from "./cleanup";
import { cluster } from "./cluster";
import { consumers } from "./consumers";
import { karpenter } from "./karpenter";
import { nodePools } from "./node-pools";
import { nodes } from "./nodes";
import { catalogue } from "./policy";
import type { Rule } from "./policy";
import { chainSettings, problemsOf, settingsName, withDefaults } from "./settings";
import type { ChainSettings, Schemas } from "./settings";
import { storage } from "./storage";
import { userData } from "./user-data-rules";
import dev from "./presets/dev.json";
import prod from "./presets/prod.json";
import shared from "./presets/shared.json";

export type { ChainSettings } from "./settings";

/** Rules by what they judge; a file has all of one subject. */
const subjects: Record<string, Rule[]> = {
  "node pools": nodePools,
  nodes,
  "user data": userData,
  storage,
  consumers,
  cleanup,
  "boot image": bootImage,
  Karpenter: karpenter,
  cluster,
};

/** Configurations of the pack: for our own stacks, and for clusters that others share. */
export const presets = { dev, prod, shared } as Record<"dev" | "prod" | "shared", PolicyPackConfig>;

/** The policies of a pack by what they judge, and the way to tell them its configuration. */
export interface PolicySet {
  groups: Record<string, Policies>;
  policies: Policies;
  /** Takes the configuration of the whole pack, which the SDK hands to each policy in parts only. */
  configure: (config: PolicyPackConfig) => void;
}

/** Policies for a pack of your own, for a chain with these settings. */
export function createPolicies(given: Partial<ChainSettings> = {}): PolicySet {
  const defaults = withDefaults(chainSettings, { ...given });
  const schema = {
    label: { ...chainSettings.label, default: defaults.label },
    container: { ...chainSettings.container, default: defaults.container },
    classes: { ...chainSettings.classes, default: defaults.classes },
  };
  const rules = Object.values(subjects).flat();
  const schemas = new Map([
    [settingsName, schema],
    ...rules.map((rule) => [rule.name, rule.schema] as const),
  ]) as Schemas;
  let problems = problemsOf({ [settingsName]: given }, schemas);
  let chain = defaults;
  const settings: Policies[number] = {
    name: settingsName,
    displayName: "Settings",
    description:
      "The configuration of this pack has no name, key or value that no policy reads: a misspelt one would be ignored, and what it was meant to forbid would pass.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps: "correct the configuration of the policy pack",
    tags: ["configuration"],
    url: `${catalogue}#${settingsName}`,
    configSchema: { properties: schema },
    validateStack: (_, report) => {
      for (const problem of problems) report(`${problem}; correct the configuration of the policy pack`);
    },
  };
  const groups: Record<string, Policies> = { configuration: [settings] };
  for (const [group, list] of Object.entries(subjects))
    groups[group] = list.map((rule) => rule.build(group, () => chain));
  return {
    groups,
    policies: Object.values(groups).flat(),
    configure: (config) => {
      problems = [...problemsOf({ [settingsName]: given }, schemas), ...problemsOf(config, schemas)];
      chain = withDefaults(schema, { ...(config[settingsName] as object) });
    },
  };
}
