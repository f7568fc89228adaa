import type { PolicyDocument, PolicyStatement } from "@pulumi/aws/iam";

/** A policy document of these statements. */
export function policyOf(Statement: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** Trust policy of a role that one of AWS's services assumes. */
export function trustOf(Service: string, Action: string[]): PolicyDocument {
  return policyOf([{ Effect: "Allow", Principal: { Service }, Action }]);
}

/** Trust policy of a role that instances assume. */
export const instanceTrust = trustOf("ec2.amazonaws.com", ["sts:AssumeRole"]);
/** Trust policy of a role that pods assume by EKS Pod Identity. */
export const podIdentityTrust = trustOf("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

/** AWS's managed policies that a node needs: join, network, pull images, SSM sessions. */
export const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
];
