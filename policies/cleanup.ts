import { chainRule, resourceRule } from "./policy";
import type { Rule } from "./policy";
import { isReleased } from "./provisioner";
import type { Resource } from "./resource";
import type { Chain } from "./scope";
import {
  at,
  expectAt,
  isTable,
  isUnset,
  isWhole,
  listOf,
  oneOf,
  pending,
  secondsOf,
  show,
  tableOf,
  textOf,
  textsOf,
} from "./value";
import type { Table, Value } from "./value";

const containersPath = "spec.template.spec.containers";
const classesFlag = "storageclass-names";

/** Policies on the node-cleanup controller. */
export const cleanup: Rule[] = [
  chainRule({
    name: "cleanup-coverage",
    severity: "critical",
    description:
      "Some node-cleanup controller covers each StorageClass of fast disks: otherwise claims stay bound to disks of nodes that are gone, and their pods are Pending for ever.",
    remedy: "add the class to --storageclass-names of a node-cleanup Deployment",
    subjects: ({ storageClasses }) => storageClasses,
    problems: ({ props }, chain) => {
      const covered = chain.all("deployment").map(coveredBy);
      const name = at(props, "metadata.name");
      if (covered.includes(pending) || name === pending || covered.flat().includes(textOf(name))) return [];
      return [`a node-cleanup controller must cover ${show(name)}, got ${show(covered.flat())}`];
    },
  }),
  chainRule({
    name: "cleanup-single",
    severity: "high",
    description:
      "One node-cleanup controller covers a StorageClass, not two: each deletes claims by its own clock, the second one claims that were just made again.",
    remedy: "name the class in --storageclass-names of one Deployment only",
    subjects: controllersOf,
    problems: (resource, chain) => {
      const others = controllersOf(chain).filter((one, index, all) => index < all.indexOf(resource));
      const own = coveredBy(resource);
      return others.flatMap((other) => {
        const theirs = coveredBy(other);
        const both = own === pending || theirs === pending ? [] : own.filter((name) => theirs.includes(name));
        return both.length > 0 ? [`must not cover the classes of ${other.name}, got ${both.join(", ")} in both`] : [];
      });
    },
  }),
  resourceRule({
    name: "cleanup-delay",
    severity: "high",
    description:
      "The node-cleanup controller waits longer before it deletes a claim than between its looks for volumes: with a delay of 1s and an interval of 5s it has deleted fresh claims.",
    remedy: "set --pvc-deletion-delay above --stale-pv-discovery-interval, such as 60s and 10s",
    kinds: ["deployment"],
    problems: (resource) => {
      const container = cleanupOf(resource);
      if (!container) return [];
      const delay = flagOf(container, "pvc-deletion-delay") ?? "60s";
      const interval = flagOf(container, "stale-pv-discovery-interval") ?? "10s";
      if (delay === pending || interval === pending) return [];
      if ((secondsOf(delay) ?? 0) > (secondsOf(interval) ?? 0)) return [];
      return [`--pvc-deletion-delay must be longer than the interval ${show(interval)}, got ${show(delay)}`];
    },
  }),
  resourceRule({
    name: "cleanup-image",
    severity: "high",
    description:
      "The node-cleanup controller's image is a release, of no staging registry: it deletes claims and volumes, and a canary build does so untested.",
    remedy: "take registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
    kinds: ["deployment"],
    problems: (resource) => {
      const container = cleanupOf(resource);
      return container ? expectAt(container, "image", "be a release", isReleased) : [];
    },
  }),
  resourceRule({
    name: "cleanup-replica",
    severity: "high",
    description:
      "The node-cleanup controller has one replica, and never a second during an update: it elects no leader, and two of them delete claims that were just made again.",
    remedy: "set spec.replicas to 1 and spec.strategy.type to Recreate",
    kinds: ["deployment"],
    problems: (resource) => {
      if (!cleanupOf(resource)) return [];
      const { props } = resource;
      const surge = at(props, "spec.strategy.rollingUpdate.maxSurge");
      return [
        ...expectAt(props, "spec.replicas", "be 1", (value) => value === 1 || isUnset(value)),
        ...(oneOf(0, "0", "0%", pending)(surge)
          ? []
          : expectAt(props, "spec.strategy.type", "be Recreate", oneOf("Recreate"))),
      ];
    },
  }),
  chainRule({
    name: "cleanup-permissions",
    severity: "critical",
    description:
      "The node-cleanup controller can list nodes: without that it takes every volume that nobody has claimed yet for one of a lost node, and deletes it.",
    remedy:
      'bind its service account to a ClusterRole with list and watch of nodes in apiGroup "", without resourceNames',
    subjects: controllersOf,
    problems: ({ props }, chain) => {
      const account =
        at(props, "spec.template.spec.serviceAccountName") ??
        at(props, "spec.template.spec.serviceAccount") ??
        "default";
      const namespace = at(props, "metadata.namespace") ?? "default";
      const bindings = chain.all("clusterRoleBinding").filter((one) => binds(one, account, namespace));
      const names = bindings
        .filter((one) => oneOf("ClusterRole", pending)(at(one.props, "roleRef.kind")))
        .map((one) => at(one.props, "roleRef.name"));
      const roles = chain.all("clusterRole").filter((one) => names.includes(at(one.props, "metadata.name")));
      // Of roles that others made nothing is known.
      const elsewhere = roles.length < new Set(names).size;
      if (elsewhere || !isWhole([account, namespace, names]) || roles.some(listsNodes)) return [];
      return [`its service account must be allowed to list nodes, got ${show(account)} without`];
    },
  }),
];

