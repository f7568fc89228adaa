import type { DiskNodeGroupSettingsSpec } from "./disk-node-group";
import { classOf } from "./disk-nodes";
import type { PoolSpec } from "./pool";
import { suggestValue } from "./suggestion";
import { check } from "./validation";
import type { Rule } from "./validation";

/** Pools and node groups, by name. */
interface NodesSpec {
  pools?: Record<string, PoolSpec>;
  nodeGroups?: Record<string, DiskNodeGroupSettingsSpec>;
}

const kinds = [
  { section: "pools", noun: "pool" },
  { section: "nodeGroups", noun: "node group" },
] as const;
const namePattern = /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** Rules between pools, node groups and the StorageClasses of their volumes. */
export function validateNodes(spec: NodesSpec, classes: () => string[], path: string): string[] {
  return check(path, [
    ...kinds.flatMap(({ section, noun }) => [
      () =>
        spec[section] !== undefined && isEmpty(spec[section]) && `${section}: must have at least one ${noun}, got none`,
      ...namingRules(spec, section, classes),
    ]),
    () =>
      Object.keys(spec.nodeGroups ?? {}).flatMap((name) =>
        Object.hasOwn(spec.pools ?? {}, name) ? [`nodeGroups.${name}: is the name of a pool too; use another`] : [],
      ),
    () => {
      const fed = kinds.flatMap(({ section }) => Object.values(namesToClasses(spec, section)));
      const unfed = classes().filter((name) => !fed.includes(name));
      const feeder = spec.nodeGroups === undefined ? "pool" : "pool or node group";
      return (
        fed.length > 0 &&
        fed.every((name) => classes().includes(name)) &&
        unfed.length > 0 &&
        `storageClasses: no ${feeder} uses ${unfed.join(", ")}; set the class as storageClass of a ${feeder}`
      );
    },
  ]);
}

function namingRules(spec: NodesSpec, section: (typeof kinds)[number]["section"], classes: () => string[]): Rule[] {
  return [
    () =>
      // Reading the value skips a setting in place of a name, which has its own error.
      Object.keys(namesToClasses(spec, section)).flatMap((name) =>
        namePattern.test(name)
          ? []
          : [`${section}.${name}: name must be 1 to 20 lower-case letters, digits and hyphens, the first a letter`],
      ),
    () =>
      Object.entries(namesToClasses(spec, section)).flatMap(([name, className]) =>
        classes().includes(className)
          ? []
          : [
              `${section}.${name}.storageClass: must be one of ${classes().join(", ")}, got "${className}"${suggestValue(classes(), className)}`,
            ],
      ),
  ];
}

function namesToClasses(spec: NodesSpec, section: (typeof kinds)[number]["section"]): Record<string, string> {
  const all = spec[section] ?? {};
  return Object.fromEntries(Object.keys(all).map((name) => [name, classOf(all[name] ?? {})]));
}

function isEmpty(table: object): boolean {
  return Object.keys(table).length === 0;
}
