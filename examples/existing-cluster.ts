import { FastDisks } from "eks-fast-disks";

// Karpenter and fast disks in a cluster of yours that has no Karpenter. It needs the add-on eks-pod-identity-agent, two
// arm64 or x86 nodes for the controllers, and whoever runs `up` as an administrator.
const chain = new FastDisks("fast-disks", {
  existingCluster: { name: "prod" },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { placements, nodeRoleName } = chain;
