import type { Policies, PolicyPackConfig } from "@pulumi/policy";
import { bootImage } from "./boot-image";
import { cleanup } from "./cleanup";
import { cluster } from "./cluster";
import { consumers } from "./consumers";
import { karpenter } from "./karpenter";
import { nodeGroups } from "./node-groups";
import { nodePools } from "./node-pools";
import { nodes } from "./nodes";
import { metadataOf } from "./policy";
import type { Rules } from "./policy";
import { provisioners } from "./provisioners";
import { chainSettings, problemsOf, settingsName, withDefaults } from "./settings";
import type { ChainSettings } from "./settings";
import { storage } from "./storage";
import { userData } from "./user-data-rules";
import dev from "./presets/dev.json";
import prod from "./presets/prod.json";
import shared from "./presets/shared.json";

export type { ChainSettings } from "./settings";

/** Rules by subject. */
const subjects: Record<string, Rules> = {
  "node pools": nodePools,
  nodes: { ...nodes, ...nodeGroups },
  "user data": userData,
  storage: { ...provisioners, ...storage },
  consumers,
  cleanup,
  "boot image": bootImage,
  Karpenter: karpenter,
  cluster,
};

/** Configurations of the pack: for the stacks of this repository, and for clusters shared with other teams. */
export const presets = { dev, prod, shared } as Record<"dev" | "prod" | "shared", PolicyPackConfig>;

/** The policies of a pack by subject, and the function that sets their configuration. */
export interface PolicySet {
  groups: Record<string, Policies>;
  policies: Policies;
  /** Sets the configuration of the whole pack; the SDK gives each policy only its own part. */
  configure: (config: PolicyPackConfig) => void;
}

/** Policies for your own pack and a chain with these settings. */
export function createPolicies(given: Partial<ChainSettings> = {}): PolicySet {
  const defaults = withDefaults(chainSettings, { ...given });
  const own = {
    label: { ...chainSettings.label, default: defaults.label },
    container: { ...chainSettings.container, default: defaults.container },
    classes: { ...chainSettings.classes, default: defaults.classes },
  };
  const rules = Object.values(subjects).flatMap((list) => Object.entries(list));
  const schemas = new Map([[settingsName, own], ...rules.map(([name, { settings }]) => [name, settings] as const)]);
  let problems = problemsOf({ [settingsName]: given }, schemas);
  let chain = defaults;
  const remedy = "correct the configuration of the policy pack";
  const settings: Policies[number] = {
    ...metadataOf(settingsName, "configuration", {
      severity: "high",
      description:
        "The configuration of this pack has only names, keys and values that a policy reads: a misspelt one would be ignored, and violations would pass.",
      remedy,
      settings: own,
    }),
    validateStack: (_, report) => {
      for (const problem of problems) report(`${problem}; ${remedy}`);
    },
  };
  const groups: Record<string, Policies> = { configuration: [settings] };
  for (const [group, list] of Object.entries(subjects))
    groups[group] = Object.entries(list).map(([name, rule]) => rule.build(name, group, () => chain));
  return {
    groups,
    policies: Object.values(groups).flat(),
    configure: (config) => {
      problems = [...problemsOf({ [settingsName]: given }, schemas), ...problemsOf(config, schemas)];
      chain = withDefaults(own, { ...(config[settingsName] as object) });
    },
  };
}
