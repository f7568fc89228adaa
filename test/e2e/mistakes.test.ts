import assert from "node:assert/strict";
import { stackValues } from "../support/record";
import { report } from "./support/conformance";
import { startWithKarpenterKinds } from "./support/cluster";
import type { ControlPlane } from "./support/control-plane";
import type { KubernetesObject } from "./support/kubernetes-api";
import { Refusal } from "./support/kubernetes-api";
import { errorsOf, renderSettings, withValue } from "./support/settings";
import { stopsAfter } from "./support/process";

/** A mistake that a user plausibly makes. */
interface Mistake {
  what: string;
  /** Path in the settings, with slashes since labels have dots. */
  at: string;
  value: unknown;
  /** What our refusal must name. */
  names: RegExp;
  /** Whether the server refuses it too; it knows neither disks, AWS nor TOML. */
  server: "refuses" | "takes";
  /** Where our settings have no such key: the same mistake in the object. */
  object?: { kind: string; at: string; value: unknown };
}

const pool = "pools/fast";
const rule = `${pool}/requirements/0`;
const settings = "bottlerocket/settings";
const cpu = { key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["4"] };
const nodePool = (at: string, value: unknown) => ({ kind: "NodePool", at: `spec/${at}`, value });
const nodeClass = (at: string, value: unknown) => ({ kind: "EC2NodeClass", at: `spec/${at}`, value });

