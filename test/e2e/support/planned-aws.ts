import {
  CreateTagsCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-eks";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { stackValues } from "../../support/record";
import { accountId, region } from "./aws";
import type { Aws } from "./aws";
import { resourcesOf } from "./plan";
import type { Plan, Planned } from "./plan";

type Tags = Record<string, string>;

/** The name that the plan's stand-in gave a resource: it stands in what refers to it. */
export function physicalName(plan: Plan, name: string): string {
  const text = JSON.stringify([plan.resources.map(({ inputs }) => inputs), plan.releases, plan.objects]);
  return new RegExp(`${name}-[0-9a-f]{7}(?![0-9a-z])`).exec(text)?.[0] ?? name;
}

export function tagList(tags: Tags | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** The queue, its policy, the rules and their targets; gives the queue's URL. */
export async function createInterruption(aws: Aws, plan: Plan): Promise<string> {
  const queue = only(plan, ":Queue");
  const { messageRetentionSeconds, sqsManagedSseEnabled, tags } = queue.inputs;
  const { QueueUrl = "" } = await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: physicalName(plan, queue.name),
      Attributes: {
        MessageRetentionPeriod: String(messageRetentionSeconds),
        SqsManagedSseEnabled: String(sqsManagedSseEnabled),
      },
      tags: tags as Tags,
    }),
  );
  const { policy } = only(plan, ":QueuePolicy").inputs as { policy: string };
  await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: policy } }));
  for (const rule of resourcesOf(plan, ":EventRule")) await createRule(aws, plan, rule);
  for (const { inputs, name } of resourcesOf(plan, ":EventTarget"))
    await aws.events.send(
      new PutTargetsCommand({ Rule: inputs.rule as string, Targets: [{ Id: name, Arn: inputs.arn as string }] }),
    );
  return QueueUrl;
}

export async function createRule(aws: Aws, plan: Plan, { name, inputs }: Planned): Promise<string> {
  const Name = physicalName(plan, name);
  const { eventPattern, tags } = inputs as { eventPattern: string; tags?: Tags };
  await aws.events.send(new PutRuleCommand({ Name, EventPattern: eventPattern, Tags: tagList(tags) }));
  return Name;
}

/** Roles with their trust, policies and what is attached to whom. */
export async function createIdentities(aws: Aws, plan: Plan): Promise<void> {
  for (const { name, inputs } of resourcesOf(plan, ":Role")) {
    if (inputs.assumeRolePolicy === undefined) continue;
    await aws.iam.send(
      new CreateRoleCommand({
        RoleName: physicalName(plan, name),
        AssumeRolePolicyDocument: inputs.assumeRolePolicy as string,
        Tags: tagList(inputs.tags as Tags),
      }),
    );
  }
  for (const { name, inputs } of resourcesOf(plan, ":Policy").filter(({ type }) => type.startsWith("aws:iam")))
    await aws.iam.send(
      new CreatePolicyCommand({
        PolicyName: physicalName(plan, name),
        PolicyDocument: inputs.policy as string,
        Tags: tagList(inputs.tags as Tags),
      }),
    );
  for (const { inputs } of resourcesOf(plan, ":RolePolicyAttachment"))
    await aws.iam.send(
      new AttachRolePolicyCommand({ RoleName: inputs.role as string, PolicyArn: inputs.policyArn as string }),
    );
}

/** A VPC with subnets tagged as the stack has or expects them, and the cluster with its tagged security group. */
export async function createCluster(aws: Aws, plan: Plan): Promise<{ subnetIds: string[] }> {
  const { Vpc } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const subnetIds: string[] = [];
  for (const [index, tags] of subnetTags(plan).entries()) {
    const { Subnet } = await aws.ec2.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: `10.0.${index * 16}.0/20`,
        AvailabilityZone: `${region}${"abc"[index] ?? ""}`,
        TagSpecifications: [{ ResourceType: "subnet", Tags: tagList(tags) }],
      }),
    );
    subnetIds.push(Subnet?.SubnetId ?? "");
  }
  const { GroupId } = await aws.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "cluster", Description: "made by EKS", VpcId: Vpc?.VpcId }),
  );
  const { key, value } = only(plan, ":Tag").inputs as { key: string; value: string };
  await aws.ec2.send(new CreateTagsCommand({ Resources: [GroupId ?? ""], Tags: tagList({ [key]: value }) }));
  const { inputs } = only(plan, "eks:index:Cluster");
  await aws.eks.send(
    new CreateClusterCommand({
      name: inputs.name as string,
      version: inputs.version as string,
      roleArn: `arn:aws:iam::${accountId}:role/cluster`,
      resourcesVpcConfig: {
        subnetIds,
        securityGroupIds: [GroupId ?? ""],
        endpointPrivateAccess: inputs.endpointPrivateAccess as boolean,
        endpointPublicAccess: inputs.endpointPublicAccess as boolean,
        ...(inputs.publicAccessCidrs !== undefined && { publicAccessCidrs: inputs.publicAccessCidrs as string[] }),
      },
      accessConfig: { authenticationMode: inputs.authenticationMode as "API" },
      logging: { clusterLogging: [{ types: inputs.enabledClusterLogTypes as "api"[], enabled: true }] },
      tags: inputs.tags as Tags,
    }),
  );
  return { subnetIds };
}

function subnetTags(plan: Plan): Tags[] {
  const vpc = plan.resources.find(({ type }) => type === "awsx:ec2:Vpc");
  if (vpc) {
    const { subnetSpecs, availabilityZoneNames } = vpc.inputs as {
      subnetSpecs: { type: string; tags: Tags }[];
      availabilityZoneNames: string[];
    };
    const tags = subnetSpecs.find(({ type }) => type === "Private")?.tags ?? {};
    return availabilityZoneNames.map(() => tags);
  }
  const { existingVpc } = stackValues(plan.stack).network as { existingVpc: { subnets: { tags: Tags }[] } };
  return existingVpc.subnets.map(({ tags }) => tags);
}

/** The one resource of a type. */
export function only(plan: Plan, type: string): Planned {
  const found = resourcesOf(plan, type).filter((resource) => resource.type.startsWith("aws") || resource.type === type);
  if (found.length !== 1 || !found[0]) throw new Error(`${plan.stack}: ${found.length} resources of ${type}, not one`);
  return found[0];
}
