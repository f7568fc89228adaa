import { belongs, stackPolicy } from "./policy";
import { at, isTable, listOf, parseJson, pending, show } from "./value";

export const repositoryLifecycle = stackPolicy({
  name: "repository-lifecycle",
  severity: "critical",
  description:
    "An image repository has a lifecycle that expires untagged images only: a node pulls its boot image at each boot, and one whose tagged image has expired never comes back.",
  remedy: 'give it a lifecycle policy whose rules all select tagStatus "untagged"',
  kinds: ["repository", "repositoryLifecycle"],
  faults: (resources) => {
    const lifecycles = resources("repositoryLifecycle");
    const repositories = resources("repository");
    const bare = repositories.filter(
      (owner) => !lifecycles.some((one) => belongs(one, "repository", owner, repositories, ["name", "id"])),
    );
    return [
      ...bare.map((resource) => ({ resource, fault: "must have a lifecycle policy, got none" })),
      ...lifecycles.flatMap((resource) => {
        const document = parseJson(at(resource.props, "policy"));
        if (document === pending) return [];
        if (!isTable(document)) return [{ resource, fault: "policy must be JSON" }];
        const rules = listOf(document.rules).filter((rule) => at(rule, "selection.tagStatus") !== "untagged");
        return rules.map((rule) => ({
          resource,
          fault: `policy must expire untagged images only, got ${show(at(rule, "selection"))}`,
        }));
      }),
    ];
  },
});
