import { resourcePolicy, setting } from "./policy";
import { classesOf, isProvisioner } from "./provisioner";
import { must, show, textsOf } from "./value";

export const provisionerWipe = resourcePolicy({
  name: "provisioner-wipe",
  severity: "medium",
  description:
    "Released disks are not shredded unless configuration allows it: shred.sh, which the chart's own class runs, keeps a disk of 1.9 TB for some six hours and wears it.",
  remedy: "state values.classes, each with a blockCleanerCommand such as [/scripts/blkdiscard.sh]",
  kinds: ["chart"],
  config: { shred: setting.flag(false, "whether a class may shred") },
  applies: isProvisioner,
  faults: (resource, { shred }) => {
    const shredding = classesOf(resource).filter((one) => textsOf(one.blockCleanerCommand).join(" ").includes("shred"));
    const stated = must(resource.props, "values.classes", "be stated", Array.isArray);
    const found = shredding.map(({ name }) => `blockCleanerCommand of class ${show(name)} must not be shred.sh`);
    return shred ? [] : [...stated, ...found];
  },
});
