import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");
/** Names of children begin with the component's name. Change this for another name than `fast-disks`. */
const chainName = "fast-disks";

/** The provider's calls to create, read, change and delete a resource of a type, without the calls of AWS services. */
const actions: Record<string, string[]> = {
  "aws:cloudwatch/eventRule:EventRule": all("events", "PutRule DescribeRule DeleteRule", "Resource"),
  "aws:cloudwatch/eventTarget:EventTarget": all("events", "PutTargets ListTargetsByRule RemoveTargets"),
  "aws:cloudwatch/logGroup:LogGroup": all(
    "logs",
    "CreateLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy DeleteLogGroup",
    "Resource",
  ),
  "aws:ec2/eip:Eip": all(
    "ec2",
    "AllocateAddress DescribeAddresses DescribeAddressesAttribute DisassociateAddress ReleaseAddress CreateTags DeleteTags",
  ),
  "aws:ec2/internetGateway:InternetGateway": all(
    "ec2",
    "CreateInternetGateway AttachInternetGateway DescribeInternetGateways DetachInternetGateway DeleteInternetGateway",
  ),
  // EKS checks that the caller who names a launch template may start instances with it.
  "aws:ec2/launchTemplate:LaunchTemplate": all(
    "ec2",
    "CreateLaunchTemplate CreateLaunchTemplateVersion DescribeLaunchTemplates DescribeLaunchTemplateVersions " +
      "ModifyLaunchTemplate DeleteLaunchTemplate DeleteLaunchTemplateVersions RunInstances CreateTags DeleteTags",
  ),
  "aws:ec2/natGateway:NatGateway": all("ec2", "CreateNatGateway DescribeNatGateways DeleteNatGateway"),
  "aws:ec2/route:Route": all("ec2", "CreateRoute DescribeRouteTables ReplaceRoute DeleteRoute"),
  "aws:ec2/routeTable:RouteTable": all("ec2", "CreateRouteTable DescribeRouteTables DeleteRouteTable"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": all(
    "ec2",
    "AssociateRouteTable DescribeRouteTables ReplaceRouteTableAssociation DisassociateRouteTable",
  ),
  "aws:ec2/subnet:Subnet": all(
    "ec2",
    "CreateSubnet DescribeSubnets ModifySubnetAttribute DescribeNetworkInterfaces DeleteSubnet",
  ),
  "aws:ec2/vpc:Vpc": all(
    "ec2",
    "CreateVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DescribeNetworkAcls DescribeSecurityGroups DeleteVpc",
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": all(
    "ec2",
    "CreateVpcEndpoint DescribeVpcEndpoints DescribePrefixLists ModifyVpcEndpoint DeleteVpcEndpoints",
  ),
  "aws:ecr/repository:Repository": all(
    "ecr",
    "CreateRepository DescribeRepositories PutImageTagMutability PutImageScanningConfiguration DeleteRepository",
    "Resource",
  ),
  "aws:eks/accessEntry:AccessEntry": all(
    "eks",
    "CreateAccessEntry DescribeAccessEntry UpdateAccessEntry DeleteAccessEntry",
    "Resource",
  ),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": all(
    "eks",
    "AssociateAccessPolicy ListAssociatedAccessPolicies DisassociateAccessPolicy",
  ),
  "aws:eks/addon:Addon": all("eks", "CreateAddon DescribeAddon DescribeAddonVersions UpdateAddon DeleteAddon"),
  "aws:eks/nodeGroup:NodeGroup": all(
    "eks",
    "CreateNodegroup DescribeNodegroup UpdateNodegroupConfig UpdateNodegroupVersion DescribeUpdate DeleteNodegroup",
  ),
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": all(
    "eks",
    "CreatePodIdentityAssociation DescribePodIdentityAssociation UpdatePodIdentityAssociation DeletePodIdentityAssociation",
  ),
  "aws:iam/policy:Policy": all(
    "iam",
    "CreatePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion DeletePolicy",
    "Policy",
  ),
  "aws:iam/role:Role": all(
    "iam",
    "CreateRole GetRole UpdateRole UpdateAssumeRolePolicy ListRolePolicies ListAttachedRolePolicies " +
      "ListInstanceProfilesForRole DeleteRole",
    "Role",
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": all("iam", "AttachRolePolicy DetachRolePolicy"),
  "aws:sqs/queue:Queue": all(
    "sqs",
    "CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueueTags TagQueue UntagQueue DeleteQueue",
  ),
  "aws:sqs/queuePolicy:QueuePolicy": all("sqs", "GetQueueAttributes SetQueueAttributes"),
  "docker:index/image:Image": all(
    "ecr",
    "GetAuthorizationToken BatchCheckLayerAvailability InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage " +
      "BatchGetImage GetDownloadUrlForLayer",
  ),
  // Includes the role and the attachment that the component creates.
  "eks:index:Cluster": [
    ...all(
      "eks",
      "CreateCluster DescribeCluster UpdateClusterConfig UpdateClusterVersion DescribeUpdate DeleteCluster",
      "Resource",
    ),
  ],
};
/** Lookups of the program. */
const lookups = ["sts:GetCallerIdentity", "ec2:DescribeAvailabilityZones", "iam:GetInstanceProfile"];

