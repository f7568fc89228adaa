import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from "@aws-sdk/client-ec2";
import type { Instance, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { parse as parseToml } from "@iarna/toml";
import assert from "node:assert/strict";
import type { Aws } from "./support/aws";
import { applyPlanned, ready, startPlanned } from "./support/cluster";
import { judge, report } from "./support/conformance";
import type { ControlPlane } from "./support/control-plane";
import { eventually } from "./support/eventually";
import { exampleFor } from "./support/examples";
import { startKarpenter } from "./support/karpenter";
import type { KubernetesObject } from "./support/kubernetes-api";
import { objectOf, planOf, stacks } from "./support/plan";
import type { Plan } from "./support/plan";
import { stopsAfter } from "./support/process";
import { goProgram } from "./support/tools";

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}
interface NodeClaim extends KubernetesObject {
  spec: { requirements: Requirement[]; taints?: object[]; nodeClassRef: { name: string } };
  status?: { providerID?: string; conditions?: Condition[] };
}
interface UserData {
  settings: { kubernetes: Record<string, Record<string, unknown> | undefined> };
}
interface Condition {
  type: string;
  status: string;
  message?: string;
}

const by = "Karpenter 1.14.0 AWS controller, moto";
const controller = goProgram("karpenter-controller");

for (const stack of stacks)
  describe(`Karpenter's AWS controller: ${stack}`, () => {
    let plan: Plan;
    let cluster: ControlPlane;
    let aws: Aws;
    const stopped = stopsAfter();
    const pools = () => Object.keys(plan.objects).filter((name) => plan.objects[name]?.kind === "NodePool");
    const className = (pool: string) => pool.replace(/-pool$/, "-class");

    before(async () => {
      const planned = await startPlanned(`karpenter-${stack}`, planOf(stack), stopped);
      ({ plan, cluster, aws } = planned);
      stopped(await startKarpenter(`karpenter-${stack}`, controller, planned));
      await applyPlanned(planned, ["EC2NodeClass", "NodePool", "StorageClass"]);
    });

    it("finds each EC2NodeClass and NodePool ready", async () => {
      for (const pool of pools())
        for (const name of [className(pool), pool])
          await judge(stack, [name], by, () => ready(cluster, objectOf(plan, name)));
    });

    it("starts a node for a pending pod of the example, of exactly the types that the catalogue predicts", async () => {
      for (const pool of pools())
        await judge(stack, [pool], by, async () => {
          const labels = (objectOf(plan, pool).spec as { template: { metadata: { labels: Record<string, string> } } })
            .template.metadata.labels;
          const storageClass = labels["eks-fast-disks/class"] ?? "";
          for (const object of exampleFor(storageClass)) await cluster.api.apply(object);
          const claim = await claimOf(cluster, pool, plan);
          const chosen = valuesOf(claim, "node.kubernetes.io/instance-type");
          assert.deepEqual(chosen, predictedTypes(plan, pool), "the types differ from those that the plan prints");
          assert.deepEqual(await withLocalNvme(aws, chosen), chosen, "a type has no local NVMe");
          assert.deepEqual(claim.spec.taints, [
            { key: "eks-fast-disks/class", value: storageClass, effect: "NoSchedule" },
          ]);
        });
    });

    it("gives the node the user data, volumes, metadata options and tags that were rendered", async () => {
      for (const pool of pools())
        await judge(stack, [className(pool)], by, async () => {
          const nodeClass = objectOf(plan, className(pool));
          const { data: template, merged } = await templateOf(aws, objectOf(plan, pool).metadata.name);
          const rendered = parseToml(plan.userData[className(pool)] ?? "");
          assert.ok(Object.keys(rendered).length > 0);
          assert.deepEqual(lost(rendered, merged), [], "Karpenter's merge lost settings");
          const spec = nodeClass.spec as {
            blockDeviceMappings: { deviceName: string; ebs: Record<string, unknown> }[];
            metadataOptions: Record<string, unknown>;
            tags: Record<string, string>;
          };
          assert.deepEqual(
            template.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => ({
              deviceName: DeviceName,
              ebs: {
                volumeSize: `${Ebs?.VolumeSize ?? 0}Gi`,
                volumeType: Ebs?.VolumeType,
                encrypted: Ebs?.Encrypted,
                deleteOnTermination: Ebs?.DeleteOnTermination,
              },
            })),
            spec.blockDeviceMappings,
          );
          assert.deepEqual(
            {
              httpEndpoint: template.MetadataOptions?.HttpEndpoint,
              httpProtocolIPv6: template.MetadataOptions?.HttpProtocolIpv6,
              httpPutResponseHopLimit: template.MetadataOptions?.HttpPutResponseHopLimit,
              httpTokens: template.MetadataOptions?.HttpTokens,
            },
            spec.metadataOptions,
          );
          const storageClass = (
            objectOf(plan, pool).spec as { template: { metadata: { labels: Record<string, string> } } }
          ).template.metadata.labels["eks-fast-disks/class"];
          const { kubernetes } = merged.settings;
          assert.deepEqual(kubernetes["node-taints"]?.["eks-fast-disks/class"], [`${storageClass ?? ""}:NoSchedule`]);
          assert.equal(kubernetes["node-labels"]?.["eks-fast-disks/class"], storageClass);
          const instance = await instanceOf(aws, await claimOf(cluster, pool, plan));
          const tagged = [{ ResourceType: "instance", Tags: instance.Tags }, ...(template.TagSpecifications ?? [])];
          assert.ok(tagged.length >= 3, `${tagged.length} kinds of things are tagged`);
          for (const { ResourceType, Tags = [] } of tagged)
            for (const [key, value] of Object.entries(spec.tags))
              assert.equal(Tags.find(({ Key }) => Key === key)?.Value, value, `${String(ResourceType)}: tag ${key}`);
        });
    });

    it("replaces a node whose spot warning comes through our rules to our queue", async () => {
      const rules = plan.resources.filter(({ type }) => /cloudwatch|sqs/.test(type)).map(({ name }) => name);
      await judge(stack, rules, "EventBridge and SQS of moto, Karpenter's reader", async () => {
        const [pool = ""] = pools();
        const lostClaim = await claimOf(cluster, pool, plan);
        const instance = lostClaim.status?.providerID?.split("/").pop() ?? "";
        const claims = await cluster.api.list("karpenter.sh/v1", "NodeClaim");
        const before = new Set(claims.map(({ metadata }) => metadata.name));
        const start = Date.now();
        await aws.events.send(
          new PutEventsCommand({
            Entries: [
              {
                Source: "aws.ec2",
                DetailType: "EC2 Spot Instance Interruption Warning",
                Detail: JSON.stringify({ "instance-id": instance, "instance-action": "terminate" }),
              },
            ],
          }),
        );
        const next = await eventually("a NodeClaim in the place of the lost one", async () => {
          const claims = await cluster.api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim");
          const gone = claims.every(({ metadata }) => metadata.name !== lostClaim.metadata.name);
          return gone && claims.find(({ metadata, status }) => !before.has(metadata.name) && status?.providerID);
        });
        await eventually("the lost instance is terminated", async () => {
          const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
          return Reservations[0]?.Instances?.[0]?.State?.Name !== "running";
        });
        assert.notEqual(next.status?.providerID, lostClaim.status?.providerID);
        report(
          `${stack}: a spot warning led to a NodeClaim in the place of the lost one after ${((Date.now() - start) / 1000).toFixed(1)} s`,
        );
      });
    });
  });

