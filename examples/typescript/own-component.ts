import * as pulumi from "@pulumi/pulumi";
import { FastDisks } from "eks-fast-disks";
import type { FastDisksArgs } from "eks-fast-disks";

/** The platform team's own component: every role that it makes gets the account's permissions boundary. */
class Platform extends pulumi.ComponentResource {
  readonly placements: FastDisks["placements"];
  constructor(name: string, args: FastDisksArgs, boundary: string) {
    super("platform:index:Platform", name, args, { transforms: [withBoundary(boundary)] });
    this.placements = new FastDisks(name, args, { parent: this }).placements;
  }
}

export function withBoundary(permissionsBoundary: string): pulumi.ResourceTransform {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined;
}

const args = {
  network: { newVpc: {} },
  cluster: { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] },
  bottlerocket: { version: "1.66.0" },
  karpenter: { version: "1.14.0" },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
};
export const { placements } = new Platform("disks", args, "arn:aws:iam::123456789012:policy/boundary");
