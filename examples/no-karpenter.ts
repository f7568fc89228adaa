import { FastDisks } from "eks-fast-disks";

// Three nodes with fast disks in a new cluster without Karpenter, or a fixed base beside pools. Every update of the group
// replaces its nodes, with all data on them: docs/parts.md says what does.
const chain = new FastDisks("fast-disks", {
  network: { newVpc: {} },
  cluster: {
    name: "dev",
    kubernetesVersion: "1.35",
    // Where `pulumi up` runs.
    publicAccessCidrs: ["198.51.100.7/32"],
  },
  bottlerocket: { version: "1.66.0" },
  nodeGroups: { base: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge"], minSize: 3 } },
});
export const { placements, nodeGroupNames } = chain;