function all(service: string, names: string, tagged = ""): string[] {
  const tags = tagged === "" ? [] : [`Tag${tagged}`, `Untag${tagged}`];
  const list = tagged === "Resource" ? ["ListTagsForResource"] : [];
  return [...names.split(" "), ...tags, ...list].map((name) => `${service}:${name}`);
}

export interface DeployerPolicy {
  Version: string;
  Statement: {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: object;
  }[];
}

/** The deploying identity's policy, from the types of resources in plans. */
export function deployerPolicy(types: string[]): DeployerPolicy {
  const needed = [...new Set(types)].filter((type) => /^(aws|docker|eks):/.test(type));
  const missing = needed.filter((type) => !(type in actions));
  if (missing.length > 0) throw new Error(`deployer-policy: no actions are known for ${missing.join(", ")}`);
  const names = [...new Set([...needed.flatMap((type) => actions[type] ?? []), ...lookups])].sort();
  const owned = ["role", "policy"].map((kind) => `arn:aws:iam::*:${kind}/${chainName}-*`);
  const services = [...new Set(names.map((name) => name.split(":")[0] ?? ""))].filter((service) => service !== "iam");
  const open = services.map((service) => ({
    Sid: service.charAt(0).toUpperCase() + service.slice(1),
    Effect: "Allow",
    Action: names.filter((name) => name.startsWith(`${service}:`)),
    Resource: "*",
  }));
  const iam = names.filter((name) => name.startsWith("iam:") && name !== "iam:GetInstanceProfile");
  return {
    Version: "2012-10-17",
    Statement: [
      ...open,
      { Sid: "OwnRolesAndPolicies", Effect: "Allow", Action: iam, Resource: owned },
      { Sid: "ReadyMadeProfiles", Effect: "Allow", Action: "iam:GetInstanceProfile", Resource: "*" },
      {
        Sid: "PassOwnRoles",
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: owned.slice(0, 1),
        Condition: {
          StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com"] },
        },
      },
      {
        Sid: "RolesOfEks",
        Effect: "Allow",
        Action: "iam:CreateServiceLinkedRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:AWSServiceName": ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com"] } },
      },
      {
        Sid: "BottlerocketsReleases",
        Effect: "Allow",
        Action: "ssm:GetParameter",
        Resource: "arn:aws:ssm:*:*:parameter/aws/service/bottlerocket/*",
      },
    ],
  };
}

/** Types of the plans of both stacks, and of resources that other settings create. */
export function typesOfPlans(): string[] {
  const read = (stack: string) =>
    JSON.parse(readFileSync(join(root, "test", "goldens", stack, "resources.json"), "utf8")) as { type: string }[];
  const types = [...read("dev"), ...read("prod")].map(({ type }) => type);
  return [...types, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"];
}

export function renderDeployerPolicy(): string {
  return `${JSON.stringify(deployerPolicy(typesOfPlans()), null, 2)}\n`;
}

function main(): void {
  writeFileSync(join(root, "docs", "deployer-policy.json"), renderDeployerPolicy());
}

if (require.main === module) main();
