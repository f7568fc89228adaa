import { GetPolicyCommand, GetPolicyVersionCommand } from "@aws-sdk/client-iam";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderControllerPolicies } from "../../components/manifests/karpenter-policies";
import { accountId, region, startAws } from "./support/aws";
import type { Aws } from "./support/aws";
import { judge, report } from "./support/conformance";
import { planOf, resourcesOf, stacks } from "./support/plan";
import type { Plan } from "./support/plan";
import { physicalName } from "./support/planned-aws";
import { versionsOf } from "./support/settings";
import { root, run, stopsAfter } from "./support/process";
import { nodeTool } from "./support/tools";

type Context = Record<string, string | string[]>;
interface Policy {
  Version: string;
  Statement: { Sid?: string; Action: string | string[]; Resource?: string | string[]; Condition?: object }[];
}
interface Request {
  principal: string;
  action: string;
  resource: string;
  accountId: string;
  context: Context;
  identityPolicies: Policy[];
  resourcePolicy?: Policy;
}
interface Answer {
  decisions: string[];
  unknown: string[];
}
/** A request, what it says in its context, and whether it must be allowed. */
type Row = [allowed: boolean, action: string, resource: string, context?: Context];

/** AWS's limit of a managed policy, in characters without white space. */
const longestPolicy = 6144;
const by = "IAM evaluator (iam-simulate 0.1.173)";
const evaluator = nodeTool("iam");

/** Asks the evaluator, a program of its own. */
async function ask(requests: Request[], documents: { name: string; policy: Policy }[]): Promise<Answer> {
  const input = JSON.stringify({ requests, documents });
  return JSON.parse(await run("node", ["judge.mjs"], { cwd: evaluator, input })) as Answer;
}

