import { containersOf } from "./resource";
import type { Resource } from "./resource";
import { at, isTable, isUnset, isWhole, listOf, pending, tableOf, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

const classesFlag = "storageclass-names";

/** A Deployment of the node-cleanup controller. */
export interface NodeCleanup extends Resource {
  container: Table;
  /** The known StorageClasses that it covers. */
  covered: string[];
}

/** The controller in a Deployment, if any; it may be in any container. */
export function nodeCleanupOf(deployment: Resource): NodeCleanup | undefined {
  const containers = containersOf(deployment).filter(isTable);
  const container = containers.find(
    (one) => textOf(one.image).includes("node-cleanup") || !isUnset(flagOf(one, classesFlag, true)),
  );
  return container && { ...deployment, container, covered: coveredBy(deployment) };
}

/** StorageClasses in a controller's flags. */
function coveredBy(deployment: Resource): string[] {
  const lists = containersOf(deployment).map((one) => textOf(flagOf(one, classesFlag)));
  return lists.flatMap((list) => (list === "" ? [] : list.split(",").map((name) => name.trim())));
}

/** Whether a Deployment may cover any class because its flags are not known. */
export function mayCoverAny(deployment: Resource): boolean {
  const containers = at(deployment.props, "spec.template.spec.containers");
  const flags = listOf(containers).map((one) => flagOf(one, classesFlag));
  const readable = Array.isArray(containers) && containers.every(isTable) && !flags.includes(pending);
  return coveredBy(deployment).length === 0 && !isWhole(containers) && !readable;
}

/** The value of a flag (the last one counts); pending if any argument is, unless `known` ignores those. */
export function flagOf(container: Value, name: string, known = false): Value {
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

/** Whether a ClusterRoleBinding has the account as subject; pending values count as yes. */
export function binds({ props }: Resource, account: Value, namespace: Value): boolean {
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${textOf(namespace)}`];
  return (
    !isWhole(at(props, "subjects")) ||
    listOf(props, "subjects").some((subject) => {
      const { kind, name, namespace: its } = tableOf(subject);
      if (kind === "Group") return groups.includes(textOf(name));
      return kind === "ServiceAccount" && name === account && its === namespace;
    })
  );
}

/** Whether a ClusterRole allows listing and watching all nodes; pending and aggregated rules count as yes. */
export function listsNodes({ props }: Resource): boolean {
  const grants = (rule: Value, key: string, what: string) =>
    textsOf(rule, key).some((one) => one === what || one === "*");
  return (
    !isWhole(at(props, "rules")) ||
    isTable(at(props, "aggregationRule")) ||
    listOf(props, "rules").some(
      (rule) =>
        grants(rule, "apiGroups", "") &&
        grants(rule, "resources", "nodes") &&
        grants(rule, "verbs", "list") &&
        grants(rule, "verbs", "watch") &&
        listOf(rule, "resourceNames").length === 0,
    )
  );
}
