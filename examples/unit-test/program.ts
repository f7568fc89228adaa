import { FastDisks } from "eks-fast-disks";

/** A chain in a VPC that is there, as a team may write it once for all its stacks. */
export function createDisks(environment: string): FastDisks {
  return new FastDisks("disks", {
    network: {
      existingVpc: { vpcId: "vpc-0123456789abcdef0", subnets: [{ tags: { tier: "a" } }, { tags: { tier: "b" } }] },
    },
    cluster: { name: `disks-${environment}`, kubernetesVersion: "1.35", privateOnly: true },
    bottlerocket: { version: "1.66.0" },
    karpenter: { version: "1.14.0" },
    pools: {
      cache: {
        instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"],
        onDrift: environment === "prod" ? "hold" : "replace",
      },
    },
    tags: { environment },
  });
}
