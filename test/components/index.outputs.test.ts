import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import {
  AddOns,
  BootImage,
  Cluster,
  DiskController,
  ExistingCluster,
  FastDisks,
  InterruptionQueue,
  Karpenter,
  KarpenterIdentity,
  LocalVolumes,
  Monitoring,
  Network,
  NodeCleanup,
  NodePool,
  SystemNodes,
} from "../../components";
import type { ClusterArgs, NodePoolArgs, SystemNodesArgs } from "../../components";
import type { Graph } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { all, only, record, settingsOf } from "../support/record";

const elsewhereType = "test:index:Elsewhere";

/** A resource of the user's program: its value is known, or, on a first preview, only `up` will know it. */
class Elsewhere<T> extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<T>;
  constructor(name: string, stated: T) {
    super(elsewhereType, name, { stated, value: undefined });
  }
}

let count = 0;
function from<T>(value: T): pulumi.Output<T> {
  return new Elsewhere(`elsewhere-${count++}`, value).value;
}

class Mocks extends Placeholders {
  constructor(private readonly known: boolean) {
    super("us-east-1");
  }
  override newResource(args: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
    if (args.type !== elsewhereType) return super.newResource(args);
    const { stated } = args.inputs as { stated: unknown };
    return { id: args.name, state: this.known ? { value: stated } : {} };
  }
}

const kubernetesVersion = "1.35";
const digest = `registry.example/boot@sha256:${"0".repeat(64)}`;
const cluster = (own: Partial<ClusterArgs>) =>
  new Cluster("x", {
    name: "dev",
    kubernetesVersion,
    privateOnly: true,
    vpcId: "vpc-01234567",
    subnetIds: ["subnet-01234567", "subnet-89abcdef"],
    ...own,
  });
const nodes = (own: Partial<SystemNodesArgs>) =>
  new SystemNodes("x", {
    clusterName: "dev",
    subnetIds: ["subnet-01234567"],
    kubernetesVersion,
    bottlerocketVersion: "1.66.0",
    ...own,
  });
const pool = (own: Partial<NodePoolArgs>) =>
  new NodePool("x", {
    instanceTypes: ["c8gd.xlarge"],
    bootImage: digest,
    bottlerocketVersion: "1.66.0",
    role: "role",
    subnetSelectorTerms: [{ id: "subnet-01234567" }],
    securityGroupSelectorTerms: [{ id: "sg-01234567" }],
    ...own,
  });
const input = (type: string, key: string, name?: RegExp) => (graph: Graph) => only(graph, type, name).inputs[key];
const spec = (type: string, key: string) => (graph: Graph) =>
  (only(graph, type).inputs.spec as Record<string, unknown>)[key];
const nodeClass = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const nodePool = "kubernetes:karpenter.sh/v1:NodePool";
const group = "aws:eks/nodeGroup:NodeGroup";
const control = "eks:index:Cluster";
const release = "kubernetes:helm.sh/v3:Release";

