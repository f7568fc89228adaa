import type { PolicyDocument, PolicyStatement } from "@pulumi/aws/iam";
import { policyOf } from "./iam";
import { OnMaintenance } from "./interruption";

/** Values that limit Karpenter's permissions. */
export interface ControllerScope {
  partition: string;
  region: string;
  accountId: string;
  clusterName: string;
  queueArn: string;
  /** Roles that nodes may be given. */
  nodeRoleArns: string[];
  onMaintenance: OnMaintenance;
}

/** Names of the policies, split as upstream's template splits them. */
export const controllerPolicies = ["lifecycle", "iam", "eks", "interruption", "discovery"] as const;
export type ControllerPolicy = (typeof controllerPolicies)[number];

/**
 * Karpenter's permissions, each statement with upstream's Sid. One document would exceed AWS's size limit if the cluster's
 * name has more than 17 characters (https://karpenter.sh/docs/reference/cloudformation/).
 */
export function renderControllerPolicies(scope: ControllerScope): Record<ControllerPolicy, PolicyDocument> {
  const { partition, region, accountId, clusterName } = scope;
  return {
    lifecycle: policyOf(nodeLifecycle(scope)),
    iam: policyOf(roles(scope)),
    eks: policyOf([
      {
        Sid: "AllowAPIServerEndpointDiscovery",
        Effect: "Allow",
        Action: "eks:DescribeCluster",
        Resource: `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`,
      },
    ]),
    interruption: policyOf([
      {
        Sid: "AllowInterruptionQueueActions",
        Effect: "Allow",
        Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        Resource: scope.queueArn,
      },
    ]),
    discovery: policyOf(discovery(scope)),
  };
}

function nodeLifecycle({ partition, region, clusterName }: ControllerScope): PolicyStatement[] {
  const ec2 = (account: string, kinds: string[]) =>
    kinds.map((kind) => `arn:${partition}:ec2:${region}:${account}:${kind}/*`);
  const created = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
  const requestedTags = {
    [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": clusterName,
  };
  const requestedPool = { "aws:RequestTag/karpenter.sh/nodepool": "*" };
  const owned = {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" },
    StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
  };
  return [
    {
      Sid: "AllowScopedEC2InstanceAccessActions",
      Effect: "Allow",
      Action: ["ec2:RunInstances", "ec2:CreateFleet"],
      Resource: [
        ...ec2("", ["image", "snapshot"]),
        ...ec2("*", ["security-group", "subnet", "capacity-reservation", "placement-group"]),
      ],
    },
    {
      Sid: "AllowScopedEC2LaunchTemplateAccessActions",
      Effect: "Allow",
      Action: ["ec2:RunInstances", "ec2:CreateFleet"],
      Resource: ec2("*", ["launch-template"]),
      Condition: owned,
    },
    {
      Sid: "AllowScopedEC2InstanceActionsWithTags",
      Effect: "Allow",
      Action: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
      Resource: ec2("*", created),
      Condition: { StringEquals: requestedTags, StringLike: requestedPool },
    },
    {
      Sid: "AllowScopedResourceCreationTagging",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ec2("*", created),
      Condition: {
        StringEquals: { ...requestedTags, "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"] },
        StringLike: requestedPool,
      },
    },
    {
      Sid: "AllowScopedResourceTagging",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ec2("*", ["instance"]),
      Condition: {
        ...owned,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": clusterName },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
      },
    },
    {
      Sid: "AllowScopedDeletion",
      Effect: "Allow",
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: ec2("*", ["instance", "launch-template"]),
      Condition: owned,
    },
  ];
}

function roles(scope: ControllerScope): PolicyStatement[] {
  const { partition, region, accountId, clusterName } = scope;
  const profiles = `arn:${partition}:iam::${accountId}:instance-profile/*`;
  const requested = {
    [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": clusterName,
    "aws:RequestTag/topology.kubernetes.io/region": region,
  };
  const requestedLike = { "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*" };
  const owned = {
    [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned",
    "aws:ResourceTag/topology.kubernetes.io/region": region,
  };
  const ownedLike = { "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*" };
  return [
    {
      Sid: "AllowPassingInstanceRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: scope.nodeRoleArns,
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    },
    {
      Sid: "AllowScopedInstanceProfileCreationActions",
      Effect: "Allow",
      Action: "iam:CreateInstanceProfile",
      Resource: profiles,
      Condition: { StringEquals: requested, StringLike: requestedLike },
    },
    {
      Sid: "AllowScopedInstanceProfileTagActions",
      Effect: "Allow",
      Action: "iam:TagInstanceProfile",
      Resource: profiles,
      Condition: { StringEquals: { ...owned, ...requested }, StringLike: { ...ownedLike, ...requestedLike } },
    },
    {
      Sid: "AllowScopedInstanceProfileActions",
      Effect: "Allow",
      Action: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      Resource: profiles,
      Condition: { StringEquals: owned, StringLike: ownedLike },
    },
    { Sid: "AllowInstanceProfileReadActions", Effect: "Allow", Action: "iam:GetInstanceProfile", Resource: profiles },
    {
      Sid: "AllowUnscopedInstanceProfileListAction",
      Effect: "Allow",
      Action: "iam:ListInstanceProfiles",
      Resource: "*",
    },
    {
      // Not upstream's: at the first spot request EC2 creates the account's role for spot, if the caller may do so.
      Sid: "AllowSpotServiceLinkedRoleCreation",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:${partition}:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`,
      Condition: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
    },
  ];
}

function discovery({ partition, region, onMaintenance }: ControllerScope): PolicyStatement[] {
  const described = [
    "CapacityReservations",
    "Images",
    "Instances",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
    // Without this permission the controller logs an error and ignores scheduled events and failed checks.
    ...(onMaintenance === OnMaintenance.replace ? ["InstanceStatus"] : []),
  ];
  return [
    {
      Sid: "AllowRegionalReadActions",
      Effect: "Allow",
      Action: described.map((kind) => `ec2:Describe${kind}`),
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "AllowSSMReadActions",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
    },
    { Sid: "AllowPricingReadActions", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
  ];
}
