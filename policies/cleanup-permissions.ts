import { cleanupOf } from "./cleanup";
import { stackPolicy } from "./policy";
import type { Resource } from "./policy";
import { at, isWhole, listOf, oneOf, show, textsOf } from "./value";
import type { Value } from "./value";

export const cleanupPermissions = stackPolicy({
  name: "cleanup-permissions",
  severity: "critical",
  description:
    "The node-cleanup controller can list nodes: without that it takes every volume that nobody has claimed yet for one of a lost node, and deletes it.",
  remedy: "bind its service account to a ClusterRole with get, list and watch of nodes",
  kinds: ["deployment"],
  faults: (resources) => {
    const controllers = resources("deployment").filter((one) => cleanupOf(one) !== undefined);
    return controllers.flatMap((resource) => {
      const account = at(resource.props, "spec.template.spec.serviceAccountName") ?? "default";
      const namespace = at(resource.props, "metadata.namespace") ?? "default";
      const bindings = resources("clusterRoleBinding").filter((one) => binds(one, account, namespace));
      const names = bindings.map(({ props }) => at(props, "roleRef.name"));
      const roles = resources("clusterRole").filter(({ props }) => names.includes(at(props, "metadata.name")));
      // Of roles that others made nothing is known.
      const elsewhere = roles.length < new Set(names).size;
      if (elsewhere || !isWhole([account, namespace, names]) || roles.some(listsNodes)) return [];
      return [{ resource, fault: `its service account must be allowed to list nodes, got ${show(account)} without` }];
    });
  },
});

function binds({ props }: Resource, account: Value, namespace: Value): boolean {
  const subjects = at(props, "subjects");
  if (!isWhole(subjects)) return true;
  return listOf(subjects).some((one) => at(one, "name") === account && at(one, "namespace") === namespace);
}

function listsNodes({ props }: Resource): boolean {
  const grants = (rule: Value, key: string, what: string) => textsOf(at(rule, key)).some(oneOf(what, "*"));
  const rules = at(props, "rules");
  return (
    !isWhole(rules) || listOf(rules).some((rule) => grants(rule, "resources", "nodes") && grants(rule, "verbs", "list"))
  );
}
