import { FastDisks } from "eks-fast-disks";

const chain = new FastDisks("fast-disks", {
  network: { newVpc: {} },
  cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { kubeconfigJson, placements } = chain;
