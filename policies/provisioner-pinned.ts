import { isOf } from "./kinds";
import { resourcePolicy } from "./policy";
import { isProvisioner, isReleased } from "./provisioner";
import { at, isTable, listOf, matching, must } from "./value";

export const provisionerPinned = resourcePolicy({
  name: "provisioner-pinned",
  severity: "high",
  description:
    "The local static provisioner is a stated release: it is privileged on every node with disks, and a moved tag or the newest chart changes how they are found and wiped.",
  remedy: "state the chart's version and a released image, such as 2.9.0",
  kinds: ["chart", "daemonSet"],
  applies: isProvisioner,
  faults: (resource) => {
    const { props } = resource;
    if (isOf("chart", resource))
      return [
        ...must(props, "version", "be an exact release", matching(/^v?\d+\.\d+\.\d+$/)),
        ...must(props, "values.image", "be a release", (image) => image === undefined || isReleased(image)),
      ];
    const containers = listOf(at(props, "spec.template.spec.containers")).filter(isTable);
    return containers.flatMap((container) => must(container, "image", "be a release", isReleased));
  },
});
