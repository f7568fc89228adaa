import {
  CreateLaunchTemplateCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  LaunchTemplateHttpTokensState,
  LaunchTemplateInstanceMetadataEndpointState,
  ResourceType,
  VolumeType,
} from "@aws-sdk/client-ec2";
import type { InstanceTypeInfo, RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  EncryptionType,
  ImageTagMutability,
} from "@aws-sdk/client-ecr";
import {
  AMITypes,
  AuthenticationMode,
  CapacityTypes,
  CreateNodegroupCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  LogType,
  ResolveConflicts,
} from "@aws-sdk/client-eks";
import {
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import assert from "node:assert/strict";
import { instanceTypes } from "../../catalogue/instance-types";
import { accountId, region, startAws } from "./support/aws";
import type { Aws } from "./support/aws";
import { judge } from "./support/conformance";
import { planOf, resourcesOf, stacks } from "./support/plan";
import type { Plan } from "./support/plan";
import {
  createCluster,
  createIdentities,
  createInterruption,
  createRule,
  only,
  physicalName,
  tagList,
} from "./support/planned-aws";
import { versionsOf } from "./support/settings";
import { stopsAfter } from "./support/process";

const by = "AWS SDK and moto 5.2.5, written and read back";
type Tags = Record<string, string>;

for (const stack of stacks)
  describe(`AWS API: ${stack}`, () => {
    const stopped = stopsAfter();
    let plan: Plan;
    let aws: Aws;
    let subnetIds: string[];
    before(async () => {
      plan = planOf(stack);
      aws = stopped(await startAws(`aws-${stack}`, versionsOf(stack)));
    });

    it("takes the repositories of the images", async () => {
      const planned = resourcesOf(plan, ":Repository");
      assert.equal(planned.length, 2);
      for (const { name, inputs } of planned) {
        const repositoryName = physicalName(plan, name);
        await judge(stack, [name], by, async () => {
          const { imageTagMutability, imageScanningConfiguration, encryptionConfigurations, tags } = inputs as {
            imageTagMutability: ImageTagMutability;
            imageScanningConfiguration: { scanOnPush: boolean };
            encryptionConfigurations: { encryptionType: "AES256" }[];
            tags: Tags;
          };
          isOneOf(imageTagMutability, ImageTagMutability);
          for (const { encryptionType } of encryptionConfigurations) isOneOf(encryptionType, EncryptionType);
          await aws.ecr.send(
            new CreateRepositoryCommand({
              ...{ repositoryName, imageTagMutability, imageScanningConfiguration, tags: tagList(tags) },
              encryptionConfiguration: encryptionConfigurations[0],
            }),
          );
          const { repositories = [] } = await aws.ecr.send(
            new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
          );
          const [repository] = repositories;
          assert.equal(repository?.imageTagMutability, imageTagMutability);
          assert.equal(repository.imageScanningConfiguration?.scanOnPush, imageScanningConfiguration.scanOnPush);
          if (name.includes("-boot-image-"))
            assert.match(plan.outputs.bootImage, new RegExp(`^${repository.repositoryUri ?? "none"}@sha256:`));
        });
      }
    });

    it("takes the roles, their policies and what is attached to whom", async () => {
      const names = plan.resources.filter(({ type }) => type.startsWith("aws:iam")).map(({ name }) => name);
      await judge(stack, names, by, async () => {
        await createIdentities(aws, plan);
        for (const { name, inputs } of resourcesOf(plan, ":Role").filter(({ type }) => type.startsWith("aws:iam"))) {
          const RoleName = physicalName(plan, name);
          assert.ok(RoleName.length <= 64, `${RoleName} is longer than 64 characters`);
          const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName }));
          const trust: unknown = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
          assert.deepEqual(trust, JSON.parse(inputs.assumeRolePolicy as string));
          const { AttachedPolicies = [] } = await aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
          const attached = resourcesOf(plan, ":RolePolicyAttachment").filter((one) => one.inputs.role === RoleName);
          assert.deepEqual(
            AttachedPolicies.map(({ PolicyArn }) => PolicyArn).sort(),
            attached.map((one) => one.inputs.policyArn).sort(),
          );
          assert.ok(attached.length <= 10, `${RoleName}: more than the 10 policies that AWS attaches`);
        }
        for (const { name, inputs } of resourcesOf(plan, ":Policy").filter(({ type }) => type.startsWith("aws:iam"))) {
          const PolicyArn = `arn:aws:iam::${accountId}:policy/${physicalName(plan, name)}`;
          const { Policy } = await aws.iam.send(new GetPolicyCommand({ PolicyArn }));
          const { PolicyVersion } = await aws.iam.send(
            new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
          );
          const document: unknown = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ""));
          assert.deepEqual(document, JSON.parse(inputs.policy as string));
        }
      });
    });

    it("takes the queue, its policy, the rules and their targets", async () => {
      const names = plan.resources.filter(({ type }) => /aws:(sqs|cloudwatch)/.test(type)).map(({ name }) => name);
      await judge(stack, names, by, async () => {
        const QueueUrl = await createInterruption(aws, plan);
        const { Attributes = {} } = await aws.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        const { inputs } = only(plan, ":Queue");
        assert.equal(Attributes.MessageRetentionPeriod, String(inputs.messageRetentionSeconds));
        assert.equal(Attributes.SqsManagedSseEnabled, String(inputs.sqsManagedSseEnabled));
        assert.deepEqual(
          JSON.parse(Attributes.Policy ?? ""),
          JSON.parse(only(plan, ":QueuePolicy").inputs.policy as string),
        );
        assert.ok((QueueUrl.split("/").pop() ?? "").length <= 80);
        for (const rule of resourcesOf(plan, ":EventRule")) {
          const Name = physicalName(plan, rule.name);
          assert.ok(Name.length <= 64, `${Name} is longer than 64 characters`);
          const { EventPattern, State } = await aws.events.send(new DescribeRuleCommand({ Name }));
          assert.deepEqual(JSON.parse(EventPattern ?? ""), JSON.parse(rule.inputs.eventPattern as string));
          assert.equal(State, "ENABLED");
          const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: Name }));
          assert.deepEqual(
            Targets.map(({ Arn }) => Arn),
            [Attributes.QueueArn],
          );
        }
      });
    });

    it("sends each kind of event through its own rule and no other", async () => {
      const rules = resourcesOf(plan, ":EventRule");
      const samples = sampleEvents();
      assert.deepEqual(
        rules.map(({ name }) => name.split("-").pop()).sort(),
        [...Object.keys(samples).filter((role) => role !== "other")].sort(),
      );
      await judge(
        stack,
        rules.map(({ name }) => name),
        "EventBridge's matcher of moto",
        async () => {
          for (const rule of rules) {
            const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName: queueOf(rule.name) }));
            const Rule = await createRule(aws, plan, rule);
            const Arn = `arn:aws:sqs:${region}:${accountId}:${queueOf(rule.name)}`;
            await aws.events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: "alone", Arn }] }));
            await receive(aws, QueueUrl);
          }
          for (const [role, event] of Object.entries(samples)) {
            await aws.events.send(new PutEventsCommand({ Entries: [event] }));
            const reached: string[] = [];
            for (const rule of rules) {
              const url = `${aws.endpoint}/${accountId}/${queueOf(rule.name)}`;
              if ((await receive(aws, url)) > 0) reached.push(rule.name.split("-").pop() ?? "");
            }
            assert.deepEqual(reached, role === "other" ? [] : [role], `the sample of ${role}`);
          }
        },
      );
    });

    it("takes the control plane's and the network's values", async () => {
      const { name, inputs } = only(plan, "eks:index:Cluster");
      await judge(stack, [name], `${by} (the control plane's part)`, async () => {
        for (const type of inputs.enabledClusterLogTypes as string[]) isOneOf(type, LogType);
        isOneOf(inputs.authenticationMode as string, AuthenticationMode);
        const ids = await createCluster(aws, plan);
        subnetIds = (inputs.privateSubnetIds as string[]).map((id) => ids[id] ?? "");
        const { cluster } = await aws.eks.send(new DescribeClusterCommand({ name: plan.outputs.clusterName }));
        assert.ok(cluster);
        assert.equal(cluster.version, inputs.version);
        assert.deepEqual(cluster.resourcesVpcConfig?.subnetIds, subnetIds);
        assert.deepEqual(cluster.tags, inputs.tags);
      });
      for (const { name: addOn, inputs: values } of resourcesOf(plan, ":Addon"))
        await judge(stack, [addOn], "enums of the AWS SDK", () => {
          isOneOf(values.resolveConflictsOnCreate as string, ResolveConflicts);
          isOneOf(values.resolveConflictsOnUpdate as string, ResolveConflicts);
        });
    });

    it("takes the managed node group and its launch template", async () => {
      const template = only(plan, ":LaunchTemplate");
      const group = only(plan, ":NodeGroup");
      await judge(stack, [template.name, group.name], by, async () => {
        const data = launchTemplateData(template.inputs);
        for (const { Ebs } of data.BlockDeviceMappings ?? []) isOneOf(Ebs?.VolumeType ?? "", VolumeType);
        const { LaunchTemplate } = await aws.ec2.send(
          new CreateLaunchTemplateCommand({ LaunchTemplateName: template.name, LaunchTemplateData: data }),
        );
        const { LaunchTemplateId = "" } = LaunchTemplate ?? {};
        const { LaunchTemplateVersions = [] } = await aws.ec2.send(
          new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }),
        );
        const stored = LaunchTemplateVersions[0]?.LaunchTemplateData;
        assert.equal(stored?.UserData, template.inputs.userData);
        assert.equal(stored?.ImageId, undefined, "with an image id EKS would merge nothing");
        assert.deepEqual(stored?.BlockDeviceMappings, data.BlockDeviceMappings);
        assert.deepEqual({ ...stored?.MetadataOptions }, data.MetadataOptions);
        const { amiType, version, releaseVersion, scalingConfig, nodeRoleArn, tags } =
          group.inputs as unknown as NodeGroup;
        isOneOf(amiType, AMITypes);
        const nodegroupName = group.name;
        await aws.eks.send(
          new CreateNodegroupCommand({
            ...{ clusterName: plan.outputs.clusterName, nodegroupName, nodeRole: nodeRoleArn, subnets: subnetIds },
            ...{ amiType, version, releaseVersion, scalingConfig, tags },
            instanceTypes: group.inputs.instanceTypes as string[],
            launchTemplate: { id: LaunchTemplateId, version: "1" },
          }),
        );
        const { nodegroup } = await aws.eks.send(
          new DescribeNodegroupCommand({ clusterName: plan.outputs.clusterName, nodegroupName }),
        );
        assert.equal(nodegroup?.amiType, amiType);
        assert.equal(nodegroup.version, version);
        assert.equal(nodegroup.releaseVersion, releaseVersion);
        assert.deepEqual(nodegroup.scalingConfig, scalingConfig);
        assert.deepEqual(nodegroup.instanceTypes, group.inputs.instanceTypes);
        assert.equal(nodegroup.launchTemplate?.id, LaunchTemplateId);
        isOneOf(nodegroup.capacityType ?? CapacityTypes.ON_DEMAND, CapacityTypes);
      });
    });
  });

