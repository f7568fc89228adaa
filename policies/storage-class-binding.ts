import { resourcePolicy } from "./policy";
import { isLocal, localClass, noProvisioner } from "./provisioner";
import { must, oneOf } from "./value";

export const storageClassBinding = resourcePolicy({
  name: "storage-class-binding",
  severity: "high",
  description:
    "A StorageClass of fast disks makes nothing on demand and waits for its consumer: bound at once, a claim lands on a node whose disks its pod cannot reach.",
  remedy: `set provisioner ${noProvisioner} and volumeBindingMode WaitForFirstConsumer`,
  kinds: ["storageClass"],
  config: localClass,
  applies: isLocal,
  faults: ({ props }) => [
    ...must(props, "provisioner", `be ${noProvisioner}`, oneOf(noProvisioner)),
    ...must(props, "volumeBindingMode", "be WaitForFirstConsumer", oneOf("WaitForFirstConsumer")),
  ],
});
