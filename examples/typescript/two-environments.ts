import * as pulumi from "@pulumi/pulumi";
import { FastDisks, OnDrift, ReclaimPolicy } from "eks-fast-disks";

// One program, a stack for each environment: what differs stands in one place. With stack files instead, see stacks/.
const prod = pulumi.getStack() === "prod";

const chain = new FastDisks("fast-disks", {
  network: { newVpc: { natGateways: prod ? "OnePerAz" : "Single" } },
  cluster: {
    name: `disks-${prod ? "prod" : "dev"}`,
    kubernetesVersion: "1.35",
    publicAccessCidrs: ["198.51.100.7/32"],
    deletionProtection: prod,
  },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge"], onDrift: prod ? OnDrift.hold : OnDrift.replace } },
  storageClasses: { "fast-disks": { reclaimPolicy: prod ? ReclaimPolicy.retain : ReclaimPolicy.delete } },
});
export const { kubeconfigJson, placements } = chain;
