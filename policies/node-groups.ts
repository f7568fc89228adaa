import { be, expectAt, match, orUnset } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { withoutNvme } from "./pool";
import { isBottlerocket, settingsOf, templatePath } from "./user-data";
import { at, isUnset, textsOf } from "./value";

const onNodeGroups = rulesOn(({ nodeGroups }) => nodeGroups);
const onFastNodeGroups = rulesOn(({ fastNodeGroups }) => fastNodeGroups);
const onTemplates = rulesOn((chain) => {
  const groups = chain.nodeGroups.filter((group) => chain.runsBottlerocket(group));
  return [...new Set(groups.flatMap((group) => chain.templateOf(group) ?? []))];
});

/** Policies on managed node groups and their launch templates. */
export const nodeGroups: Rules = {
  "node-group-bottlerocket": onNodeGroups({
    severity: "high",
    description:
      "A managed node group whose launch template has Bottlerocket's settings runs Bottlerocket: no other OS reads them.",
    remedy: "set amiType to BOTTLEROCKET_ARM_64",
    problems: (group, chain) => {
      const template = chain.templateOf(group);
      // With an image of its own the type is CUSTOM.
      const image = template && at(template.props, templatePath(template, "imageId"));
      if (!template || !isBottlerocket(template) || !isUnset(image)) return [];
      return expectAt(group.props, "amiType", match(/^BOTTLEROCKET_/, "be of Bottlerocket"));
    },
  }),
  "node-group-disruption": onFastNodeGroups({
    severity: "critical",
    description:
      "EKS neither repairs a node group with fast disks nor updates it by force: it would replace a node, with all data on it, whatever its pods' disruption budgets say.",
    remedy: "leave nodeRepairConfig.enabled and forceUpdateVersion out, or set them to false",
    problems: ({ props }) =>
      // The AWS Cloud Control API has another name for the second.
      ["nodeRepairConfig.enabled", "forceUpdateVersion", "forceUpdateEnabled"].flatMap((path) =>
        expectAt(props, path, orUnset(be(false))),
      ),
  }),
  "node-group-instance-types": onFastNodeGroups({
    severity: "high",
    description:
      "Every arm64 type of a node group with fast disks has local NVMe: EKS takes any of them, and t3.medium where none is stated, and a node without a disk serves no claim.",
    remedy: "list types such as c8gd.xlarge in instanceTypes",
    problems: (group, chain) => {
      const template = chain.templateOf(group);
      const own = template && at(template.props, templatePath(template, "instanceType"));
      const stated = isUnset(group.props.instanceTypes) ? own : group.props.instanceTypes;
      if (isUnset(stated)) return ["instanceTypes must name types with local NVMe, got nothing"];
      const without = withoutNvme(textsOf(stated));
      return without.length > 0 ? [`instanceTypes must have local NVMe, got ${without.join(", ")}`] : [];
    },
  }),
  "node-group-image": onTemplates({
    severity: "high",
    description:
      "The launch template of a Bottlerocket node group names no image: with one, EKS merges nothing into the user data, and nodes never join.",
    remedy: "leave imageId out and set the node group's amiType and releaseVersion",
    // User data that names its cluster needs nothing merged.
    problems: (template) => {
      const merged = isUnset(at(settingsOf(template), "kubernetes.cluster-name"));
      const path = templatePath(template, "imageId");
      return merged ? expectAt(template.props, path, { words: "be unset for a node group", holds: isUnset }) : [];
    },
  }),
  "node-group-launch-template": onNodeGroups({
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group has a launch template, by number: EKS's own allows pods the node's credentials and leaves volumes as the account has them, and $Latest changes nodes unseen.",
    remedy: "set launchTemplate to a template's id and its latestVersion as a string",
    problems: ({ props }) => expectAt(props, "launchTemplate.version", match(/^\d+$/, "be a number")),
  }),
  "node-group-pinned-release": onNodeGroups({
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group states its release version: unstated, each new node group and each replacement gets what AWS released last.",
    remedy: "set releaseVersion, as the SSM parameter image_version of the Bottlerocket release has it",
    problems: ({ props }) =>
      expectAt(props, "releaseVersion", match(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/, "be <version>-<commit>")),
  }),
};
