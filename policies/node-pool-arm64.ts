import { allowed, archKey } from "./karpenter";
import { resourcePolicy } from "./policy";
import { pending, show } from "./value";

export const nodePoolArm64 = resourcePolicy({
  name: "node-pool-arm64",
  severity: "medium",
  description:
    "A NodePool starts arm64 nodes only: the boot image and the catalogue of disks are made for them, and an amd64 node would never link its disks.",
  remedy: `require ${archKey} In [arm64]`,
  kinds: ["nodePool"],
  faults: ({ props }) => {
    const values = allowed(props, archKey);
    if (values === pending || (values?.length === 1 && values[0] === "arm64")) return [];
    return [`${archKey} must be arm64 alone, got ${values ? show(values) : "no requirement"}`];
  },
});
