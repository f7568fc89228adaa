import * as pulumi from "@pulumi/pulumi";
import { FastDisks } from "eks-fast-disks";

// A cluster in each of two regions: a stack for each, whose `aws:region` decides. Ranges differ, so the VPCs can be joined.
const ranges: Record<string, string> = { "us-east-1": "10.1.0.0/16", "us-west-2": "10.2.0.0/16" };
const region = new pulumi.Config("aws").get("region") ?? "us-east-1";

const chain = new FastDisks("fast-disks", {
  network: { newVpc: { cidrBlock: ranges[region] } },
  cluster: { name: `disks-${region}`, kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { kubeconfigJson, placements } = chain;
