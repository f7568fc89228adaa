import { chartOf } from "./kinds";
import { stackPolicy } from "./policy";
import type { Resource } from "./policy";
import { isProvisioner, nodeSelectorOf } from "./provisioner";
import { at, parseJson, tableOf } from "./value";
import type { Table } from "./value";

const driver = "aws-ec2-local-instance-store-csi-driver";

export const storageEngines = stackPolicy({
  name: "storage-engines",
  severity: "critical",
  description:
    "Two storage engines never share a node: AWS's instance-store CSI driver erases every local disk when it is installed, those of the static provisioner's volumes included.",
  remedy: "remove one of the two, or give both node selectors that exclude each other",
  kinds: ["addOn", "chart"],
  faults: (resources) => {
    const provisioners = [...resources("chart"), ...resources("daemonSet")].filter(isProvisioner);
    const drivers = [
      ...resources("addOn").filter(({ props }) => at(props, "addonName") === driver),
      ...resources("chart").filter((one) => chartOf(one) === driver),
    ];
    return drivers.flatMap((resource) =>
      provisioners
        .filter((one) => !exclude(selectorOf(resource), nodeSelectorOf(one)))
        .map(({ name }) => ({ resource, fault: `must not run on the nodes of the static provisioner ${name}` })),
    );
  },
});

function selectorOf({ props }: Resource): Table {
  const values = parseJson(at(props, "configurationValues")) ?? at(props, "values");
  return tableOf(at(values, "node.nodeSelector") ?? at(values, "nodeSelector"));
}

function exclude(left: Table, right: Table): boolean {
  return Object.keys(left).some((key) => Object.hasOwn(right, key) && left[key] !== right[key]);
}
