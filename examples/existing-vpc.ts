import * as aws from "@pulumi/aws";
import { FastDisks } from "eks-fast-disks";

// A new cluster in a VPC of yours. Its private subnets reach AWS's APIs, by a NAT gateway or by endpoints.
const vpc = aws.ec2.getVpcOutput({ tags: { Name: "main" } });
const subnets = [{ tags: { Name: "private-a" } }, { tags: { Name: "private-b" } }];

const chain = new FastDisks("fast-disks", {
  network: { existingVpc: { vpcId: vpc.id, subnets } },
  cluster: { name: "data", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
});
export const { kubeconfigJson, placements } = chain;