describe("catalogue", () => {
  it("has the arm64 types with local NVMe of EC2's own list, and their figures", async () => {
    const aws = await startAws("catalogue", versionsOf("dev"));
    try {
      const theirs = (await arm64WithDisks(aws)).map(factsOf).sort(byName);
      const ours = instanceTypes.map(({ name, vcpu, memoryMiB, disks, diskGB }) => ({
        name,
        vcpu,
        memoryMiB,
        disks,
        diskGB,
      }));
      assert.deepEqual(ours.sort(byName), theirs);
    } finally {
      await aws.stop();
    }
  });
});

interface NodeGroup {
  amiType: AMITypes;
  version: string;
  releaseVersion: string;
  scalingConfig: { minSize: number; maxSize: number; desiredSize: number };
  nodeRoleArn: string;
  tags: Tags;
}

interface Facts {
  name: string;
  vcpu: number;
  memoryMiB: number;
  disks: number;
  diskGB: number;
}

async function arm64WithDisks(aws: Aws): Promise<InstanceTypeInfo[]> {
  const found: InstanceTypeInfo[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.ec2.send(
      new DescribeInstanceTypesCommand({ ...(NextToken !== undefined && { NextToken }) }),
    );
    found.push(...(page.InstanceTypes ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.filter(
    ({ ProcessorInfo, InstanceStorageInfo }) =>
      ProcessorInfo?.SupportedArchitectures?.includes("arm64") && InstanceStorageInfo?.NvmeSupport === "required",
  );
}

function factsOf({ InstanceType, VCpuInfo, MemoryInfo, InstanceStorageInfo }: InstanceTypeInfo): Facts {
  const [disk] = InstanceStorageInfo?.Disks ?? [];
  return {
    name: String(InstanceType),
    vcpu: VCpuInfo?.DefaultVCpus ?? 0,
    memoryMiB: MemoryInfo?.SizeInMiB ?? 0,
    disks: disk?.Count ?? 0,
    diskGB: disk?.SizeInGB ?? 0,
  };
}

function byName(left: Facts, right: Facts): number {
  return left.name < right.name ? -1 : 1;
}

/** One event of each kind as AWS documents it, keyed by the rule that must match it, and one for none. */
function sampleEvents(): Record<string, { Source: string; DetailType: string; Detail: string }> {
  const instance = "i-1234567890abcdef0";
  const event = (Source: string, DetailType: string, detail: object) => ({
    Source,
    DetailType,
    Detail: JSON.stringify(detail),
  });
  return {
    health: event("aws.health", "AWS Health Event", {
      ...{ service: "EC2", eventTypeCode: "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED" },
      ...{ eventTypeCategory: "issue", affectedEntities: [{ entityValue: instance }] },
    }),
    spot: event("aws.ec2", "EC2 Spot Instance Interruption Warning", {
      ...{ "instance-id": instance, "instance-action": "terminate" },
    }),
    rebalance: event("aws.ec2", "EC2 Instance Rebalance Recommendation", { "instance-id": instance }),
    state: event("aws.ec2", "EC2 Instance State-change Notification", { "instance-id": instance, state: "stopping" }),
    reservation: event("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning", {
      ...{ "instance-id": instance, "instance-action": "terminate" },
    }),
    other: event("aws.ec2", "EBS Volume Notification", { event: "createVolume" }),
  };
}

function queueOf(rule: string): string {
  return `${rule}-alone`;
}

/** Number of messages that were waiting; they are taken away. */
async function receive(aws: Aws, QueueUrl: string): Promise<number> {
  const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.length;
}

function launchTemplateData(inputs: Record<string, unknown>): RequestLaunchTemplateData {
  const { userData, metadataOptions, blockDeviceMappings, tagSpecifications } = inputs as unknown as {
    userData: string;
    metadataOptions: { httpEndpoint: "enabled"; httpTokens: "required"; httpPutResponseHopLimit: number };
    blockDeviceMappings: {
      deviceName: string;
      ebs: { volumeSize: number; volumeType: VolumeType; encrypted: string; deleteOnTermination: string };
    }[];
    tagSpecifications: { resourceType: "instance"; tags: Tags }[];
  };
  isOneOf(metadataOptions.httpTokens, LaunchTemplateHttpTokensState);
  isOneOf(metadataOptions.httpEndpoint, LaunchTemplateInstanceMetadataEndpointState);
  for (const { resourceType } of tagSpecifications) isOneOf(resourceType, ResourceType);
  return {
    UserData: userData,
    MetadataOptions: {
      HttpEndpoint: metadataOptions.httpEndpoint,
      HttpTokens: metadataOptions.httpTokens,
      HttpPutResponseHopLimit: metadataOptions.httpPutResponseHopLimit,
    },
    BlockDeviceMappings: blockDeviceMappings.map(({ deviceName, ebs }) => ({
      DeviceName: deviceName,
      Ebs: {
        VolumeSize: ebs.volumeSize,
        VolumeType: ebs.volumeType,
        Encrypted: ebs.encrypted === "true",
        DeleteOnTermination: ebs.deleteOnTermination === "true",
      },
    })),
    TagSpecifications: tagSpecifications.map(({ resourceType, tags }) => ({
      ResourceType: resourceType,
      Tags: tagList(tags),
    })),
  };
}

function isOneOf(value: string, choices: Record<string, string>): void {
  assert.ok(Object.values(choices).includes(value), `${value} is none of ${Object.values(choices).join(", ")}`);
}
