import { be, beReleased, expectAt, match, orUnset } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { exclude, selects } from "./pool";
import { isMadeByChart, valueOf } from "./provisioner";
import type { LocalClass, Provisioner } from "./provisioner";
import { containersOf, isOf, nameOf } from "./resource";
import type { Resource } from "./resource";
import { setting } from "./settings";
import { isBottlerocket, nodePath, settingsOf, userDataOf } from "./user-data";
import { at, isSame, isTable, isUnset, isWhole, pending, show, textOf } from "./value";

const onProvisioners = rulesOn(({ provisioners }) => provisioners);
const onEachProvisioner = rulesOn(({ provisioners }) => provisioners, "resource");
const onPools = rulesOn(({ fastPools, fastNodeGroups }) => [...fastPools, ...fastNodeGroups]);

/** Policies on local static provisioners. */
export const provisioners: Rules = {
  "provisioner-pinned": onEachProvisioner({
    severity: "high",
    description:
      "The local static provisioner is a pinned release: it is privileged on every node with disks, and a moved tag or the latest chart changes how disks are found and wiped.",
    remedy: "set the chart's version and a released image, such as 2.9.0",
    problems: (provisioner) => {
      const { props, path } = provisioner;
      const own = containersOf(provisioner)
        .filter(isTable)
        .filter((one) => /local-volume-provisioner/.test(textOf(one.image)));
      if (path !== "values") return own.flatMap((one) => expectAt(one, "image", beReleased));
      // A chart from a folder or an archive has a fixed version.
      const isFixed = /(\.tgz|^[./].*)$/.test(textOf(props.chart));
      const version = isFixed ? [] : expectAt(props, "version", match(/^v?\d+\.\d+\.\d+$/, "be an exact release"));
      return [...version, ...expectAt(props, "values.image", orUnset(beReleased))];
    },
  }),
  "provisioner-startup-taint": onEachProvisioner({
    severity: "high",
    description:
      "The local static provisioner does not remove the startup taint: up to 2.9.0 its condition is inverted, the taint stays, and no pod runs on the node.",
    remedy: "set values.removeNodeNotReadyTaint to false",
    problems: ({ props }) => {
      const isFixed = /-?2\.(9\.[1-9]|\d{2,})/.test(textOf(props.version));
      return isFixed ? [] : expectAt(props, "values.removeNodeNotReadyTaint", orUnset(be(false)));
    },
  }),
  "provisioner-nodes": onProvisioners({
    severity: "high",
    description:
      "The local static provisioner runs only on nodes with fast disks: it is privileged, and on other nodes everything in its folder becomes a volume.",
    remedy: "set nodeSelector to a label of the nodes whose disks it offers, such as karpenter.sh/nodepool",
    problems: ({ props, placement, path }) => {
      const general = /^(beta\.)?kubernetes\.io\/(os|arch)$/;
      const chosen = placement.terms.every((term) =>
        term.some(({ key, operator }) => !general.test(key) && !["NotIn", "DoesNotExist"].includes(operator)),
      );
      if (chosen || !placement.whole) return [];
      return [`${path}.nodeSelector must select nodes with fast disks, got ${show(at(props, `${path}.nodeSelector`))}`];
    },
  }),
  "provisioner-classes": onProvisioners({
    severity: "high",
    description:
      "Each class of the local static provisioner has a StorageClass: without one, its volumes exist but no claim can request them.",
    remedy: "create the StorageClass, or let the chart create it with storageClass",
    problems: ({ classes }, chain) => {
      const made = chain.all("storageClass").map(nameOf);
      if (!made.every(isWhole)) return [];
      return classes
        .filter((one) => isWhole(one.name) && !isMadeByChart(one) && !made.includes(one.name))
        .map(({ name }) => `its classes must have StorageClasses, got none for ${show(name)}`);
    },
  }),
  "provisioner-wipe": onProvisioners({
    severity: "medium",
    description:
      "Released disks are not shredded unless the configuration allows it: shred.sh, the default of the chart's class, takes about six hours for a disk of 1.9 TB and wears it.",
    remedy: "set a blockCleanerCommand such as [/scripts/blkdiscard.sh] in each class, or set provisioner-wipe.shred",
    settings: { shred: setting.flag(false, "whether a class may shred") },
    problems: (provisioner, _, { shred }) => {
      if (shred) return [];
      if (provisioner.path === "values" && isUnset(valueOf(provisioner, "classes")))
        return ["values.classes must be set, got nothing"];
      return provisioner.classes
        .filter(({ cleaner }) => cleaner.join(" ").includes("shred"))
        .map(({ name }) => `blockCleanerCommand of class ${show(name)} must not be shred.sh`);
    },
  }),
  "provisioner-overlap": onProvisioners({
    severity: "critical",
    description:
      "No two classes of the local static provisioner use the same folder on the same node: each disk would become two volumes, and two pods would write to one disk.",
    remedy: "use nodeSelectors that exclude each other, or separate folders",
    problems: (provisioner, chain) => {
      const own = foldersOf(provisioner);
      const twice = own.filter((folder, index) => own.indexOf(folder) < index);
      const other = chain.provisioners.find(
        (one) =>
          one === provisioner ||
          (foldersOf(one).some((folder) => own.includes(folder)) &&
            [one, provisioner].every(({ placement }) => placement.whole) &&
            !exclude(one.placement, provisioner.placement)),
      );
      const problems = twice.map((folder) => `each of its classes must have its own folder, got ${folder} twice`);
      if (other && other !== provisioner)
        problems.push(`must not watch the folder of ${other.name} on the same nodes, got ${own.join(", ")} for both`);
      return problems;
    },
  }),
  "provisioner-folder": onPools({
    severity: "high",
    description:
      "If the provisioner watches a folder of links, its nodes have a bootstrap container that fills the folder: otherwise the folder stays empty, and no volume appears. Folders that the OS fills itself need none.",
    remedy: "add the bootstrap container to the user data of the nodes' EC2NodeClass or launch template",
    settings: { folders: setting.texts(["/mnt/"], "path prefixes of folders that a container fills") },
    problems: (pool, chain, { folders }) => {
      const linked = ({ hostDir }: LocalClass) => folders.some((folder) => hostDir.startsWith(folder));
      const isWatched = chain.provisioners.some((one) => one.classes.some(linked) && selects(one.placement, pool));
      const name = at(pool.props, "spec.template.spec.nodeClassRef.name");
      const node = isOf("nodeGroup", pool)
        ? chain.templateOf(pool)
        : chain.fastNodeClasses.find((one) => isSame(nameOf(one), name));
      if (!isWatched || !node || fills(node)) return [];
      const got = isUnset(at(node.props, nodePath(node, "userData"))) ? "no user data" : "none";
      return [`its nodes must have the bootstrap container ${chain.settings.container}, got ${got} in ${node.name}`];
    },
  }),
};

function foldersOf({ classes }: Provisioner): string[] {
  return classes.flatMap(({ hostDir }) => hostDir || []);
}

/** Whether user data may fill a folder, by a bootstrap container or commands; any user data of another OS may. */
function fills(node: Resource): boolean {
  const stated = at(node.props, nodePath(node, "userData"));
  if (stated === pending || !isBottlerocket(node)) return !isUnset(stated);
  const isUnread = userDataOf(node)?.problem !== undefined;
  return isUnread || ["bootstrap-containers", "bootstrap-commands"].some((key) => key in settingsOf(node));
}
