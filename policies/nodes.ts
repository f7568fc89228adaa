import { be, expectAt, orUnset } from "./expect";
import type { Expectation } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { isOf } from "./resource";
import { isBottlerocket, nodePath, settingsOf } from "./user-data";
import { at, isTable, isUnset, isWhole, listOf, oneOf, pending, show, textOf } from "./value";
import type { Table } from "./value";

const signals = [
  "memory.available",
  "nodefs.available",
  "nodefs.inodesFree",
  "imagefs.available",
  "imagefs.inodesFree",
];

const onNodes = rulesOn(({ nodes }) => nodes);
const onNodeClasses = rulesOn(({ nodeClasses }) => nodeClasses);
const onFastNodeClasses = rulesOn(({ fastNodeClasses }) => fastNodeClasses);
const onFastNodes = rulesOn(({ fastNodes }) => fastNodes);

/** Policies on EC2NodeClasses and launch templates. */
export const nodes: Rules = {
  "node-class-bottlerocket": onNodeClasses({
    severity: "high",
    description:
      "If the family, image or user data of an EC2NodeClass is for Bottlerocket, all of them are: another OS reads no Bottlerocket settings and runs no bootstrap container.",
    remedy: "set spec.amiFamily to Bottlerocket, and use a bottlerocket alias",
    problems: (nodeClass) => {
      if (!isBottlerocket(nodeClass)) return [];
      const aliases = listOf(nodeClass.props, "spec.amiSelectorTerms").flatMap((term) => textOf(term, "alias") || []);
      const others = aliases.filter((alias) => !alias.startsWith("bottlerocket@"));
      const family = be("Bottlerocket");
      const problems = expectAt(nodeClass.props, "spec.amiFamily", aliases.length > 0 ? orUnset(family) : family);
      if (problems.length > 0) return problems;
      return others.map((alias) => `spec.amiSelectorTerms must have a bottlerocket alias, got ${show(alias)}`);
    },
  }),
  "node-class-identity": onNodeClasses({
    severity: "medium",
    description:
      "An EC2NodeClass sets exactly one of role and instanceProfile: Karpenter rejects both together, and starts no node without one.",
    remedy: "set spec.role or spec.instanceProfile, not both",
    problems: ({ props }) => {
      const stated = ["role", "instanceProfile"].filter((key) => !isUnset(at(props, `spec.${key}`)));
      const unknown = stated.some((key) => at(props, `spec.${key}`) === pending);
      if (stated.length === 1 || unknown) return [];
      return [`spec must set exactly one of role and instanceProfile, got ${show(stated)}`];
    },
  }),
  "node-class-instance-store": onFastNodeClasses({
    severity: "critical",
    description:
      "An EC2NodeClass whose disks become volumes has no instanceStorePolicy: RAID0 uses all local disks for container storage, and none is left for volumes.",
    remedy: "remove spec.instanceStorePolicy",
    problems: ({ props }) =>
      expectAt(props, "spec.instanceStorePolicy", { words: "be unset with fast disks", holds: isUnset }),
  }),
  "node-class-pinned-image": onFastNodeClasses({
    severity: "critical",
    description:
      "An EC2NodeClass of fast disks pins one release of its image: with latest, each AWS release is drift and replaces nodes with data.",
    remedy: "pin the alias, such as bottlerocket@v1.66.0",
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
  "node-eviction": onFastNodes({
    severity: "high",
    description:
      "A node with fast disks sets all hard eviction signals or none: signals that are not set are off, and a full disk then stops the node, with loss of its data, instead of one pod.",
    remedy: `set ${signals.slice(0, -1).join(", ")} and ${signals.at(-1) ?? ""}, or none`,
    problems: (node) => {
      const stated: Table = {
        [nodePath(node, "userData")]: at(settingsOf(node), "kubernetes.eviction-hard"),
        "spec.kubelet.evictionHard": at(node.props, "spec.kubelet.evictionHard"),
      };
      return Object.entries(stated).flatMap(([path, table]) => {
        const got = isTable(table) ? Object.keys(table) : [];
        if (got.length === 0 || signals.every((signal) => got.includes(signal))) return [];
        return [`${path} must set all hard eviction signals or none, got only ${got.join(" and ")}`];
      });
    },
  }),
  "node-metadata-imdsv2": onNodes({
    severity: "high",
    advisory: true,
    description:
      "Nodes require IMDSv2 and a hop limit of 1: with IMDSv1 or a second hop, a pod gets the credentials of its node.",
    remedy: "set metadataOptions to httpTokens required and httpPutResponseHopLimit 1",
    problems: (node) => {
      const path = nodePath(node, "metadataOptions");
      // Karpenter's defaults are the values that are required here.
      const stated = (expected: Expectation) => (isOf("nodeClass", node) ? orUnset(expected) : expected);
      return [
        ...expectAt(node.props, `${path}.httpTokens`, stated(be("required"))),
        ...expectAt(node.props, `${path}.httpPutResponseHopLimit`, stated(be(1))),
      ];
    },
    remediate: (node, inputs) => {
      const byDefault = isOf("nodeClass", node);
      if (!isBottlerocket(node) || !(byDefault || isOf("launchTemplate", node))) return false;
      const path = nodePath(node, "metadataOptions").split(".");
      const options = at(node.props, path.join("."));
      const complies = at(options, "httpTokens") === "required" && at(options, "httpPutResponseHopLimit") === 1;
      if (complies || options === pending || (byDefault && options === undefined)) return false;
      const last = path.pop() ?? "";
      const parent = path.reduce((here, key) => here[key] as Record<string, unknown>, inputs);
      parent[last] = { ...(parent[last] as object), httpTokens: "required", httpPutResponseHopLimit: 1 };
      return true;
    },
  }),
  "node-volumes-encrypted": onNodes({
    severity: "high",
    advisory: true,
    description:
      "EBS volumes of Bottlerocket nodes, including the data volume, are encrypted gp3: otherwise the account's defaults apply, and images and logs of pods may be stored unencrypted.",
    remedy: "map /dev/xvda and /dev/xvdb with ebs {volumeType: gp3, encrypted: true}",
    problems: (node) => {
      const path = nodePath(node, "blockDeviceMappings");
      const mappings = at(node.props, path);
      // Karpenter's default for Bottlerocket is encrypted gp3; EC2's default depends on the account.
      if (isUnset(mappings) && isOf("nodeClass", node)) return [];
      const volumes = listOf(mappings).filter(isTable);
      const mapped = volumes.some(({ deviceName }) => oneOf("/dev/xvdb", pending)(deviceName)) || !isWhole(mappings);
      const missing = isBottlerocket(node) && !mapped ? [`${path} must map /dev/xvdb, got no such device`] : [];
      const problems = volumes
        .filter(({ ebs }) => !isUnset(ebs))
        .flatMap((volume) =>
          [
            ...expectAt(volume, "ebs.encrypted", be(true, "true")),
            ...expectAt(volume, "ebs.volumeType", be("gp3")),
          ].map((problem) => `${path} of ${textOf(volume.deviceName)}: ${problem}`),
        );
      return [...problems, ...missing];
    },
  }),
};
