import { chainRule, resourceRule } from "./policy";
import type { Rule } from "./policy";
import { exclude, placementOf, selects } from "./pool";
import type { Placement } from "./pool";
import { isReleased, madeByChart, noProvisioner, provisionerOf, valueOf } from "./provisioner";
import { chartOf, isOf } from "./resource";
import type { Resource } from "./resource";
import type { Chain } from "./scope";
import { setting } from "./settings";
import { bootContainerOf, isBottlerocket, nodePath, userDataOf } from "./user-data";
import {
  at,
  expectAt,
  isTable,
  isUnset,
  isWhole,
  listOf,
  matching,
  oneOf,
  parseJson,
  pending,
  show,
  tableOf,
  textOf,
} from "./value";

const driver = "local-instance-store-csi-driver";

/** Policies on provisioners, StorageClasses and what else offers disks. */
export const storage: Rule[] = [
  resourceRule({
    name: "provisioner-pinned",
    severity: "high",
    description:
      "The local static provisioner is a stated release: it is privileged on every node with disks, and a moved tag or the newest chart changes how they are found and wiped.",
    remedy: "state the chart's version and a released image, such as 2.9.0",
    kinds: ["release", "daemonSet"],
    problems: (resource) => {
      const provisioner = provisionerOf(resource, []);
      if (!provisioner) return [];
      if (provisioner.path !== "values")
        return listOf(at(resource.props, "spec.template.spec.containers"))
          .filter((one) => isTable(one) && textOf(one.image).includes("local-volume-provisioner"))
          .flatMap((one) => expectAt(tableOf(one), "image", "be a release", isReleased));
      // A chart in a folder or an archive is the release that it is.
      const stated = /(\.tgz|^[./].*)$/.test(textOf(resource.props.chart));
      return [
        ...(stated ? [] : expectAt(resource.props, "version", "be an exact release", matching(/^v?\d+\.\d+\.\d+$/))),
        ...expectAt(resource.props, "values.image", "be a release", (image) => isUnset(image) || isReleased(image)),
      ];
    },
  }),
  resourceRule({
    name: "provisioner-startup-taint",
    severity: "high",
    description:
      "The local static provisioner removes no startup taint: up to 2.9.0 its condition is inverted, the taint stays for ever, and no pod runs on the node.",
    remedy: "set values.removeNodeNotReadyTaint to false",
    kinds: ["release"],
    problems: (resource) =>
      provisionerOf(resource, []) && !/-?2\.(9\.[1-9]|\d{2,})/.test(textOf(resource.props.version))
        ? expectAt(
            resource.props,
            "values.removeNodeNotReadyTaint",
            "be false",
            (value) => value === false || isUnset(value),
          )
        : [],
  }),
  chainRule({
    name: "provisioner-nodes",
    severity: "high",
    description:
      "The local static provisioner runs only where the disks are: it is privileged, and on other nodes whatever is found in its folder becomes a volume.",
    remedy: "set nodeSelector to a label of the nodes whose disks it offers, such as karpenter.sh/nodepool",
    subjects: ({ provisioners }) => provisioners,
    problems: ({ props, placement, path }) => {
      const general = /^(beta\.)?kubernetes\.io\/(os|arch)$/;
      const chosen = placement.terms.every((term) =>
        term.some(({ key, operator }) => !general.test(key) && !["NotIn", "DoesNotExist"].includes(operator)),
      );
      if (chosen || !placement.whole) return [];
      return [`${path}.nodeSelector must choose nodes with fast disks, got ${show(at(props, `${path}.nodeSelector`))}`];
    },
  }),
  chainRule({
    name: "provisioner-classes",
    severity: "high",
    description:
      "Each class of the local static provisioner has its StorageClass: without one, its volumes exist and no claim can ask for them.",
    remedy: "make the StorageClass, or let the chart make it with storageClass",
    subjects: ({ provisioners }) => provisioners,
    problems: ({ classes = [] }, chain) => {
      const made = chain.all("storageClass").map(({ props }) => at(props, "metadata.name"));
      if (!made.every(isWhole)) return [];
      return classes
        .filter((one) => isWhole(one.name) && !madeByChart(one) && !made.includes(one.name))
        .map(({ name }) => `its classes must have StorageClasses, got none for ${show(name)}`);
    },
  }),
  chainRule({
    name: "provisioner-wipe",
    severity: "medium",
    description:
      "Released disks are not shredded unless configuration allows it: shred.sh, which the chart's own class runs, keeps a disk of 1.9 TB for some six hours and wears it.",
    remedy: "state a blockCleanerCommand such as [/scripts/blkdiscard.sh] in each class, or set provisioner-wipe.shred",
    settings: { shred: setting.flag(false, "whether a class may shred") },
    subjects: ({ provisioners }) => provisioners,
    problems: (resource, _, { shred }) => {
      if (shred) return [];
      if (resource.path === "values" && isUnset(valueOf(resource, "classes")))
        return ["values.classes must be stated, got nothing"];
      return (resource.classes ?? [])
        .filter(({ cleaner }) => cleaner.join(" ").includes("shred"))
        .map(({ name }) => `blockCleanerCommand of class ${show(name)} must not be shred.sh`);
    },
  }),
  chainRule({
    name: "provisioner-overlap",
    severity: "critical",
    description:
      "No two classes of the local static provisioner find the same folder on the same node: each disk becomes two volumes, and two pods write to one disk.",
    remedy: "give them nodeSelectors that exclude each other, or folders of their own",
    subjects: ({ provisioners }) => provisioners,
    problems: (resource, { provisioners }) => {
      const before = provisioners
        .slice(0, provisioners.indexOf(resource))
        .filter((one) => !exclude(one.placement, resource.placement));
      const foldersOf = ({ classes = [] }: typeof resource) => classes.flatMap(({ hostDir }) => textOf(hostDir) || []);
      const own = foldersOf(resource);
      const twice = own.filter((folder, index) => own.indexOf(folder) < index);
      if (!resource.placement.whole)
        return twice.map((folder) => `its classes must have a folder each, got ${folder} twice`);
      return [
        ...twice.map((folder) => `its classes must have a folder each, got ${folder} twice`),
        ...before
          .filter((one) => one.placement.whole && foldersOf(one).some((folder) => own.includes(folder)))
          .map(({ name }) => `must not watch the folder of ${name} on the same nodes, got ${own.join(", ")} for both`),
      ];
    },
  }),
  chainRule({
    name: "provisioner-folder",
    severity: "high",
    description:
      "A folder of links that the provisioner watches is filled by a bootstrap container on each of its nodes: without one the folder stays empty, and no volume appears. Folders that the OS fills itself need none.",
    remedy: "add the bootstrap container to the user data of the nodes' EC2NodeClass or launch template",
    settings: { folders: setting.texts(["/mnt/"], "beginnings of folders that a container fills") },
    subjects: ({ fastPools, fastNodeGroups }) => [...fastPools, ...fastNodeGroups],
    problems: (pool, chain, { folders }) => {
      const watched = chain.provisioners.some(
        ({ placement, classes = [] }) =>
          selects(placement, pool) &&
          classes.some(({ hostDir }) => folders.some((folder) => textOf(hostDir).startsWith(folder))),
      );
      const name = at(pool.props, "spec.template.spec.nodeClassRef.name");
      const used = isOf("nodeGroup", pool)
        ? chain.templateOf(pool)
        : chain.fastNodeClasses.find((one) => name !== pending && at(one.props, "metadata.name") === name);
      if (!watched || !used) return [];
      const { container } = chain.settings;
      // What other operating systems do in their own user data is not known.
      const own = at(used.props, nodePath(used, "userData"));
      const empty = isBottlerocket(used) ? !boots(used, container) : isUnset(own);
      return empty
        ? [
            `its nodes must have the bootstrap container ${container}, got ${isUnset(own) ? "no user data" : "none"} in ${used.name}`,
          ]
        : [];
    },
  }),
  chainRule({
    name: "storage-class-binding",
    severity: "high",
    description:
      "A StorageClass of fast disks makes nothing on demand and waits for its consumer: bound at once, a claim lands on a node whose disks its pod cannot reach.",
    remedy: `set provisioner ${noProvisioner} and volumeBindingMode WaitForFirstConsumer`,
    subjects: ({ storageClasses }) => storageClasses,
    problems: ({ props }) => [
      ...expectAt(props, "provisioner", `be ${noProvisioner}`, oneOf(noProvisioner)),
      ...expectAt(props, "volumeBindingMode", "be WaitForFirstConsumer", oneOf("WaitForFirstConsumer")),
    ],
  }),
  chainRule({
    name: "storage-class-reclaim-policy",
    severity: "medium",
    description:
      "A StorageClass of fast disks states its reclaim policy: unstated it is Delete, which wipes a disk as soon as somebody deletes a claim.",
    remedy: "state reclaimPolicy, one of storage-class-reclaim-policy.allowed",
    settings: { allowed: setting.texts(["Delete", "Retain"], "reclaim policies that a class may have") },
    subjects: ({ storageClasses, provisioners }): Resource[] => [...storageClasses, ...provisioners],
    problems: (resource, { provisioners }, { allowed }) => {
      const rule = `be ${allowed.join(" or ")}`;
      const provisioner = provisioners.find((one) => one === resource);
      if (!provisioner) return expectAt(resource.props, "reclaimPolicy", rule, oneOf(...allowed));
      return (provisioner.classes ?? [])
        .filter(madeByChart)
        .flatMap((one) =>
          expectAt({ ...one, cleaner: null }, "storageClass.reclaimPolicy", rule, oneOf(...allowed)).map(
            (it) => `class ${textOf(one.name)}: ${it}`,
          ),
        );
    },
  }),
  chainRule({
    name: "storage-engines",
    severity: "critical",
    description:
      "Two storage engines never share a node: AWS's instance-store CSI driver erases every local disk when it is installed, those of the static provisioner's volumes included.",
    remedy: "remove one of the two, or give both node selectors that exclude each other",
    subjects: (chain) => enginesOf(chain),
    problems: (resource, { provisioners }) =>
      provisioners
        .filter(({ placement }) => !exclude(engineNodes(resource), placement) && placement.whole)
        .map(({ name }) => `must not run on the nodes of the static provisioner ${name}`),
  }),
  chainRule({
    name: "overlay-advertiser",
    severity: "high",
    description:
      "Disks that a NodeOverlay promises are advertised by somebody: Karpenter waits without end for a node to show a resource that nobody writes, and its pods are Pending.",
    remedy:
      "run a controller or device plugin that advertises the resource, and name the resource in its arguments or environment",
    subjects: (chain) => chain.all("nodeOverlay").filter((one) => disksOf(one, chain).length > 0),
    problems: (overlay, chain) => {
      const pods = [...chain.all("deployment"), ...chain.all("daemonSet")].map((one) =>
        at(one.props, "spec.template.spec"),
      );
      const programs = [
        ...pods.map((pod) => at(pod, "containers")),
        ...chain.all("release").map((one) => one.props.values),
      ];
      if (!programs.every(isWhole)) return [];
      const said = JSON.stringify(programs);
      return disksOf(overlay, chain)
        .filter((resource) => ![resource, advertiserOf(resource, chain)].some((name) => mentions(said, name)))
        .map(
          (resource) => `somebody must advertise ${resource}, got no Deployment, DaemonSet or release that names it`,
        );
    },
  }),
];

