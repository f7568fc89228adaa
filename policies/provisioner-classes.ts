import { stackPolicy } from "./policy";
import { classesOf, isProvisioner } from "./provisioner";
import { at, isWhole, show } from "./value";

export const provisionerClasses = stackPolicy({
  name: "provisioner-classes",
  severity: "high",
  description:
    "Each class of the local static provisioner has its StorageClass: without one, its volumes exist and no claim can ask for them.",
  remedy: "make the StorageClass, or let the chart make it with storageClass",
  kinds: ["chart"],
  faults: (resources) => {
    const made = resources("storageClass").map(({ props }) => at(props, "metadata.name"));
    if (!made.every(isWhole)) return [];
    return resources("chart")
      .filter(isProvisioner)
      .flatMap((resource) =>
        classesOf(resource)
          .filter((one) => isWhole(one.name) && !one.storageClass && !made.includes(one.name))
          .map(({ name }) => ({
            resource,
            fault: `values.classes must have StorageClasses, got none for ${show(name)}`,
          })),
      );
  },
});
