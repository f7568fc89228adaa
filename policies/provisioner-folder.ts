import { carries, label, labelsOf } from "./karpenter";
import { setting, stackPolicy } from "./policy";
import { classesOf, isProvisioner, runsOn } from "./provisioner";
import { bootContainerOf, userDataOf } from "./user-data";
import { at, matching } from "./value";

export const provisionerFolder = stackPolicy({
  name: "provisioner-folder",
  severity: "high",
  description:
    "A folder of links that the provisioner watches is filled by a bootstrap container on each of its nodes: without one the folder stays empty, and no volume appears. Folders that the OS fills itself need none.",
  remedy: "add the bootstrap container to the user data of the nodes' EC2NodeClass",
  kinds: ["chart"],
  config: {
    label,
    container: setting.text("fast-disks", "name of the bootstrap container"),
    folders: setting.text("^/mnt/", "pattern of folders that a container fills"),
  },
  faults: (resources, config) => {
    const watching = resources("chart").filter(
      (one) =>
        isProvisioner(one) && classesOf(one).some(({ hostDir }) => matching(new RegExp(config.folders))(hostDir)),
    );
    return resources("nodePool").flatMap((resource) => {
      const name = at(resource.props, "spec.template.spec.nodeClassRef.name");
      const watched = carries(resource, config) && watching.some((one) => runsOn(one, labelsOf(resource.props)));
      const userData = resources("nodeClass")
        .filter(({ props }) => typeof name === "string" && at(props, "metadata.name") === name)
        .map(userDataOf);
      const empty = userData.some((one) => one && bootContainerOf(one, config.container) === undefined);
      return watched && empty
        ? [{ resource, fault: `its nodes must have the bootstrap container ${config.container}` }]
        : [];
    });
  },
});
