import { be, expectAt } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { exclude, placementOf } from "./pool";
import type { Placement } from "./pool";
import { isMadeByChart, noProvisioner } from "./provisioner";
import type { Provisioner } from "./provisioner";
import { chartOf, nameOf, runs } from "./resource";
import type { Resource } from "./resource";
import type { Chain } from "./scope";
import { setting } from "./settings";
import { at, isWhole, parseJson, tableOf, textOf } from "./value";

const driver = /local-instance-store-csi-driver/;

const onStorageClasses = rulesOn(({ storageClasses }) => storageClasses);
const onClasses = rulesOn(({ storageClasses, provisioners }): (Resource & Partial<Provisioner>)[] => [
  ...storageClasses,
  ...provisioners,
]);
const onEngines = rulesOn(enginesOf);
const onOverlays = rulesOn((chain) => chain.all("nodeOverlay"));

/** Policies on StorageClasses, and on what else offers disks beside the static provisioner. */
export const storage: Rules = {
  "storage-class-binding": onStorageClasses({
    severity: "high",
    description:
      "A StorageClass of fast disks makes nothing on demand and waits for its consumer: bound at once, a claim lands on a node whose disks its pod cannot reach.",
    remedy: `set provisioner ${noProvisioner} and volumeBindingMode WaitForFirstConsumer`,
    problems: ({ props }) => [
      ...expectAt(props, "provisioner", be(noProvisioner)),
      ...expectAt(props, "volumeBindingMode", be("WaitForFirstConsumer")),
    ],
  }),
  "storage-class-reclaim-policy": onClasses({
    severity: "medium",
    description:
      "A StorageClass of fast disks states its reclaim policy: unstated it is Delete, which wipes a disk as soon as somebody deletes a claim.",
    remedy: "state reclaimPolicy, one of storage-class-reclaim-policy.allowed",
    settings: { allowed: setting.texts(["Delete", "Retain"], "reclaim policies that a class may have") },
    problems: ({ props, classes }, _, { allowed }) => {
      if (!classes) return expectAt(props, "reclaimPolicy", be(...allowed));
      return classes.filter(isMadeByChart).flatMap(({ name, storageClass }) => {
        const problems = expectAt({ storageClass }, "storageClass.reclaimPolicy", be(...allowed));
        return problems.map((problem) => `class ${textOf(name)}: ${problem}`);
      });
    },
  }),
  "storage-engines": onEngines({
    severity: "critical",
    description:
      "Two storage engines never share a node: AWS's instance-store CSI driver erases every local disk when it is installed, those of the static provisioner's volumes included.",
    remedy: "remove one of the two, or give both node selectors that exclude each other",
    problems: (engine, { provisioners }) =>
      provisioners
        .filter(({ placement }) => !exclude(nodesOf(engine), placement) && placement.whole)
        .map(({ name }) => `must not run on the nodes of the static provisioner ${name}`),
  }),
  "overlay-advertiser": onOverlays({
    severity: "high",
    description:
      "Disks that a NodeOverlay promises are advertised by somebody: Karpenter waits without end for a node to show a resource that nobody writes, and its pods are Pending.",
    remedy:
      "run a controller or device plugin that advertises the resource, and name the resource in its arguments or environment",
    problems: (overlay, chain) => {
      const pods = [...chain.all("deployment"), ...chain.all("daemonSet")].map(({ props }) =>
        at(props, "spec.template.spec.containers"),
      );
      const programs = [...pods, ...chain.all("release").map((one) => one.props.values)];
      const [domain = ""] = chain.settings.label.split("/");
      const isDisk = (name: string) => name.startsWith(`${domain}/`) || /disk|nvme/i.test(name);
      const promised = Object.keys(tableOf(overlay.props, "spec.capacity")).filter(isDisk);
      if (!programs.every(isWhole)) return [];
      const text = JSON.stringify(programs);
      // The chain's own controller advertises its resource by an argument that does not name it.
      const isCounted = mentions(text, "--capacity=counted");
      return promised
        .filter((name) => !mentions(text, name) && !(isCounted && name === `${domain}/disk`))
        .map((name) => `somebody must advertise ${name}, got no Deployment, DaemonSet or release that names it`);
    },
  }),
};

/** What installs AWS's driver; its CSIDriver counts where nothing else shows who does. */
function enginesOf(chain: Chain): Resource[] {
  const installed = [
    ...chain.all("addOn").filter(({ props }) => driver.test(textOf(props.addonName))),
    ...chain.all("release").filter((one) => driver.test(chartOf(one))),
    ...chain.all("daemonSet").filter((one) => runs(one, driver)),
  ];
  return installed.length > 0 ? installed : chain.all("csiDriver").filter((one) => nameOf(one) === "lis.csi.aws.com");
}

function nodesOf({ props }: Resource): Placement {
  const values = tableOf(parseJson(at(props, "configurationValues")) ?? at(props, "values"));
  return placementOf(at(props, "spec.template.spec") ?? at(values, "node") ?? values);
}

/** Whether a text has a name by itself, and not as the start of a longer one, such as of a taint. */
function mentions(text: string, name: string): boolean {
  return text
    .split(name)
    .slice(1)
    .some((rest) => !/^[\w./-]/.test(rest));
}