const mistakes: Mistake[] = [
  // What a NodePool asks of its nodes.
  { what: "an operator in lower case", at: `${rule}/operator`, value: "in", names: /operator/, server: "refuses" },
  { what: "In without values", at: `${rule}/values`, value: [], names: /needs at least one/, server: "refuses" },
  {
    what: "Gt with two values",
    at: rule,
    value: { ...cpu, operator: "Gt", values: ["4", "8"] },
    names: /one whole number/,
    server: "refuses",
  },
  {
    what: "Gt with a word",
    at: rule,
    value: { ...cpu, operator: "Gt", values: ["four"] },
    names: /one whole number/,
    server: "refuses",
  },
  {
    what: "Gt below zero",
    at: rule,
    value: { ...cpu, operator: "Gt", values: ["-1"] },
    names: /values/,
    server: "refuses",
  },
  {
    what: "a number without quotes",
    at: rule,
    value: { ...cpu, values: [4] },
    names: /must be a string/,
    server: "refuses",
  },
  {
    what: "a misspelt label of Karpenter",
    at: rule,
    value: { ...cpu, key: "karpenter.k8s.aws/instance-cpus" },
    names: /a label that Karpenter knows/,
    server: "refuses",
  },
  {
    what: "a label in Karpenter's domain",
    at: rule,
    value: { ...cpu, key: "karpenter.sh/capacity-types" },
    names: /a label that Karpenter knows/,
    server: "refuses",
  },
  {
    what: "a node's own name",
    at: rule,
    value: { ...cpu, key: "kubernetes.io/hostname" },
    names: /a label that Karpenter knows/,
    server: "refuses",
  },
  {
    what: "a pool's own name",
    at: rule,
    value: { ...cpu, key: "karpenter.sh/nodepool" },
    names: /a label that Karpenter knows/,
    server: "refuses",
  },
  { what: "no key", at: rule, value: { ...cpu, key: "" }, names: /key/, server: "refuses" },
  {
    what: "a value with a slash",
    at: rule,
    value: { ...cpu, values: ["4/8"] },
    names: /label values/,
    server: "takes",
  },
  {
    what: "a region, which the cluster decides",
    at: rule,
    value: { ...cpu, key: "topology.kubernetes.io/region" },
    names: /a label that Karpenter knows/,
    server: "takes",
  },
  {
    what: "the capacity type as a requirement",
    at: rule,
    value: { ...cpu, key: "karpenter.sh/capacity-type" },
    names: /capacityTypes/,
    server: "takes",
  },
  {
    what: "a misspelt capacity type",
    at: `${pool}/capacityTypes`,
    value: ["spott"],
    names: /capacityTypes/,
    server: "takes",
  },
  { what: "no capacity type", at: `${pool}/capacityTypes`, value: [], names: /capacityTypes/, server: "refuses" },
  {
    what: "x86",
    at: `${pool}/requirements`,
    value: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
    names: /no arm64 instance type/,
    server: "takes",
  },
  {
    what: "families without disks",
    at: `${pool}/requirements`,
    value: [{ key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["c8g", "m8g"] }],
    names: /no arm64 instance type/,
    server: "takes",
  },
  {
    what: "requirements and instance types",
    at: `${pool}/instanceTypes`,
    value: ["c8gd.xlarge"],
    names: /exactly one of/,
    server: "takes",
  },
  {
    what: "neither requirements nor instance types",
    at: `${pool}/requirements`,
    value: undefined,
    names: /exactly one of/,
    server: "takes",
  },
  {
    what: "minValues beyond its bound",
    at: `${rule}/minValues`,
    value: 51,
    names: /minValues: no such setting/,
    server: "refuses",
    object: nodePool("template/spec/requirements/4/minValues", 51),
  },
  {
    what: "a hundred requirements",
    at: `${pool}/requirements`,
    value: Array.from({ length: 101 }, () => cpu),
    names: /at most 90/,
    server: "refuses",
  },
  // What it puts on them.
  {
    what: "a label of Karpenter",
    at: `${pool}/labels`,
    value: { "karpenter.sh/tier": "fast" },
    names: /labels/,
    server: "refuses",
  },
  {
    what: "a host name as a label",
    at: `${pool}/labels`,
    value: { "kubernetes.io/hostname": "one" },
    names: /labels/,
    server: "refuses",
  },
  {
    what: "a label value with a blank",
    at: `${pool}/labels`,
    value: { tier: "very fast" },
    names: /labels/,
    server: "refuses",
  },
  {
    what: "a label key that only ends like Karpenter's",
    at: `${pool}/labels`,
    value: { "notkarpenter.sh/tier": "fast" },
    names: /labels/,
    server: "refuses",
  },
  {
    what: "a taint's effect instead of a flag",
    at: `${pool}/taint`,
    value: "NoShedule",
    names: /true or false/,
    server: "refuses",
    object: nodePool("template/spec/taints/0/effect", "NoShedule"),
  },
  // How much and how long.
  { what: "a limit in words", at: `${pool}/limits`, value: { cpu: "100 cores" }, names: /limits/, server: "refuses" },
  { what: "no limit", at: `${pool}/limits`, value: {}, names: /limits/, server: "takes" },
  {
    what: "a limit of gpus only",
    at: `${pool}/limits`,
    value: { "nvidia.com/gpu": "1" },
    names: /limits/,
    server: "takes",
  },
  {
    what: "minutes in words",
    at: `${pool}/consolidateAfter`,
    value: "five minutes",
    names: /consolidateAfter/,
    server: "refuses",
  },
  {
    what: "days, which Go's durations do not know",
    at: `${pool}/expireAfter`,
    value: "30d",
    names: /expireAfter/,
    server: "refuses",
  },
  { what: "never in lower case", at: `${pool}/expireAfter`, value: "never", names: /expireAfter/, server: "refuses" },
  { what: "an age below zero", at: `${pool}/expireAfter`, value: "-1h", names: /expireAfter/, server: "refuses" },
  {
    what: "a drain without end",
    at: `${pool}/terminationGracePeriod`,
    value: "Never",
    names: /terminationGracePeriod/,
    server: "refuses",
  },
  {
    what: "a drain in seconds without a unit",
    at: `${pool}/terminationGracePeriod`,
    value: "7200",
    names: /terminationGracePeriod/,
    server: "refuses",
  },
  {
    what: "a duration that no int64 holds",
    at: `${pool}/expireAfter`,
    value: "9999999h",
    names: /expireAfter/,
    server: "takes",
  },
  // Fields of the NodePool's older versions, copied from somewhere.
  {
    what: "v1beta1's consolidation policy",
    at: `${pool}/consolidationPolicy`,
    value: "WhenUnderutilized",
    names: /consolidationPolicy: no such setting/,
    server: "refuses",
    object: nodePool("disruption/consolidationPolicy", "WhenUnderutilized"),
  },
  {
    what: "v1alpha5's ttlSecondsAfterEmpty",
    at: `${pool}/ttlSecondsAfterEmpty`,
    value: 30,
    names: /ttlSecondsAfterEmpty: no such setting/,
    server: "refuses",
    object: nodePool("ttlSecondsAfterEmpty", 30),
  },
  {
    what: "v1beta1's kubelet",
    at: `${pool}/kubelet`,
    value: { maxPods: 30 },
    names: /kubelet: no such setting/,
    server: "refuses",
    object: nodePool("template/spec/kubelet", { maxPods: 30 }),
  },
  {
    what: "v1beta1's nodeClassRef",
    at: `${pool}/nodeClassRef`,
    value: { name: "default" },
    names: /nodeClassRef: no such setting/,
    server: "refuses",
    object: nodePool("template/spec/nodeClassRef", {
      apiVersion: "karpenter.k8s.aws/v1beta1",
      kind: "EC2NodeClass",
      name: "default",
    }),
  },
  {
    what: "a budget in words",
    at: `${pool}/budgets`,
    value: [{ nodes: "ten" }],
    names: /budgets: no such setting/,
    server: "refuses",
    object: nodePool("disruption/budgets", [{ nodes: "ten" }]),
  },
  {
    what: "disruption without consolidateAfter",
    at: `${pool}/consolidateAfter`,
    value: "",
    names: /consolidateAfter/,
    server: "refuses",
    object: nodePool("disruption/consolidateAfter", undefined),
  },
  {
    what: "a weight beyond its bound",
    at: `${pool}/weight`,
    value: 101,
    names: /weight: no such setting/,
    server: "refuses",
    object: nodePool("weight", 101),
  },
  // What an EC2NodeClass makes them of.
  { what: "a version with v", at: "bottlerocket/version", value: "v1.66.0", names: /without a "v"/, server: "takes" },
  {
    what: "the latest version, which drifts",
    at: "bottlerocket/version",
    value: "latest",
    names: /X\.Y\.Z/,
    server: "takes",
  },
  {
    what: "a version longer than an alias may be",
    at: "bottlerocket/version",
    value: "1.66.00000000000000",
    names: /version/,
    server: "refuses",
  },
  {
    what: "an alias without version",
    at: "bottlerocket/version",
    value: "",
    names: /X\.Y\.Z/,
    server: "refuses",
    object: nodeClass("amiSelectorTerms/0/alias", "bottlerocket"),
  },
  {
    what: "an alias beside an image id",
    at: `${pool}/amiId`,
    value: "ami-0123456789abcdef0",
    names: /amiId: no such setting/,
    server: "refuses",
    object: nodeClass("amiSelectorTerms/1", { id: "ami-0123456789abcdef0" }),
  },
  {
    what: "another family",
    at: `${pool}/amiFamily`,
    value: "Ubuntu",
    names: /amiFamily: no such setting/,
    server: "refuses",
    object: nodeClass("amiFamily", "Ubuntu"),
  },
  {
    what: "every disk for the kubelet",
    at: `${pool}/instanceStorePolicy`,
    value: "raid0",
    names: /instanceStorePolicy: no such setting/,
    server: "refuses",
    object: nodeClass("instanceStorePolicy", "raid0"),
  },
  {
    what: "a role beside an instance profile",
    at: `${pool}/role`,
    value: "node",
    names: /role: no such setting/,
    server: "refuses",
    object: nodeClass("instanceProfile", "node"),
  },
  {
    what: "an empty instance profile",
    at: `${pool}/instanceProfile`,
    value: "",
    names: /instanceProfile/,
    server: "refuses",
  },
  {
    what: "an instance profile's ARN instead of its name",
    at: `${pool}/instanceProfile`,
    value: "arn:aws:iam::123456789012:instance-profile/node",
    names: /instanceProfile/,
    server: "takes",
  },
  { what: "no subnets", at: "network", value: vpc([]), names: /subnets/, server: "refuses" },
  { what: "a term without id and tags", at: "network", value: vpc([{}]), names: /exactly one of/, server: "refuses" },
  {
    what: "a term with id and tags",
    at: "network",
    value: vpc([{ id: "subnet-0123456789abcdef0", tags: { a: "b" } }]),
    names: /exactly one of/,
    server: "refuses",
  },
  {
    what: "a tag without value",
    at: "network",
    value: vpc([{ tags: { Name: "" } }]),
    names: /no empty key or value/,
    server: "refuses",
  },
  {
    what: "a security group's id for a subnet",
    at: "network",
    value: vpc([{ id: "sg-0123456789abcdef0" }]),
    names: /subnet-/,
    server: "refuses",
  },
  {
    what: "31 terms",
    at: "network",
    value: vpc(Array.from({ length: 31 }, (_, index) => ({ tags: { Name: `zone-${index}` } }))),
    names: /subnets/,
    server: "refuses",
  },
  {
    what: "21 tags in a term",
    at: "network",
    value: vpc([{ tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`tag-${index}`, "x"])) }]),
    names: /tags/,
    server: "refuses",
  },
  {
    what: "a volume of part of a GiB",
    at: `${pool}/dataVolumeGiB`,
    value: 20.5,
    names: /dataVolumeGiB/,
    server: "refuses",
  },
  {
    what: "a volume with its unit",
    at: `${pool}/dataVolumeGiB`,
    value: "20Gi",
    names: /must be a number/,
    server: "refuses",
  },
  {
    what: "a volume that EBS does not have",
    at: `${pool}/dataVolumeGiB`,
    value: 100_000,
    names: /dataVolumeGiB/,
    server: "refuses",
  },
  {
    what: "a root volume smaller than the image",
    at: `${pool}/rootVolumeGiB`,
    value: 1,
    names: /rootVolumeGiB/,
    server: "takes",
  },
  {
    what: "a cluster's ownership tag",
    at: "tags",
    value: { "kubernetes.io/cluster/dev": "owned" },
    names: /tags/,
    server: "refuses",
  },
  {
    what: "a tag of Karpenter",
    at: "tags",
    value: { "karpenter.sh/nodepool": "fast" },
    names: /tags/,
    server: "refuses",
  },
  { what: "a tag of EKS", at: "tags", value: { "eks:eks-cluster-name": "dev" }, names: /tags/, server: "refuses" },
  { what: "a tag without key", at: "tags", value: { "": "x" }, names: /tags/, server: "refuses" },
  { what: "a tag of AWS", at: "tags", value: { "aws:owner": "x" }, names: /tags/, server: "takes" },
  {
    what: "a tag value longer than AWS takes",
    at: "tags",
    value: { owner: "x".repeat(257) },
    names: /tags/,
    server: "takes",
  },
  // What Bottlerocket reads, which the server passes on unread.
  {
    what: "yes instead of true",
    at: `${settings}/hostContainers/admin/enabled`,
    value: "yes",
    names: /true or false/,
    server: "takes",
  },
  {
    what: "a sysctl's number without quotes",
    at: `${settings}/kernel`,
    value: { sysctl: { "vm.max_map_count": 262144 } },
    names: /must be a string/,
    server: "takes",
  },
  {
    what: "a bootstrap container with an underscore",
    at: `${settings}/bootstrapContainers`,
    value: { my_disks: { source: "registry.example/x:1", mode: "always", essential: true } },
    names: /76 letters/,
    server: "takes",
  },
  {
    what: "taints that Karpenter overwrites",
    at: `${pool}/bottlerocket`,
    value: { kubernetes: { nodeTaints: { dedicated: ["x:NoSchedule"] } } },
    names: /nodeTaints: Karpenter overwrites it/,
    server: "takes",
  },
  {
    what: "max-pods that Karpenter overwrites",
    at: `${pool}/bottlerocket`,
    value: { further: { kubernetes: { "max-pods": 50 } } },
    names: /max-pods/,
    server: "takes",
  },
  {
    what: "an eviction signal in camel case",
    at: `${settings}/kubernetes`,
    value: { evictionHard: { memoryAvailable: "5%" } },
    names: /eviction/,
    server: "takes",
  },
  {
    what: "a soft eviction without grace period",
    at: `${settings}/kubernetes`,
    value: { evictionSoft: { "memory.available": "5%" } },
    names: /needs a time in evictionSoftGracePeriod/,
    server: "takes",
  },
];

