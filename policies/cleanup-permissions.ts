import { cleanupOf } from "./cleanup";
import { stackPolicy } from "./policy";
import type { Resource } from "./policy";
import { at, isWhole, listOf, show, textsOf } from "./value";

export const cleanupPermissions = stackPolicy({
  name: "cleanup-permissions",
  severity: "critical",
  description:
    "The node-cleanup controller can list nodes: without that it takes every volume that nobody has claimed yet for one of a lost node, and deletes it.",
  remedy: "bind its service account to a ClusterRole with get, list and watch of nodes",
  kinds: ["deployment"],
  faults: (resources) => {
    const [roles, bindings] = [resources("clusterRole"), resources("clusterRoleBinding")];
    const controllers = resources("deployment").filter((one) => cleanupOf(one) !== undefined);
    return controllers.flatMap((resource) => {
      const account = at(resource.props, "spec.template.spec.serviceAccountName") ?? "default";
      const names = bindings.filter((one) => binds(one, account)).map(({ props }) => at(props, "roleRef.name"));
      const here = roles.filter(({ props }) => names.includes(at(props, "metadata.name")));
      // Roles that others made are not seen here.
      const elsewhere = here.length < new Set(names).size || !isWhole(account) || !names.every(isWhole);
      if (elsewhere || here.some(listsNodes)) return [];
      return [{ resource, fault: `its service account must be allowed to list nodes, got ${show(account)} without` }];
    });
  },
});

function binds({ props }: Resource, account: unknown): boolean {
  const subjects = at(props, "subjects");
  return !isWhole(subjects) || listOf(subjects).some((subject) => at(subject, "name") === account);
}

function listsNodes({ props }: Resource): boolean {
  const rules = at(props, "rules");
  const grants = (rule: object, key: string, value: string) =>
    textsOf(at({ rule: rule as never }, `rule.${key}`)).some((one) => one === value || one === "*");
  return (
    !isWhole(rules) ||
    listOf(rules).some(
      (rule) => grants(rule as object, "resources", "nodes") && grants(rule as object, "verbs", "list"),
    )
  );
}
