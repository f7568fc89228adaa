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
      // With a custom image the type is CUSTOM.
      const image = template && at(template.props, templatePath(template, "imageId"));
      if (!template || !isBottlerocket(template) || !isUnset(image)) return [];
      return expectAt(group.props, "amiType", match(/^BOTTLEROCKET_/, "be a Bottlerocket type"));
    },
  }),
  "node-group-disruption": onFastNodeGroups({
    severity: "critical",
    description:
      "EKS neither repairs a node group with fast disks nor forces its updates: both replace nodes and delete their data, regardless of PodDisruptionBudgets.",
    remedy: "remove nodeRepairConfig.enabled and forceUpdateVersion, or set them to false",
    problems: ({ props }) =>
      // The AWS Cloud Control API calls the second one forceUpdateEnabled.
      ["nodeRepairConfig.enabled", "forceUpdateVersion", "forceUpdateEnabled"].flatMap((path) =>
        expectAt(props, path, orUnset(be(false))),
      ),
  }),
  "node-group-instance-types": onFastNodeGroups({
    severity: "high",
    description:
      "Every arm64 type of a node group with fast disks has local NVMe: EKS may start any of them (t3.medium if none is set), and a node without a disk serves no claim.",
    remedy: "list types such as c8gd.xlarge in instanceTypes",
    problems: (group, chain) => {
      const template = chain.templateOf(group);
      const own = template && at(template.props, templatePath(template, "instanceType"));
      const stated = isUnset(group.props.instanceTypes) ? own : group.props.instanceTypes;
      if (isUnset(stated)) return ["instanceTypes must list types with local NVMe, got nothing"];
      const without = withoutNvme(textsOf(stated));
      return without.length > 0 ? [`instanceTypes must have local NVMe, got ${without.join(", ")}`] : [];
    },
  }),
  "node-group-image": onTemplates({
    severity: "high",
    description:
      "The launch template of a Bottlerocket node group sets no image: with one, EKS merges nothing into the user data, and nodes never join.",
    remedy: "remove imageId, and set the node group's amiType and releaseVersion",
    // User data with a cluster name needs no merge.
    problems: (template) => {
      const needsMerge = isUnset(at(settingsOf(template), "kubernetes.cluster-name"));
      const path = templatePath(template, "imageId");
      return needsMerge ? expectAt(template.props, path, { words: "be unset for a node group", holds: isUnset }) : [];
    },
  }),
  "node-group-launch-template": onNodeGroups({
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group has a launch template with a version number: EKS's default template gives pods the node's credentials and leaves volume encryption to the account, and $Latest changes nodes without a change in the stack.",
    remedy: "set launchTemplate to a template's id and its latestVersion as a string",
    problems: ({ props }) => expectAt(props, "launchTemplate.version", match(/^\d+$/, "be a number")),
  }),
  "node-group-pinned-release": onNodeGroups({
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group sets its release version: otherwise each new node group and each replacement gets the latest AWS release.",
    remedy: "set releaseVersion to the SSM parameter image_version of the Bottlerocket release",
    problems: ({ props }) =>
      expectAt(props, "releaseVersion", match(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/, "be <version>-<commit>")),
  }),
};
