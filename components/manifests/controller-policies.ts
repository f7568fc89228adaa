/** What Karpenter's permissions are scoped to. */
export interface ControllerScope {
  partition: string;
  region: string;
  accountId: string;
  clusterName: string;
  queueArn: string;
  nodeRoleArn: string;
}

/**
 * Karpenter's permissions, split as upstream's template splits them, since together they exceed AWS's limit for
 * cluster names over 17 characters (https://karpenter.sh/docs/reference/cloudformation/).
 */
export function renderControllerPolicies(scope: ControllerScope): Record<string, object> {
  return {
    lifecycle: policy(nodeLifecycle(scope)),
    iam: policy(instanceProfiles(scope)),
    eks: policy([allow("ReadCluster", "eks:DescribeCluster", [clusterArn(scope)])]),
    interruption: policy([
      allow("ReadQueue", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [scope.queueArn]),
    ]),
    discovery: policy(discovery(scope)),
  };
}

/** Trust policy of a role that pods assume by EKS Pod Identity. */
export const podIdentityTrust = trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);
/** Trust policy of a role that instances assume. */
export const instanceTrust = trust("ec2.amazonaws.com", ["sts:AssumeRole"]);

/** AWS's managed policies that a node needs: join, network, pull images, SSM sessions. */
export const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
];

function nodeLifecycle(scope: ControllerScope): object[] {
  const ec2 = (account: string, kinds: string[]) =>
    kinds.map((kind) => `arn:${scope.partition}:ec2:${scope.region}:${account}:${kind}/*`);
  const made = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
  const requested = tagged("aws:RequestTag", scope, { "karpenter.sh/nodepool": "*" });
  const owned = {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${scope.clusterName}`]: "owned" },
    StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
  };
  return [
    allow(
      "UseParts",
      ["ec2:RunInstances", "ec2:CreateFleet"],
      [
        ...ec2("", ["image", "snapshot"]),
        ...ec2("*", ["security-group", "subnet", "capacity-reservation", "placement-group"]),
      ],
    ),
    allow("UseTemplates", ["ec2:RunInstances", "ec2:CreateFleet"], ec2("*", ["launch-template"]), owned),
    allow("MakeTagged", ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"], ec2("*", made), requested),
    allow("TagWhatIsMade", "ec2:CreateTags", ec2("*", made), {
      StringEquals: {
        ...requested.StringEquals,
        "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
      },
      StringLike: requested.StringLike,
    }),
    allow("TagInstances", "ec2:CreateTags", ec2("*", ["instance"]), {
      ...owned,
      StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": scope.clusterName },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
    }),
    allow(
      "Terminate",
      ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      ec2("*", ["instance", "launch-template"]),
      owned,
    ),
  ];
}

function instanceProfiles(scope: ControllerScope): object[] {
  const profiles = [`arn:${scope.partition}:iam::${scope.accountId}:instance-profile/*`];
  const { clusterName, region } = scope;
  const made = tagged("aws:RequestTag", scope, { "karpenter.k8s.aws/ec2nodeclass": "*" });
  const requested = { ...made.StringEquals, "aws:RequestTag/topology.kubernetes.io/region": region };
  const owned = {
    [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned",
    "aws:ResourceTag/topology.kubernetes.io/region": region,
  };
  const ownedLike = { "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*" };
  return [
    allow("PassNodeRole", "iam:PassRole", [scope.nodeRoleArn], {
      StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
    }),
    allow("CreateProfile", "iam:CreateInstanceProfile", profiles, {
      StringEquals: requested,
      StringLike: made.StringLike,
    }),
    allow("TagProfile", "iam:TagInstanceProfile", profiles, {
      StringEquals: { ...owned, ...requested },
      StringLike: { ...ownedLike, ...made.StringLike },
    }),
    allow(
      "ChangeProfile",
      ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
      profiles,
      { StringEquals: owned, StringLike: ownedLike },
    ),
    allow("ReadProfile", "iam:GetInstanceProfile", profiles),
    allow("ListProfiles", "iam:ListInstanceProfiles", ["*"]),
  ];
}

function discovery(scope: ControllerScope): object[] {
  const kinds = [
    ...["CapacityReservations", "Images", "Instances", "InstanceStatus", "InstanceTypeOfferings", "InstanceTypes"],
    ...["LaunchTemplates", "PlacementGroups", "SecurityGroups", "SpotPriceHistory", "Subnets"],
  ];
  return [
    allow(
      "ReadRegion",
      kinds.map((kind) => `ec2:Describe${kind}`),
      ["*"],
      { StringEquals: { "aws:RequestedRegion": scope.region } },
    ),
    allow("ReadImageIds", "ssm:GetParameter", [`arn:${scope.partition}:ssm:${scope.region}::parameter/aws/service/*`]),
    allow("ReadPrices", "pricing:GetProducts", ["*"]),
  ];
}

function tagged(source: string, { clusterName }: ControllerScope, like: Record<string, string>) {
  const equals: Record<string, string> = {
    [`${source}/kubernetes.io/cluster/${clusterName}`]: "owned",
    [`${source}/eks:eks-cluster-name`]: clusterName,
  };
  return {
    StringEquals: equals,
    StringLike: Object.fromEntries(Object.entries(like).map(([key, value]) => [`${source}/${key}`, value])),
  };
}

function clusterArn({ partition, region, accountId, clusterName }: ControllerScope): string {
  return `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
}

function allow(Sid: string, Action: string | string[], Resource: string[], Condition?: object): object {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}

function policy(Statement: object[]): object {
  return { Version: "2012-10-17", Statement };
}

function trust(Service: string, Action: string[]): object {
  return policy([{ Effect: "Allow", Principal: { Service }, Action }]);
}