for (const stack of stacks)
  describe(`IAM: ${stack}`, () => {
    let plan: Plan;
    const stopped = stopsAfter();
    let aws: Aws;
    before(async () => {
      plan = planOf(stack);
      aws = stopped(await startAws(`iam-${stack}`, versionsOf(stack)));
    });

    const policyNames = () =>
      resourcesOf(plan, ":Policy")
        .filter(({ type }) => type.startsWith("aws:iam"))
        .map(({ name }) => name);
    const roleArn = (of: string) =>
      `arn:aws:iam::${accountId}:role/${physicalName(plan, `fast-disks-karpenter-identity-${of}`)}`;

    it("knows every action, resource and condition key of our documents", async () => {
      const documents = documentsOf(plan);
      assert.ok(documents.length >= 9, `${documents.length} documents`);
      await judge(
        stack,
        documents.map(({ name }) => name),
        "AWS's list of IAM actions (iam-data)",
        async () => {
          assert.deepEqual((await ask([], documents)).unknown, []);
        },
      );
    });

    it("lets Karpenter do what it must, on what is its own, and nothing else", async () => {
      const rows = controllerRows(plan.outputs.clusterName, roleArn("node"), queueArn(plan));
      const policies = policyNames().map((name) => policyOf(plan, name, "policy"));
      await judge(stack, policyNames(), by, () =>
        decide(rows, (request) => ({ ...request, principal: roleArn("controller"), identityPolicies: policies })),
      );
      report(`${stack}: ${rows.length} requests of Karpenter's role decided as they must be`);
    });

    it("lets events into the queue, and nobody by plain HTTP", async () => {
      const resourcePolicy = policyOf(plan, "fast-disks-interruption-policy", "policy");
      const arn = queueArn(plan);
      const everything: Policy = {
        Version: "2012-10-17",
        Statement: [{ Sid: "All", Action: "*", Resource: "*", ...{ Effect: "Allow" } }],
      };
      const safe = { "aws:SecureTransport": "true" };
      const request = (principal: string, action: string, context: Context, identityPolicies: Policy[] = []) => ({
        ...{ principal, action, resource: arn, accountId, context, identityPolicies, resourcePolicy },
      });
      await judge(stack, ["fast-disks-interruption-policy"], by, async () => {
        const { decisions } = await ask(
          [
            request("events.amazonaws.com", "sqs:SendMessage", safe),
            request("sqs.amazonaws.com", "sqs:SendMessage", safe),
            request("events.amazonaws.com", "sqs:SendMessage", { "aws:SecureTransport": "false" }),
            request("events.amazonaws.com", "sqs:ReceiveMessage", safe),
            request("sns.amazonaws.com", "sqs:SendMessage", safe),
            request("arn:aws:iam::999999999999:role/stranger", "sqs:SendMessage", safe, [everything]),
            request(roleArn("controller"), "sqs:ReceiveMessage", safe, [everything]),
            request(roleArn("controller"), "sqs:ReceiveMessage", { "aws:SecureTransport": "false" }, [everything]),
          ],
          [],
        );
        assert.deepEqual(
          decisions.map((decision) => decision === "Allowed"),
          [true, true, false, false, false, false, true, false],
          decisions.join(),
        );
      });
    });

    it("lets instances be nodes and pods be Karpenter, and nobody else", async () => {
      const trusts: [name: string, service: string][] = [
        ["fast-disks-karpenter-identity-node", "ec2.amazonaws.com"],
        ["fast-disks-karpenter-identity-controller", "pods.eks.amazonaws.com"],
        ["fast-disks-system-role", "ec2.amazonaws.com"],
      ];
      for (const [name, service] of trusts)
        await judge(stack, [name], by, async () => {
          const services = ["ec2.amazonaws.com", "pods.eks.amazonaws.com", "lambda.amazonaws.com"];
          const { decisions } = await ask(
            services.map((principal) => ({
              principal,
              action: "sts:AssumeRole",
              resource: `arn:aws:iam::${accountId}:role/${physicalName(plan, name)}`,
              accountId,
              context: {},
              identityPolicies: [],
              resourcePolicy: policyOf(plan, name, "assumeRolePolicy"),
            })),
            [],
          );
          assert.deepEqual(
            services.filter((_, index) => decisions[index] === "Allowed"),
            [service],
            decisions.join(),
          );
        });
    });

    it("lets nodes join, pull their boot image and be reached, and start nothing", async () => {
      const rows = nodeRows(plan.outputs.clusterName);
      for (const of of ["fast-disks-karpenter-identity", "fast-disks-system"]) {
        const attached = resourcesOf(plan, ":RolePolicyAttachment").filter(
          ({ name, inputs }) => name.startsWith(of) && String(inputs.policyArn).startsWith("arn:aws:iam::aws:"),
        );
        const documents = await Promise.all(attached.map(({ inputs }) => managedPolicy(aws, String(inputs.policyArn))));
        await judge(
          stack,
          attached.map(({ name }) => name),
          `${by}, AWS's managed policies as moto has them`,
          async () => {
            assert.equal(attached.length, 4);
            await decide(rows, (request) => ({ ...request, principal: roleArn("node"), identityPolicies: documents }));
          },
        );
      }
    });
  });

describe("IAM: who deploys", () => {
  const policy = JSON.parse(readFileSync(join(root, "docs", "deployer-policy.json"), "utf8")) as Policy;

  it("knows every action, resource and condition key", async () => {
    assert.deepEqual((await ask([], [{ name: "deployer", policy }])).unknown, []);
  });

  it("lets make, change and delete what a plan has, pass its own roles, and nothing of others", async () => {
    const rows = deployerRows();
    const principal = `arn:aws:iam::${accountId}:role/deployer`;
    await decide(rows, (request) => ({ ...request, principal, identityPolicies: [policy] }));
    report(`${rows.length} requests of who deploys decided as they must be`);
  });
});

