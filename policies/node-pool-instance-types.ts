import { allowed, carries, hasNvme, label, typeKey } from "./karpenter";
import { resourcePolicy } from "./policy";

export const nodePoolInstanceTypes = resourcePolicy({
  name: "node-pool-instance-types",
  severity: "high",
  description:
    "Every instance type that a NodePool with fast disks lists is arm64 with local NVMe: Karpenter takes the cheapest, which is the one without a disk.",
  remedy: "list types such as c8gd.xlarge",
  kinds: ["nodePool"],
  config: { label },
  applies: carries,
  faults: ({ props }) => {
    const listed = allowed(props, typeKey);
    const without = Array.isArray(listed) ? listed.filter((type) => !hasNvme(type)) : [];
    return without.length > 0 ? [`${typeKey} must list arm64 types with local NVMe, got ${without.join(", ")}`] : [];
  },
});
