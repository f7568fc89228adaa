import { FastDisks } from "eks-fast-disks";

// Both images from a registry of yours, by digest: no Docker where `up` runs, and no repository is made.
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

const chain = new FastDisks("fast-disks", {
  network: { newVpc: {} },
  cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
  bottlerocket: { version: "1.66.0" },
  bootImage: { reference: `${registry}/fast-disks-boot@${digest}` },
  diskController: { reference: `${registry}/disk-controller@${digest}` },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { bootImage, placements } = chain;
