import { resourcePolicy } from "./policy";
import { must, oneOf } from "./value";

export const repositoryScanned = resourcePolicy({
  name: "repository-scanned",
  severity: "medium",
  description:
    "An image repository scans what is pushed: a known hole in the boot image is otherwise found by somebody else.",
  remedy: "set imageScanningConfiguration.scanOnPush to true",
  kinds: ["repository"],
  faults: ({ props }) => must(props, "imageScanningConfiguration.scanOnPush", "be true", oneOf(true)),
});
