import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand } from "@aws-sdk/client-ec2";
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

/** The name that the plan made up for a resource: whatever refers to the resource has it. */
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

/** moto's ids by those that the plan has for the same things. */
export type Ids = Record<string, string>;

/** The cluster with its security group, in a VPC with the subnets that the plan gives it. */
export async function createCluster(aws: Aws, plan: Plan): Promise<Ids> {
  const { inputs } = only(plan, "eks:index:Cluster");
  const { Vpc } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const ids: Ids = {};
  const tags = subnetTags(plan);
  const planned = inputs.privateSubnetIds as string[];
  for (const [index, id] of planned.entries()) {
    const { Subnet } = await aws.ec2.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: `10.0.${index * 16}.0/20`,
        AvailabilityZone: `${region}${"abc"[index] ?? ""}`,
        TagSpecifications: [{ ResourceType: "subnet", Tags: tagList(tags[index]) }],
      }),
    );
    ids[id] = Subnet?.SubnetId ?? "";
  }
  const { GroupId = "" } = await aws.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "cluster", Description: "made by EKS", VpcId: Vpc?.VpcId }),
  );
  const groups = Object.values(plan.objects).flatMap(({ spec }) => {
    const { securityGroupSelectorTerms = [] } = (spec ?? {}) as { securityGroupSelectorTerms?: { id: string }[] };
    return securityGroupSelectorTerms.map(({ id }) => id);
  });
  for (const id of groups) ids[id] = GroupId;
  await aws.eks.send(
    new CreateClusterCommand({
      name: inputs.name as string,
      version: inputs.version as string,
      roleArn: `arn:aws:iam::${accountId}:role/cluster`,
      resourcesVpcConfig: {
        subnetIds: planned.map((id) => ids[id] ?? ""),
        securityGroupIds: [GroupId],
        endpointPrivateAccess: inputs.endpointPrivateAccess as boolean,
        endpointPublicAccess: inputs.endpointPublicAccess as boolean,
        ...(inputs.publicAccessCidrs !== undefined && { publicAccessCidrs: inputs.publicAccessCidrs as string[] }),
      },
      accessConfig: { authenticationMode: inputs.authenticationMode as "API" },
      logging: { clusterLogging: [{ types: inputs.enabledClusterLogTypes as "api"[], enabled: true }] },
      tags: inputs.tags as Tags,
    }),
  );
  return ids;
}

/** The plan with moto's ids. */
export function withIds(plan: Plan, ids: Ids): Plan {
  const text = Object.entries(ids).reduce((json, [from, to]) => json.replaceAll(from, to), JSON.stringify(plan));
  return JSON.parse(text) as Plan;
}

function subnetTags(plan: Plan): Tags[] {
  const made = resourcesOf(plan, ":Subnet").filter(({ name }) => name.includes("-private-"));
  if (made.length > 0) return made.map(({ inputs }) => inputs.tags as Tags);
  const { existingVpc } = stackValues(plan.stack).network as { existingVpc: { subnets: { tags: Tags }[] } };
  return existingVpc.subnets.map(({ tags }) => tags);
}

/** The one resource of a type. */
export function only(plan: Plan, type: string): Planned {
  const found = resourcesOf(plan, type).filter((resource) => resource.type.startsWith("aws") || resource.type === type);
  if (found.length !== 1 || !found[0]) throw new Error(`${plan.stack}: ${found.length} resources of ${type}, not one`);
  return found[0];
}