/** Whether something fills the folder: our container, or whatever else a node runs at its boot. */
function boots(nodeClass: Resource, container: string): boolean {
  const settings = at(userDataOf(nodeClass)?.settings, "settings");
  const others = [at(settings, "bootstrap-containers"), at(settings, "bootstrap-commands")];
  if (userDataOf(nodeClass)?.problem !== undefined) return true;
  return bootContainerOf(nodeClass, container) !== undefined || others.some((one) => one !== undefined);
}

/** What installs AWS's driver; its CSIDriver counts where nothing else shows who does. */
function enginesOf(chain: Chain): Resource[] {
  const installed = [
    ...chain.all("addOn").filter(({ props }) => textOf(props.addonName).includes(driver)),
    ...chain.all("release").filter((one) => chartOf(one).includes(driver)),
    ...chain
      .all("daemonSet")
      .filter(({ props }) =>
        listOf(at(props, "spec.template.spec.containers")).some((one) => textOf(at(one, "image")).includes(driver)),
      ),
  ];
  const named = chain.all("csiDriver").filter(({ props }) => at(props, "metadata.name") === "lis.csi.aws.com");
  return installed.length > 0 ? installed : named;
}

function engineNodes({ props }: Resource): Placement {
  const values = tableOf(parseJson(at(props, "configurationValues")) ?? at(props, "values"));
  return placementOf(at(props, "spec.template.spec") ?? at(values, "node") ?? values);
}

/** The argument with which the chain's own controller advertises its resource; it names none. */
function advertiserOf(resource: string, { settings: { label } }: Chain): string {
  return resource === `${label.split("/")[0] ?? ""}/disk` ? "--capacity=counted" : resource;
}

/** Whether a text has a name by itself, and not as the start of a longer one, such as of a taint. */
function mentions(text: string, name: string): boolean {
  return text
    .split(name)
    .slice(1)
    .some((rest) => !/^[\w./-]/.test(rest));
}

/** Resources of a NodeOverlay that stand for disks, by their names. */
function disksOf({ props }: Resource, { settings: { label } }: Chain): string[] {
  const [domain = ""] = label.split("/");
  return Object.keys(tableOf(at(props, "spec.capacity"))).filter(
    (name) => name.startsWith(`${domain}/`) || /disk|nvme/i.test(name),
  );
}
