import { carries, label } from "./karpenter";
import { setting, stackPolicy } from "./policy";
import { isProvisioner, runsOn } from "./provisioner";
import { labelsOf } from "./karpenter";
import { at, show } from "./value";
import { bootContainerOf, userDataOf } from "./user-data";

export const nodeClassInstanceStore = stackPolicy({
  name: "node-class-instance-store",
  severity: "critical",
  description:
    "An EC2NodeClass whose disks become volumes has no instanceStorePolicy: RAID0 takes every local disk for containers, and none is left.",
  remedy: "leave spec.instanceStorePolicy out",
  kinds: ["nodeClass"],
  config: { label, container: setting.text("fast-disks", "name of the bootstrap container") },
  faults: (resources, config) => {
    const withDisks = resources("nodePool").filter(
      (pool) =>
        carries(pool, config) ||
        [...resources("chart"), ...resources("daemonSet")].some(
          (one) => isProvisioner(one) && runsOn(one, labelsOf(pool.props)),
        ),
    );
    const named = withDisks.map((pool) => at(pool.props, "spec.template.spec.nodeClassRef.name"));
    return resources("nodeClass").flatMap((resource) => {
      const policy = at(resource.props, "spec.instanceStorePolicy");
      const userData = userDataOf(resource);
      const links = userData && bootContainerOf(userData, config.container) !== undefined;
      const used = links || named.includes(at(resource.props, "metadata.name"));
      return typeof policy === "string" && used
        ? [{ resource, fault: `spec.instanceStorePolicy must be unset beside fast disks, got ${show(policy)}` }]
        : [];
    });
  },
});
