import { FastDisks } from "eks-fast-disks";

// A pool, volumes and their cleanup, in a cluster of yours that has Karpenter. Its controller may pass the nodes' role.
const chain = new FastDisks("fast-disks", {
  existingCluster: { name: "prod" },
  existingKarpenter: { nodeRole: "KarpenterNodeRole-prod" },
  bottlerocket: { version: "1.66.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { placements, nodePoolNames } = chain;