/** The launched NodeClaim of a pool. */
function claimOf(cluster: ControlPlane, pool: string, plan: Plan): Promise<NodeClaim> {
  const name = plan.objects[pool]?.metadata.name;
  return eventually(`a NodeClaim of ${pool}`, async () =>
    (await cluster.api.list<NodeClaim>("karpenter.sh/v1", "NodeClaim")).find(
      ({ metadata, status }) =>
        metadata.labels?.["karpenter.sh/nodepool"] === name &&
        metadata.deletionTimestamp === undefined &&
        status?.providerID !== undefined,
    ),
  );
}

async function instanceOf(aws: Aws, claim: NodeClaim): Promise<Instance> {
  const id = claim.status?.providerID?.split("/").pop() ?? "";
  const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations[0]?.Instances?.[0];
  assert.ok(instance, `${claim.metadata.name}: no instance ${id}`);
  return instance;
}

function valuesOf(claim: NodeClaim, key: string): string[] {
  return claim.spec.requirements
    .filter((requirement) => requirement.key === key && requirement.operator === "In")
    .flatMap(({ values = [] }) => values)
    .sort();
}

/** The types that `npm start` prints for a pool. */
function predictedTypes(plan: Plan, pool: string): string[] {
  const name = pool.replace(/^fast-disks-(.*)-pool$/, "$1");
  const line = plan.text.split("\n").find((it) => it.trim().startsWith(`${name}: `));
  assert.ok(line, `${plan.stack}: the plan prints no types of pool ${name}`);
  return (line.split(": ")[1] ?? "").trim().split(" ").sort();
}

async function withLocalNvme(aws: Aws, types: string[]): Promise<string[]> {
  const { InstanceTypes = [] } = await aws.ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: types as "c7gd.xlarge"[] }),
  );
  return InstanceTypes.filter(({ InstanceStorageInfo }) => InstanceStorageInfo?.NvmeSupport === "required")
    .map(({ InstanceType }) => String(InstanceType))
    .sort();
}

/** The template with which a node of the pool was started; Karpenter makes others when it validates the class. */
async function templateOf(aws: Aws, pool: string): Promise<{ data: ResponseLaunchTemplateData; merged: UserData }> {
  const { LaunchTemplates = [] } = await aws.ec2.send(new DescribeLaunchTemplatesCommand({}));
  for (const { LaunchTemplateId } of LaunchTemplates) {
    const { LaunchTemplateVersions = [] } = await aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }),
    );
    const data = LaunchTemplateVersions[0]?.LaunchTemplateData ?? {};
    const merged = parseToml(Buffer.from(data.UserData ?? "", "base64").toString()) as unknown as UserData;
    if (merged.settings.kubernetes["node-labels"]?.["karpenter.sh/nodepool"] === pool) return { data, merged };
  }
  throw new Error(`no launch template has started a node of ${pool}`);
}

/** Paths of settings that are no longer what they were. */
function lost(before: object, after: unknown, path = ""): string[] {
  return Object.entries(before).flatMap(([key, value]) => {
    const here = `${path}${key}`;
    const other = (after as Record<string, unknown> | undefined)?.[key];
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return lost(value as object, other, `${here}.`);
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [`${here}: ${JSON.stringify(other)}`];
  });
}