describe("Mistakes in NodePools and EC2NodeClasses", () => {
  const valid = stackValues("dev");
  const stopped = stopsAfter();
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startWithKarpenterKinds("mistakes", stopped, renderSettings(valid));
  });
  after(() => {
    const refused = mistakes.filter(({ server }) => server === "refuses").length;
    report(`${mistakes.length} plausible mistakes: all refused by our settings, ${refused} by the API server too`);
  });

  it("leaves the valid stack alone", () => {
    assert.deepEqual(errorsOf(valid), []);
    assert.ok(mistakes.length >= 30);
  });

  for (const { what, at, value, names, server, object } of mistakes)
    it(`refuses ${what} before the server, which ${server} it`, async () => {
      const wrong = withValue(valid, at, value);
      const verdict = await serverOf(cluster, object ? changed(renderSettings(valid), object) : renderSettings(wrong));
      assert.equal(verdict === "" ? "takes" : "refuses", server, verdict);
      assert.match(errorsOf(wrong).join("\n"), names, `our settings do not name it; the server: ${verdict}`);
    });
});

function vpc(subnets: object[]): object {
  return { existingVpc: { vpcId: "vpc-0123456789abcdef0", subnets } };
}

function changed(objects: KubernetesObject[], { kind, at, value }: NonNullable<Mistake["object"]>): KubernetesObject[] {
  return objects.map((object) => (object.kind === kind ? withValue(object, at, value) : object));
}

/** The server's first refusal, or nothing. */
async function serverOf(cluster: ControlPlane, objects: KubernetesObject[]): Promise<string> {
  for (const object of objects)
    try {
      await cluster.api.apply(object, { dryRun: true });
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  return "";
}
