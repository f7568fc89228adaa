import { withoutNvme } from "./pool";
import { chainRule } from "./policy";
import type { Rule } from "./policy";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import { isBottlerocket, nodePath, templatePath, userDataOf } from "./user-data";
import {
  at,
  expectAt,
  isTable,
  isUnset,
  isWhole,
  listOf,
  matching,
  oneOf,
  pending,
  show,
  tableOf,
  textOf,
  textsOf,
} from "./value";
import type { Table } from "./value";

/** Policies on EC2NodeClasses, launch templates and managed node groups. */
export const nodes: Rule[] = [
  chainRule({
    name: "node-class-bottlerocket",
    severity: "high",
    description:
      "An EC2NodeClass that is Bottlerocket's by its family, image or user data is so by all of them: another OS reads no Bottlerocket settings and runs no bootstrap container.",
    remedy: "set spec.amiFamily to Bottlerocket, and an alias of the same family",
    subjects: ({ nodeClasses }) => nodeClasses.filter(isBottlerocket),
    problems: ({ props }) => {
      const aliases = listOf(at(props, "spec.amiSelectorTerms")).map((term) => at(term, "alias"));
      const others = aliases.filter((alias) => typeof alias === "string" && !alias.startsWith("bottlerocket@"));
      const implied = aliases.some((alias) => !isUnset(alias)) && others.length === 0;
      const family = expectAt(props, "spec.amiFamily", "be Bottlerocket", (value) => {
        return value === "Bottlerocket" || (isUnset(value) && (implied || others.length > 0));
      });
      if (family.length > 0) return family;
      return others.map((alias) => `spec.amiSelectorTerms must have an alias of bottlerocket, got ${show(alias)}`);
    },
  }),
  chainRule({
    name: "node-class-identity",
    severity: "medium",
    description:
      "An EC2NodeClass names exactly one of role and instanceProfile: Karpenter refuses both, and starts no node with neither.",
    remedy: "state spec.role or spec.instanceProfile, not both",
    subjects: ({ nodeClasses }) => nodeClasses,
    problems: ({ props }) => {
      const stated = ["role", "instanceProfile"].filter((key) => !isUnset(at(props, `spec.${key}`)));
      const unknown = stated.some((key) => at(props, `spec.${key}`) === pending);
      return stated.length === 1 || unknown
        ? []
        : [`spec must name one of role and instanceProfile, got ${show(stated)}`];
    },
  }),
  chainRule({
    name: "node-class-instance-store",
    severity: "critical",
    description:
      "An EC2NodeClass whose disks become volumes has no instanceStorePolicy: RAID0 takes every local disk for containers, and none is left.",
    remedy: "leave spec.instanceStorePolicy out",
    subjects: ({ fastNodeClasses }) => fastNodeClasses,
    problems: ({ props }) => expectAt(props, "spec.instanceStorePolicy", "be unset beside fast disks", isUnset),
  }),
  chainRule({
    name: "node-class-pinned-image",
    severity: "critical",
    description:
      "An EC2NodeClass of fast disks names one release of its image: with latest, each release by AWS is drift and replaces nodes that hold data.",
    remedy: "pin the alias, as in bottlerocket@v1.66.0",
    subjects: ({ fastNodeClasses }) => fastNodeClasses,
    problems: ({ props }) => {
      const terms = at(props, "spec.amiSelectorTerms");
      const loose = listOf(terms).filter((term) => {
        const alias = at(term, "alias");
        const pinned = isUnset(alias) ? !isUnset(at(term, "id")) : /^[a-z0-9]+@v\d+(\.\d+\.\d+)?$/.test(textOf(alias));
        return isTable(term) && !pinned && alias !== pending;
      });
      if (isWhole(terms) && listOf(terms).length === 0) loose.push(terms);
      return loose.map((term) => `spec.amiSelectorTerms must pin a release, got ${show(term)}`);
    },
  }),
  chainRule({
    name: "node-eviction",
    severity: "high",
    description:
      "A node with fast disks states all hard eviction signals or none: those that are not stated are off, and a full disk then ends the node, and its data, instead of a pod.",
    remedy:
      "state memory.available, nodefs.available, nodefs.inodesFree, imagefs.available and imagefs.inodesFree, or none",
    subjects: ({ fastNodes }) => fastNodes,
    problems: (resource) => {
      const signals = [
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
      ];
      const settings = at(userDataSettings(resource), "kubernetes.eviction-hard");
      const stated: Table = {
        [nodePath(resource, "userData")]: settings,
        "spec.kubelet.evictionHard": at(resource.props, "spec.kubelet.evictionHard"),
      };
      return Object.entries(stated).flatMap(([path, table]) => {
        if (!isTable(table) || Object.keys(table).length === 0) return [];
        const missing = signals.some((signal) => !Object.hasOwn(table, signal));
        const got = Object.keys(table).join(" and ");
        return missing ? [`${path} must state all hard eviction signals or none, got ${got} alone`] : [];
      });
    },
  }),
  chainRule({
    name: "node-metadata-imdsv2",
    severity: "high",
    advisory: true,
    description:
      "Nodes answer metadata requests by IMDSv2 and to themselves only: with IMDSv1 or a second hop, a pod gets the credentials of its node.",
    remedy: "set metadataOptions to httpTokens required and httpPutResponseHopLimit 1",
    subjects: ({ nodes }) => nodes,
    problems: (resource) => {
      const path = nodePath(resource, "metadataOptions");
      // Karpenter's defaults, where nothing is stated, are the ones required here.
      const byDefault = isOf("nodeClass", resource);
      return [
        ...expectAt(resource.props, `${path}.httpTokens`, "be required", (value) => {
          return value === "required" || (byDefault && isUnset(value));
        }),
        ...expectAt(resource.props, `${path}.httpPutResponseHopLimit`, "be 1", (value) => {
          return value === 1 || (byDefault && isUnset(value));
        }),
      ];
    },
    remediate: (resource, inputs) => {
      const template = isOf("launchTemplate", resource);
      if (!isBottlerocket(resource) || !(template || isOf("nodeClass", resource))) return false;
      const path = nodePath(resource, "metadataOptions").split(".");
      const options = at(resource.props, path.join("."));
      const complies = at(options, "httpTokens") === "required" && at(options, "httpPutResponseHopLimit") === 1;
      if (complies || options === pending || (!template && options === undefined)) return false;
      const last = path.pop() ?? "";
      const parent = path.reduce((here, key) => here[key] as Record<string, unknown>, inputs);
      if (isUnset(options)) parent[last] = {};
      Object.assign(parent[last] as object, { httpTokens: "required", httpPutResponseHopLimit: 1 });
      return true;
    },
  }),
  chainRule({
    name: "node-volumes-encrypted",
    severity: "high",
    advisory: true,
    description:
      "EBS volumes of Bottlerocket's nodes are encrypted gp3, its data volume among them: what is not stated depends on the account, and images and logs of pods lie in plain text.",
    remedy: "map /dev/xvda and /dev/xvdb with ebs {volumeType: gp3, encrypted: true}",
    subjects: ({ nodes }) => nodes,
    problems: (resource) => {
      const path = nodePath(resource, "blockDeviceMappings");
      const mappings = at(resource.props, path);
      // Karpenter's own default for Bottlerocket is encrypted gp3; EC2's is what the account says.
      if (isUnset(mappings) && isOf("nodeClass", resource)) return [];
      const volumes = listOf(mappings).filter(isTable);
      const problems = volumes.flatMap((volume) =>
        isUnset(volume.ebs)
          ? []
          : [
              ...expectAt(volume, "ebs.encrypted", "be true", oneOf(true, "true")),
              ...expectAt(volume, "ebs.volumeType", "be gp3", oneOf("gp3")),
            ].map((problem) => `${path} of ${textOf(volume.deviceName)}: ${problem}`),
      );
      const mapped = volumes.some(({ deviceName }) => oneOf("/dev/xvdb", pending)(deviceName)) || !isWhole(mappings);
      return mapped || !isBottlerocket(resource)
        ? problems
        : [...problems, `${path} must map /dev/xvdb, got no such device`];
    },
  }),
  chainRule({
    name: "node-group-bottlerocket",
    severity: "high",
    description:
      "A managed node group whose launch template has Bottlerocket's settings runs Bottlerocket: no other OS reads them.",
    remedy: "set amiType to BOTTLEROCKET_ARM_64",
    subjects: ({ nodeGroups }) => nodeGroups,
    problems: (group, chain) => {
      const template = chain.templateOf(group);
      // With an image of its own the type is CUSTOM.
      const image = template && at(template.props, templatePath(template, "imageId"));
      if (!template || !isBottlerocket(template) || !isUnset(image)) return [];
      return expectAt(group.props, "amiType", "be of Bottlerocket", matching(/^BOTTLEROCKET_/));
    },
  }),
  chainRule({
    name: "node-group-disruption",
    severity: "critical",
    description:
      "EKS neither repairs a node group with fast disks nor updates it by force: it would replace a node, with all data on it, whatever its pods' disruption budgets say.",
    remedy: "leave nodeRepairConfig.enabled and forceUpdateVersion out, or set them to false",
    subjects: ({ fastNodeGroups }) => fastNodeGroups,
    problems: ({ props }) =>
      // The AWS Cloud Control API has another name for the second.
      ["nodeRepairConfig.enabled", "forceUpdateVersion", "forceUpdateEnabled"].flatMap((path) =>
        expectAt(props, path, "be false", (value) => value === false || isUnset(value)),
      ),
  }),
  chainRule({
    name: "node-group-instance-types",
    severity: "high",
    description:
      "Every arm64 type of a node group with fast disks has local NVMe: EKS takes any of them, and t3.medium where none is stated, and a node without a disk serves no claim.",
    remedy: "list types such as c8gd.xlarge in instanceTypes",
    subjects: ({ fastNodeGroups }) => fastNodeGroups,
    problems: (group, chain) => {
      const template = chain.templateOf(group);
      const own = template && at(template.props, templatePath(template, "instanceType"));
      const stated = isUnset(group.props.instanceTypes) ? own : group.props.instanceTypes;
      if (isUnset(stated)) return ["instanceTypes must name types with local NVMe, got nothing"];
      const without = withoutNvme(typeof stated === "string" ? [stated] : textsOf(stated));
      return without.length > 0 ? [`instanceTypes must have local NVMe, got ${without.join(", ")}`] : [];
    },
  }),
  chainRule({
    name: "node-group-image",
    severity: "high",
    description:
      "The launch template of a Bottlerocket node group names no image: with one, EKS merges nothing into the user data, and nodes never join.",
    remedy: "leave imageId out and set the node group's amiType and releaseVersion",
    subjects: (chain) => {
      const ours = chain.nodeGroups.filter(({ props }) => textOf(props.amiType).startsWith("BOTTLEROCKET"));
      const used = chain.nodeGroups.flatMap((group) => chain.templateOf(group) ?? []);
      return [...new Set(used)].filter(
        (one) => isBottlerocket(one) || ours.some((group) => chain.templateOf(group) === one),
      );
    },
    // User data that names its cluster needs nothing merged.
    problems: (template) =>
      isUnset(at(userDataSettings(template), "kubernetes.cluster-name"))
        ? expectAt(template.props, templatePath(template, "imageId"), "be unset for a node group", isUnset)
        : [],
  }),
  chainRule({
    name: "node-group-launch-template",
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group has a launch template, by number: EKS's own allows pods the node's credentials and leaves volumes as the account has them, and $Latest changes nodes unseen.",
    remedy: "set launchTemplate to a template's id and its latestVersion as a string",
    subjects: ({ nodeGroups }) => nodeGroups,
    problems: ({ props }) => expectAt(props, "launchTemplate.version", "be a number", matching(/^\d+$/)),
  }),
  chainRule({
    name: "node-group-pinned-release",
    severity: "medium",
    advisory: true,
    description:
      "A Bottlerocket node group states its release version: unstated, each new node group and each replacement gets what AWS released last.",
    remedy: "set releaseVersion, as the SSM parameter image_version of the Bottlerocket release has it",
    subjects: ({ nodeGroups }) => nodeGroups,
    problems: ({ props }) =>
      expectAt(props, "releaseVersion", "be <version>-<commit>", matching(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/)),
  }),
];

function userDataSettings(resource: Resource) {
  return tableOf(at(userDataOf(resource)?.settings, "settings"));
}
