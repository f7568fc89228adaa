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

/** Policies on StorageClasses, and on other programs that offer disks. */
export const storage: Rules = {
  "storage-class-binding": onStorageClasses({
    severity: "high",
    description:
      "A StorageClass of fast disks provisions nothing on demand and waits for its consumer: a claim that is bound immediately may get a disk on a node that its pod cannot use.",
    remedy: `set provisioner ${noProvisioner} and volumeBindingMode WaitForFirstConsumer`,
    problems: ({ props }) => [
      ...expectAt(props, "provisioner", be(noProvisioner)),
      ...expectAt(props, "volumeBindingMode", be("WaitForFirstConsumer")),
    ],
  }),
  "storage-class-reclaim-policy": onClasses({
    severity: "medium",
    description:
      "A StorageClass of fast disks sets its reclaim policy: the default is Delete, which wipes a disk as soon as its claim is deleted.",
    remedy: "set reclaimPolicy to one of storage-class-reclaim-policy.allowed",
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
      "Two storage engines never share a node: the AWS instance-store CSI driver erases all local disks when it is installed, including those of the static provisioner's volumes.",
    remedy: "remove one of the two, or give both node selectors that exclude each other",
    problems: (engine, { provisioners }) =>
      provisioners
        .filter(({ placement }) => !exclude(nodesOf(engine), placement) && placement.whole)
        .map(({ name }) => `must not run on the nodes of the static provisioner ${name}`),
  }),
  "overlay-advertiser": onOverlays({
    severity: "high",
    description:
      "A controller or device plugin advertises the disks that a NodeOverlay declares: otherwise Karpenter waits for a resource that no node ever has, and pods stay Pending.",
    remedy:
      "run a controller or device plugin that advertises the resource, and name the resource in its arguments or environment",
    problems: (overlay, chain) => {
      const pods = [...chain.all("deployment"), ...chain.all("daemonSet")].map(({ props }) =>
        at(props, "spec.template.spec.containers"),
      );
      const programs = [...pods, ...chain.all("release").map((one) => one.props.values)];
      const [domain = ""] = chain.settings.label.split("/");
      const isDisk = (name: string) => name.startsWith(`${domain}/`) || /disk|nvme/i.test(name);
      const declared = Object.keys(tableOf(overlay.props, "spec.capacity")).filter(isDisk);
      if (!programs.every(isWhole)) return [];
      const text = JSON.stringify(programs);
      // The disk controller advertises its resource, but its arguments do not name it.
      const isCounted = mentions(text, "--capacity=counted");
      return declared
        .filter((name) => !mentions(text, name) && !(isCounted && name === `${domain}/disk`))
        .map((name) => `a program must advertise ${name}, got no Deployment, DaemonSet or release that names it`);
    },
  }),
};

/** The resources that install the AWS driver, or its CSIDriver if the stack has none. */
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

/** Whether a text has the whole name, not only as the start of a longer name such as a taint. */
function mentions(text: string, name: string): boolean {
  return text
    .split(name)
    .slice(1)
    .some((rest) => !/^[\w./-]/.test(rest));
}