describe("IAM: sizes", () => {
  it("stays within AWS's limit for a cluster name of 100 characters", () => {
    const policies = renderControllerPolicies({
      partition: "aws-us-gov",
      region: "ap-southeast-1",
      accountId,
      clusterName: "n".repeat(100),
      queueArn: `arn:aws:sqs:ap-southeast-1:${accountId}:${"q".repeat(80)}`,
      nodeRoleArns: [`arn:aws-us-gov:iam::${accountId}:role/${"r".repeat(64)}`],
      onMaintenance: "replace",
    });
    const sizes = Object.entries(policies).map(([name, policy]) => [
      name,
      JSON.stringify(policy).replace(/\s/g, "").length,
    ]);
    assert.equal(sizes.length, 5);
    for (const [name, size] of sizes)
      assert.ok(Number(size) <= longestPolicy, `${name ?? ""} has ${size ?? ""} characters`);
    report(
      `longest policy for a cluster name of 100 characters: ${Math.max(...sizes.map(([, size]) => Number(size)))} of ${longestPolicy}`,
    );
  });

  it("names an action, a resource and a condition key that AWS does not have", async () => {
    const policy: Policy = {
      Version: "2012-10-17",
      Statement: [
        { Sid: "A", Action: ["ec2:RunInstance"], Resource: "*" },
        { Sid: "B", Action: "sqs:DeleteMessage", Resource: ["arn:aws:sns:us-east-1:123456789012:topic"] },
        { Sid: "C", Action: "ec2:RunInstances", Resource: ["arn:aws:ec2:us-east-1:*:instances/*"] },
        {
          Sid: "D",
          Action: "pricing:GetProducts",
          Resource: "*",
          Condition: { StringEquals: { "aws:RequestTag/a": "b" } },
        },
        {
          Sid: "E",
          Action: "sqs:DeleteMessage",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransports": "true" } },
        },
      ],
    };
    assert.deepEqual((await ask([], [{ name: "x", policy }])).unknown, [
      "x.A: no action ec2:RunInstance",
      "x.B: no resource arn:aws:sns:us-east-1:123456789012:topic",
      "x.C: no resource arn:aws:ec2:us-east-1:*:instances/*",
      "x.D: no condition key aws:RequestTag/a",
      "x.E: no condition key aws:SecureTransports",
    ]);
  });
});

async function decide(
  rows: Row[],
  complete: (request: Omit<Request, "principal" | "identityPolicies">) => Request,
): Promise<void> {
  const requests = rows.map(([, action, resource, context = {}]) =>
    complete({ action, resource, accountId: resource.split(":")[4] || accountId, context: { ...scope, ...context } }),
  );
  const { decisions } = await ask(requests, []);
  const wrong = rows.flatMap(([allowed, action, resource, context], index) =>
    (decisions[index] === "Allowed") === allowed && !decisions[index]?.startsWith("error")
      ? []
      : [`${action} on ${resource} with ${JSON.stringify(context)}: ${decisions[index] ?? "nothing"}`],
  );
  assert.deepEqual(wrong, []);
}

const scope: Context = { "aws:RequestedRegion": region };

/** What the provider calls for a chain, and what it must not get. */
function deployerRows(): Row[] {
  const of = (service: string, name: string) => `arn:aws:${service}:${region}:${accountId}:${name}`;
  const iam = (name: string) => `arn:aws:iam::${accountId}:${name}`;
  const own = iam("role/fast-disks-karpenter-identity-controller-0123456");
  const to = (service: string): Context => ({ "iam:PassedToService": service });
  const linked = (service: string): Context => ({ "iam:AWSServiceName": service });
  const cluster = of("eks", "cluster/dev");
  return [
    [true, "eks:CreateCluster", "*"],
    ...["DescribeCluster", "UpdateClusterVersion", "DeleteCluster", "CreateNodegroup"].map((action): Row => [
      true,
      `eks:${action}`,
      cluster,
    ]),
    [true, "eks:CreateAddon", cluster],
    [true, "eks:CreatePodIdentityAssociation", cluster],
    [true, "eks:CreateAccessEntry", cluster],
    [true, "ec2:CreateVpc", of("ec2", "vpc/vpc-1")],
    [true, "ec2:DeleteSubnet", of("ec2", "subnet/subnet-1")],
    [true, "ec2:CreateLaunchTemplate", of("ec2", "launch-template/lt-1")],
    [true, "sqs:SetQueueAttributes", of("sqs", "fast-disks-interruption-queue")],
    [true, "events:PutTargets", of("events", "rule/fast-disks-interruption-spot")],
    [true, "logs:PutRetentionPolicy", of("logs", "log-group:/aws/eks/dev/cluster")],
    [true, "ecr:PutImage", of("ecr", "repository/fast-disks-boot-image")],
    [true, "iam:CreateRole", own],
    [true, "iam:AttachRolePolicy", own],
    [true, "iam:CreatePolicy", iam("policy/fast-disks-karpenter-identity-eks-0123456")],
    [false, "iam:CreateRole", iam("role/admin")],
    [false, "iam:UpdateAssumeRolePolicy", iam("role/admin")],
    [false, "iam:CreatePolicyVersion", iam("policy/everything")],
    [false, "iam:CreateUser", iam("user/fast-disks-x")],
    [false, "iam:CreateAccessKey", iam("user/somebody")],
    [true, "iam:PassRole", own, to("pods.eks.amazonaws.com")],
    [true, "iam:PassRole", own, to("eks.amazonaws.com")],
    [false, "iam:PassRole", own, to("lambda.amazonaws.com")],
    [false, "iam:PassRole", iam("role/admin"), to("eks.amazonaws.com")],
    [
      true,
      "iam:CreateServiceLinkedRole",
      iam("role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"),
      linked("eks.amazonaws.com"),
    ],
    [
      false,
      "iam:CreateServiceLinkedRole",
      iam("role/aws-service-role/ops.amazonaws.com/x"),
      linked("ops.amazonaws.com"),
    ],
    [false, "s3:GetObject", "arn:aws:s3:::bucket/key"],
    [false, "ec2:TerminateInstances", of("ec2", "instance/i-1")],
    [false, "rds:DeleteDBInstance", of("rds", "db:x")],
    [false, "ssm:GetParameter", of("ssm", "parameter/secrets/x")],
  ];
}