function controllersOf(chain: Chain): Resource[] {
  return chain.all("deployment").filter((one) => cleanupOf(one) !== undefined);
}

/** The node-cleanup controller's container in a Deployment. */
function cleanupOf({ props }: Resource): Table | undefined {
  const known = listOf(at(props, containersPath)).filter(isTable);
  return known.find((one) => textOf(one.image).includes("node-cleanup") || !isUnset(flagOf(one, classesFlag, true)));
}

/** StorageClasses whose volumes a Deployment releases, pending where it may be such a controller. */
function coveredBy({ props }: Resource): string[] | typeof pending {
  const containers = at(props, containersPath);
  const flags = listOf(containers).map((one) => flagOf(one, classesFlag));
  const covered = flags.flatMap((list) => (typeof list === "string" ? list.split(",").map((name) => name.trim()) : []));
  const known =
    isWhole(containers) || (Array.isArray(containers) && containers.every(isTable) && !flags.includes(pending));
  return covered.length > 0 || known ? covered : pending;
}

/** The value of a flag, of which the last one counts; pending where words are, unless only known ones are asked for. */
function flagOf(container: Value, name: string, known = false): Value {
  const lists = ["command", "args"].map((key) => at(container, key));
  const words = lists.flatMap((list) =>
    Array.isArray(list) ? list.flatMap((word) => (word === pending ? "\0" : textOf(word).split(/\s+/))) : [],
  );
  const values = words.flatMap((word, index) => {
    const [, flag, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    return flag === name ? [value ?? words[index + 1] ?? ""] : [];
  });
  const unknown = !known && (lists.includes(pending) || words.includes("\0"));
  return unknown || values.at(-1) === "\0" ? pending : values.at(-1);
}

function binds({ props }: Resource, account: Value, namespace: Value): boolean {
  const subjects = at(props, "subjects");
  if (!isWhole(subjects)) return true;
  return listOf(subjects).some((one) => {
    const { kind, name, namespace: its } = tableOf(one);
    if (kind === "Group")
      return ["system:serviceaccounts", `system:serviceaccounts:${textOf(namespace)}`].includes(textOf(name));
    return kind === "ServiceAccount" && name === account && its === namespace;
  });
}

function listsNodes({ props }: Resource): boolean {
  const rules = at(props, "rules");
  if (!isWhole(rules) || isTable(at(props, "aggregationRule"))) return true;
  const grants = (rule: Value, key: string, what: string) => textsOf(at(rule, key)).some(oneOf(what, "*"));
  return listOf(rules).some(
    (rule) =>
      grants(rule, "apiGroups", "") &&
      grants(rule, "resources", "nodes") &&
      grants(rule, "verbs", "list") &&
      listOf(at(rule, "resourceNames")).length === 0,
  );
}
