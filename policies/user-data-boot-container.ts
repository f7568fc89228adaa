import { resourcePolicy, setting } from "./policy";
import { matching, must, oneOf, tableOf } from "./value";
import { bootContainerOf, userDataOf } from "./user-data";

export const userDataBootContainer = resourcePolicy({
  name: "user-data-boot-container",
  severity: "high",
  description:
    "The bootstrap container that links fast disks is essential, runs at every boot and is named by digest: otherwise a node joins without its disks, or a moved tag runs as root on all of them.",
  remedy: 'set source by digest, mode "always" and essential true',
  kinds: ["nodeClass", "launchTemplate"],
  config: { container: setting.text("fast-disks", "name of the bootstrap container") },
  applies: (resource, { container }) => {
    const userData = userDataOf(resource);
    return userData !== undefined && bootContainerOf(userData, container) !== undefined;
  },
  faults: (resource, { container }) => {
    const userData = userDataOf(resource);
    const settings = userData ? tableOf(bootContainerOf(userData, container)) : {};
    return [
      ...must(settings, "essential", "be true", oneOf(true)),
      ...must(settings, "mode", "be always", oneOf("always")),
      ...must(settings, "source", "be an image by digest", matching(/@sha256:[0-9a-f]{64}$/)),
    ].map((fault) => `bootstrap-containers.${container}.${fault}`);
  },
});
