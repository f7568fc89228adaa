import { coveredBy } from "./cleanup";
import { stackPolicy } from "./policy";
import { noProvisioner } from "./provisioner";
import { at, pending, show, textOf } from "./value";

export const cleanupCoverage = stackPolicy({
  name: "cleanup-coverage",
  severity: "critical",
  description:
    "Some node-cleanup controller covers each no-provisioner StorageClass: otherwise claims stay bound to disks of nodes that are gone, and their pods are Pending for ever.",
  remedy: "add the class to --storageclass-names of a node-cleanup Deployment",
  kinds: ["storageClass"],
  faults: (resources) => {
    const covered = resources("deployment").map(coveredBy);
    if (covered.includes(pending)) return [];
    return resources("storageClass").flatMap((resource) => {
      const name = at(resource.props, "metadata.name");
      const local = at(resource.props, "provisioner") === noProvisioner;
      if (!local || name === pending || covered.flat().includes(textOf(name))) return [];
      return [{ resource, fault: `node-cleanup must cover ${show(name)}, got ${show(covered.flat())}` }];
    });
  },
});