/** What Karpenter asks EC2, IAM, EKS, SQS, SSM and pricing for, and what it must not get. */
function controllerRows(cluster: string, nodeRole: string, queue: string): Row[] {
  const ec2 = (kind: string, account = accountId) => `arn:aws:ec2:${region}:${account}:${kind}`;
  const owner = `kubernetes.io/cluster/${cluster}`;
  const tags = (source: string, values: Record<string, string>): Context =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`aws:${source}Tag/${key}`, value]));
  const marks = { [owner]: "owned", "eks:eks-cluster-name": cluster, "karpenter.sh/nodepool": "fast" };
  const requested = tags("Request", marks);
  const owned = tags("Resource", marks);
  const foreign = tags("Resource", { "kubernetes.io/cluster/other": "owned", "karpenter.sh/nodepool": "fast" });
  const unpooled = tags("Resource", { [owner]: "owned" });
  const profile = `arn:aws:iam::${accountId}:instance-profile/karpenter/${region}/${cluster}/x/profile`;
  const spotRole = `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;
  const profileMarks = {
    [owner]: "owned",
    "eks:eks-cluster-name": cluster,
    "topology.kubernetes.io/region": region,
    "karpenter.k8s.aws/ec2nodeclass": "fast",
  };
  const elsewhere = { ...profileMarks, "topology.kubernetes.io/region": "eu-west-1" };
  const nodeService = { "iam:PassedToService": "ec2.amazonaws.com" };
  const created = (action: string): Context => ({ ...requested, "ec2:CreateAction": action });
  const naming: Context = { "aws:TagKeys": ["karpenter.sh/nodeclaim", "Name", "eks:eks-cluster-name"] };
  const made = ["instance/i-1", "volume/vol-1", "network-interface/eni-1", "spot-instances-request/sir-1"];
  const describes = ["CapacityReservations", "Images", "Instances", "InstanceStatus", "InstanceTypeOfferings"];
  const furthermore = [
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
  ];
  return [
    // Starting nodes.
    ...["RunInstances", "CreateFleet"].flatMap((action): Row[] => [
      [true, `ec2:${action}`, `arn:aws:ec2:${region}::image/ami-1`],
      [true, `ec2:${action}`, ec2("subnet/subnet-1")],
      [true, `ec2:${action}`, ec2("launch-template/lt-1"), owned],
      [false, `ec2:${action}`, ec2("launch-template/lt-1"), foreign],
      [false, `ec2:${action}`, ec2("launch-template/lt-1")],
      [true, `ec2:${action}`, ec2("instance/i-1"), requested],
      [false, `ec2:${action}`, ec2("instance/i-1")],
      [false, `ec2:${action}`, ec2("instance/i-1"), tags("Request", { ...marks, [owner]: "shared" })],
      [
        false,
        `ec2:${action}`,
        ec2("instance/i-1"),
        tags("Request", { [owner]: "owned", "eks:eks-cluster-name": cluster }),
      ],
      [true, `ec2:${action}`, ec2("volume/vol-1"), requested],
    ]),
    [true, "ec2:RunInstances", ec2("security-group/sg-1")],
    [true, "ec2:RunInstances", ec2("network-interface/eni-1"), requested],
    [true, "ec2:RunInstances", ec2("spot-instances-request/sir-1"), requested],
    [true, "ec2:RunInstances", ec2("capacity-reservation/cr-1")],
    [true, "ec2:CreateFleet", ec2("fleet/fleet-1"), requested],
    [false, "ec2:CreateFleet", ec2("fleet/fleet-1")],
    [true, "ec2:CreateLaunchTemplate", ec2("launch-template/lt-1"), requested],
    [false, "ec2:CreateLaunchTemplate", ec2("launch-template/lt-1")],
    [
      false,
      "ec2:RunInstances",
      "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1",
      { "aws:RequestedRegion": "eu-west-1" },
    ],
    // Tagging what is made, and its own instances afterwards.
    ...made.map((kind): Row => [true, "ec2:CreateTags", ec2(kind), created("RunInstances")]),
    [true, "ec2:CreateTags", ec2("fleet/fleet-1"), created("CreateFleet")],
    [true, "ec2:CreateTags", ec2("launch-template/lt-1"), created("CreateLaunchTemplate")],
    [false, "ec2:CreateTags", ec2("volume/vol-1"), created("CreateVolume")],
    [false, "ec2:CreateTags", ec2("volume/vol-1"), requested],
    [true, "ec2:CreateTags", ec2("instance/i-1"), { ...owned, ...naming }],
    [false, "ec2:CreateTags", ec2("instance/i-1"), { ...foreign, ...naming }],
    [false, "ec2:CreateTags", ec2("instance/i-1"), { ...owned, "aws:TagKeys": ["karpenter.sh/nodepool"] }],
    [
      false,
      "ec2:CreateTags",
      ec2("instance/i-1"),
      { ...owned, ...naming, "aws:RequestTag/eks:eks-cluster-name": "other" },
    ],
    [false, "ec2:DeleteTags", ec2("instance/i-1"), owned],
    // Ending them.
    [true, "ec2:TerminateInstances", ec2("instance/i-1"), owned],
    [false, "ec2:TerminateInstances", ec2("instance/i-1"), foreign],
    [false, "ec2:TerminateInstances", ec2("instance/i-1"), unpooled],
    [false, "ec2:TerminateInstances", ec2("instance/i-1")],
    [true, "ec2:DeleteLaunchTemplate", ec2("launch-template/lt-1"), owned],
    [false, "ec2:DeleteLaunchTemplate", ec2("launch-template/lt-1"), foreign],
    [false, "ec2:StopInstances", ec2("instance/i-1"), owned],
    [false, "ec2:DeleteVolume", ec2("volume/vol-1"), owned],
    // The nodes' role and its instance profiles.
    [true, "iam:PassRole", nodeRole, nodeService],
    [false, "iam:PassRole", nodeRole, { "iam:PassedToService": "lambda.amazonaws.com" }],
    [false, "iam:PassRole", nodeRole],
    [false, "iam:PassRole", `arn:aws:iam::${accountId}:role/admin`, nodeService],
    [true, "iam:CreateInstanceProfile", profile, tags("Request", profileMarks)],
    [false, "iam:CreateInstanceProfile", profile],
    [false, "iam:CreateInstanceProfile", profile, tags("Request", elsewhere)],
    [true, "iam:TagInstanceProfile", profile, { ...tags("Request", profileMarks), ...tags("Resource", profileMarks) }],
    [false, "iam:TagInstanceProfile", profile, tags("Request", profileMarks)],
    ...["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"].flatMap(
      (action): Row[] => [
        [true, `iam:${action}`, profile, tags("Resource", profileMarks)],
        [false, `iam:${action}`, profile, tags("Resource", elsewhere)],
      ],
    ),
    [true, "iam:GetInstanceProfile", profile],
    [true, "iam:ListInstanceProfiles", "*"],
    [true, "iam:CreateServiceLinkedRole", spotRole, { "iam:AWSServiceName": "spot.amazonaws.com" }],
    [false, "iam:CreateServiceLinkedRole", spotRole, { "iam:AWSServiceName": "ecs.amazonaws.com" }],
    [false, "iam:CreateRole", `arn:aws:iam::${accountId}:role/admin`],
    [false, "iam:AttachRolePolicy", nodeRole],
    // Reading.
    ...[...describes, ...furthermore].map((kind): Row => [true, `ec2:Describe${kind}`, "*"]),
    [false, "ec2:DescribeInstances", "*", { "aws:RequestedRegion": "eu-west-1" }],
    [false, "ec2:DescribeVpcs", "*"],
    [true, "eks:DescribeCluster", `arn:aws:eks:${region}:${accountId}:cluster/${cluster}`],
    [false, "eks:DescribeCluster", `arn:aws:eks:${region}:${accountId}:cluster/other`],
    [false, "eks:DeleteCluster", `arn:aws:eks:${region}:${accountId}:cluster/${cluster}`],
    ...["DeleteMessage", "GetQueueUrl", "ReceiveMessage"].map((action): Row => [true, `sqs:${action}`, queue]),
    [false, "sqs:ReceiveMessage", `arn:aws:sqs:${region}:${accountId}:other`],
    [false, "sqs:SendMessage", queue],
    [false, "sqs:DeleteQueue", queue],
    // The evaluator knows no ARN without an account, so AWS's own parameters cannot be asked for.
    [false, "ssm:GetParameter", `arn:aws:ssm:${region}:${accountId}:parameter/database/password`],
    [false, "ssm:PutParameter", `arn:aws:ssm:${region}:${accountId}:parameter/aws/service/x`],
    [true, "pricing:GetProducts", "*"],
    [false, "s3:GetObject", "arn:aws:s3:::bucket/key"],
  ];
}

function nodeRows(cluster: string): Row[] {
  const repository = `arn:aws:ecr:${region}:${accountId}:repository/fast-disks-boot-image-repository`;
  return [
    [true, "eks:DescribeCluster", `arn:aws:eks:${region}:${accountId}:cluster/${cluster}`],
    [true, "ec2:DescribeInstances", "*"],
    [true, "ecr:GetAuthorizationToken", "*"],
    [true, "ecr:BatchGetImage", repository],
    [true, "ecr:GetDownloadUrlForLayer", repository],
    [true, "ec2:AssignPrivateIpAddresses", `arn:aws:ec2:${region}:${accountId}:network-interface/eni-1`],
    [true, "ssm:UpdateInstanceInformation", `arn:aws:ec2:${region}:${accountId}:instance/i-1`],
    [true, "ssmmessages:OpenDataChannel", "*"],
    [false, "ecr:PutImage", repository],
    [false, "ecr:DeleteRepository", repository],
    [false, "ec2:RunInstances", `arn:aws:ec2:${region}:${accountId}:instance/i-1`],
    [false, "ec2:TerminateInstances", `arn:aws:ec2:${region}:${accountId}:instance/i-1`],
    [false, "iam:PassRole", `arn:aws:iam::${accountId}:role/admin`],
    [false, "s3:GetObject", "arn:aws:s3:::bucket/key"],
  ];
}

function documentsOf(plan: Plan): { name: string; policy: Policy }[] {
  return plan.resources.flatMap(({ name, type, inputs }) =>
    /iam\/(policy|role):|queuePolicy/.test(type)
      ? ["policy", "assumeRolePolicy"]
          .filter((input) => typeof inputs[input] === "string")
          .map((input) => ({ name, policy: policyOf(plan, name, input) }))
      : [],
  );
}

function policyOf(plan: Plan, name: string, input: string): Policy {
  const text = plan.resources.find((resource) => resource.name === name && resource.inputs[input])?.inputs[input];
  assert.equal(typeof text, "string", `${name} has no ${input}`);
  return JSON.parse(text as string) as Policy;
}

function queueArn(plan: Plan): string {
  return `arn:aws:sqs:${region}:${accountId}:${physicalName(plan, "fast-disks-interruption-queue")}`;
}

async function managedPolicy(aws: Aws, PolicyArn: string): Promise<Policy> {
  const { Policy: policy } = await aws.iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await aws.iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: policy?.DefaultVersionId }),
  );
  return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "{}")) as Policy;
}