/** What, how it is constructed with an Output, where its plain value arrives, and which. */
const constructions: [what: string, construct: () => unknown, read: (graph: Graph) => unknown, value: unknown][] = [
  [
    "AddOns: cluster name",
    () => new AddOns("x", { clusterName: from("dev"), kubernetesVersion, versions: { coredns: "most-recent" } }),
    input("aws:eks/addon:Addon", "clusterName"),
    "dev",
  ],
  [
    "AddOns: Kubernetes version and add-on version",
    () => {
      const versions = { coredns: from("v1.2.3-eksbuild.1") };
      return new AddOns("x", { clusterName: "dev", kubernetesVersion: from(kubernetesVersion), versions });
    },
    input("aws:eks/addon:Addon", "addonVersion"),
    "v1.2.3-eksbuild.1",
  ],
  [
    "BootImage: tags",
    () => new BootImage("x", { tags: from({ t: "v" }) }),
    input("aws:ecr/repository:Repository", "tags"),
    { t: "v" },
  ],
  [
    "BootImage: value of one tag",
    () => new BootImage("x", { tags: { t: from("v") } }),
    input("aws:ecr/repository:Repository", "tags"),
    { t: "v" },
  ],
  ["Cluster: name", () => cluster({ name: from("dev") }), input(control, "name"), "dev"],
  ["Cluster: VPC", () => cluster({ vpcId: from("vpc-01234567") }), input(control, "vpcId"), "vpc-01234567"],
  [
    "Cluster: list of subnets",
    () => cluster({ subnetIds: from(["subnet-01234567", "subnet-89abcdef"]) }),
    input(control, "privateSubnetIds"),
    ["subnet-01234567", "subnet-89abcdef"],
  ],
  [
    "Cluster: one subnet of a list",
    () => cluster({ subnetIds: [from("subnet-01234567"), "subnet-89abcdef"] }),
    input(control, "privateSubnetIds"),
    ["subnet-01234567", "subnet-89abcdef"],
  ],
  [
    "Cluster: network ranges",
    () => cluster({ privateOnly: from(false), publicAccessCidrs: from(["192.0.2.1/32"]) }),
    input(control, "publicAccessCidrs"),
    ["192.0.2.1/32"],
  ],
  [
    "Cluster: ARN of an admin",
    () => cluster({ admins: { ops: from("arn:aws:iam::123456789012:role/ops") } }),
    input("aws:eks/accessEntry:AccessEntry", "principalArn"),
    "arn:aws:iam::123456789012:role/ops",
  ],
  [
    "Cluster: retention",
    () => cluster({ logRetentionDays: from(90) }),
    input("aws:cloudwatch/logGroup:LogGroup", "retentionInDays"),
    90,
  ],
  [
    "InterruptionQueue: tags",
    () => new InterruptionQueue("x", { tags: from({ t: "v" }) }),
    input("aws:sqs/queue:Queue", "tags"),
    { t: "v" },
  ],
  [
    "ExistingCluster: name",
    () => {
      const { clusterName } = new ExistingCluster("x", { name: from("prod") });
      return new KarpenterIdentity("y", { clusterName, queueArn: "arn" });
    },
    input("aws:eks/podIdentityAssociation:PodIdentityAssociation", "clusterName"),
    "prod",
  ],
  [
    "Karpenter: cluster name and queue",
    () => new Karpenter("x", { version: "1.14.0", clusterName: from("dev"), interruptionQueue: from("queue") }),
    (graph) => (only(graph, release, /controller/).inputs.values as { settings?: unknown } | undefined)?.settings,
    { clusterName: "dev", interruptionQueue: "queue" },
  ],
  [
    "Karpenter: version",
    () => new Karpenter("x", { version: from("1.14.0"), clusterName: "dev", interruptionQueue: "queue" }),
    input(release, "version", /crds/),
    "1.14.0",
  ],
  [
    "KarpenterIdentity: cluster name and queue ARN",
    () => new KarpenterIdentity("x", { clusterName: from("dev"), queueArn: from("arn") }),
    input("aws:eks/podIdentityAssociation:PodIdentityAssociation", "clusterName"),
    "dev",
  ],
  [
    "KarpenterIdentity: instance profiles",
    () => new KarpenterIdentity("x", { clusterName: "dev", queueArn: "arn", instanceProfiles: from(["ready"]) }),
    (graph) => /"[^"]*role\/ready-role"/.exec(String(only(graph, "aws:iam/policy:Policy", /-iam$/).inputs.policy))?.[0],
    '"arn:aws:iam::123456789012:role/ready-role"',
  ],
  [
    "LocalVolumes: reclaim policy",
    () => new LocalVolumes("x", { storageClasses: { a: { reclaimPolicy: from("Retain" as const) } } }),
    input("kubernetes:storage.k8s.io/v1:StorageClass", "reclaimPolicy"),
    "Retain",
  ],
  [
    "LocalVolumes: wipe",
    () => new LocalVolumes("x", { storageClasses: { a: { wipe: from("zero" as const) } } }),
    (graph) =>
      (only(graph, release, /-a$/).inputs.values as { classes?: { blockCleanerCommand: unknown }[] } | undefined)
        ?.classes?.[0]?.blockCleanerCommand,
    ["/scripts/dd_zero.sh", "1"],
  ],
  [
    "Network: cluster name",
    () => new Network("x", { clusterName: from("dev"), newVpc: { zones: 2 } }),
    (graph) =>
      (only(graph, "aws:ec2/subnet:Subnet", /private-0/).inputs.tags as Record<string, string> | undefined)?.[
        "karpenter.sh/discovery"
      ],
    "dev",
  ],
  [
    "Network: range of a new VPC",
    () => new Network("x", { clusterName: "dev", newVpc: { cidrBlock: from("10.1.0.0/16") } }),
    input("aws:ec2/subnet:Subnet", "cidrBlock", /private-1/),
    "10.1.32.0/19",
  ],
  [
    "Network: existing VPC and subnets, given on to a node group",
    () => {
      const existingVpc = { vpcId: from("vpc-01234567"), subnetIds: from(["subnet-01234567", "subnet-89abcdef"]) };
      return nodes({ subnetIds: new Network("n", { clusterName: "dev", existingVpc }).subnetIds });
    },
    input(group, "subnetIds"),
    ["subnet-01234567", "subnet-89abcdef"],
  ],
  [
    "Network: tags of an existing VPC's subnets",
    () => {
      const existingVpc = { vpcId: from("vpc-01234567"), subnets: [{ tags: { Name: from("a") } }] };
      return nodes({ subnetIds: new Network("n", { clusterName: "dev", existingVpc }).subnetIds });
    },
    (graph) => (only(graph, group).inputs.subnetIds as string[] | undefined)?.length,
    1,
  ],
  [
    "DiskController: classes and image",
    () =>
      new DiskController("x", {
        storageClasses: from(["a", "b"]),
        reference: from(`registry.example/own@sha256:${"0".repeat(64)}`),
      }),
    (graph) => {
      const { spec } = only(graph, "kubernetes:apps/v1:Deployment").inputs as {
        spec?: { template: { spec: { containers: { image: string; args: string[] }[] } } };
      };
      const container = spec?.template.spec.containers[0];
      return container && [container.args[0], container.image];
    },
    ["--storage-classes=a,b", `registry.example/own@sha256:${"0".repeat(64)}`],
  ],
  [
    "NodeCleanup: classes and delay",
    () => new NodeCleanup("x", { storageClasses: from(["a", "b"]), claimDeletionDelay: from("1m") }),
    (graph) =>
      (
        only(graph, "kubernetes:apps/v1:Deployment").inputs.spec as
          { template: { spec: { containers: { args: string[] }[] } } } | undefined
      )?.template.spec.containers[0]?.args.slice(0, 2),
    ["--storageclass-names=a,b", "--pvc-deletion-delay=1m"],
  ],
  [
    "Monitoring: namespaces, pools and labels",
    () =>
      new Monitoring("x", {
        storageClasses: { a: { wipe: from("zero") } },
        nodePools: from(["pool-a"]),
        nodeCleanupNamespace: from("cleanup"),
        labels: { release: from("r") },
      }),
    (graph) => {
      const { spec, metadata } = only(graph, "kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs as {
        spec?: { groups: { rules: { alert: string; for: string; expr: string }[] }[] };
        metadata?: { labels?: Record<string, string> };
      };
      const rules = spec?.groups[0]?.rules;
      return [
        rules?.find(({ alert }) => alert === "FastDisksWipeStuck")?.for,
        rules?.filter(({ expr }) => /pool-a|cleanup/.test(expr)).length,
        metadata?.labels,
      ];
    },
    ["48h", 6, { release: "r" }],
  ],
  ["NodePool: role", () => pool({ role: from("role") }), spec(nodeClass, "role"), "role"],
  [
    "NodePool: subnets and security groups",
    () =>
      pool({
        subnetSelectorTerms: [{ id: from("subnet-01234567") }],
        securityGroupSelectorTerms: from([{ id: "sg-01234567" }]),
      }),
    spec(nodeClass, "subnetSelectorTerms"),
    [{ id: "subnet-01234567" }],
  ],
  [
    "NodePool: image",
    () => pool({ bootImage: from(digest) }),
    (graph) => String(spec(nodeClass, "userData")(graph)).includes(digest),
    true,
  ],
  [
    "NodePool: limits and tags",
    () => pool({ limits: from({ cpu: "7" }), tags: { t: from("v") } }),
    spec(nodePool, "limits"),
    { cpu: "7" },
  ],
  [
    "NodePool: types, labels and taint",
    () => pool({ instanceTypes: [from("c8gd.xlarge")], labels: { a: from("b") }, taint: from(false) }),
    (graph) =>
      (spec(nodePool, "template")(graph) as { metadata: { labels: Record<string, string> } } | undefined)?.metadata
        .labels.a,
    "b",
  ],
  [
    "SystemNodes: cluster, versions and sizes",
    () =>
      nodes({
        clusterName: from("dev"),
        kubernetesVersion: from(kubernetesVersion),
        bottlerocketVersion: from("1.66.0"),
        minSize: from(3),
      }),
    input(group, "scalingConfig"),
    { minSize: 3, maxSize: 4, desiredSize: 3 },
  ],
  [
    "SystemNodes: settings and tags",
    () => nodes({ clusterSettings: from({ further: { motd: "hello" } }), tags: from({ t: "v" }) }),
    (graph) => {
      const { userData } = only(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs;
      return userData === undefined
        ? undefined
        : /motd = .*/.exec(Buffer.from(userData as string, "base64").toString())?.[0];
    },
    'motd = "hello"',
  ],
  [
    "FastDisks: VPC, subnets, admins, versions and tags",
    () => {
      const args = settingsOf("prod");
      return new FastDisks("x", {
        ...args,
        network: {
          existingVpc: { vpcId: from("vpc-01234567"), subnetIds: from(["subnet-01234567", "subnet-89abcdef"]) },
        },
        cluster: { ...args.cluster, name: from("prod"), admins: { ops: from("arn:aws:iam::123456789012:role/ops") } },
        bottlerocket: { ...args.bottlerocket, version: from("1.66.0") },
        karpenter: { version: from("1.14.0") },
        tags: { t: from("v") },
      });
    },
    (graph) =>
      all(graph, nodeClass).map(
        ({ inputs }) => (inputs.spec as { subnetSelectorTerms: unknown } | undefined)?.subnetSelectorTerms,
      ),
    Array(2).fill([{ id: "subnet-01234567" }, { id: "subnet-89abcdef" }]),
  ],
  [
    "FastDisks: settings of pools and classes",
    () => {
      const args = settingsOf("dev");
      args.pools = { fast: { ...args.pools.fast, limits: { cpu: from("7") }, expireAfter: from("720h") } };
      args.storageClasses = { "fast-disks": { mountOptions: [from("noatime")] } };
      return new FastDisks("x", args);
    },
    spec(nodePool, "limits"),
    { cpu: "7" },
  ],
];

describe("Outputs as arguments", () => {
  it("are tried in at least 26 constructions, of every component", () => {
    assert.ok(constructions.length >= 26);
    assert.equal(new Set(constructions.map(([what]) => what.replace(/:.*/, ""))).size, 15);
  });

  for (const [what, construct, read, value] of constructions)
    it(`arrive as plain values, and do not disturb a preview that does not know them: ${what}`, async () => {
      const known = await record(construct, new Mocks(true));
      assert.deepEqual(read(known), value);
      const unknown = await record(construct, new Mocks(false));
      // The same resources under the same names: none exists only for a known value.
      const keysOf = ({ resources }: Graph) =>
        resources.map(({ key }) => key).filter((key) => !key.startsWith(elsewhereType));
      assert.deepEqual(keysOf(unknown), keysOf(known));
    });
});
