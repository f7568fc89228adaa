import { foundBy } from "./mutation";

const template = "nodePool.spec.template";
const requirements = `${template}.spec.requirements`;
const labels = `${template}.metadata.labels`;
const disruption = "nodePool.spec.disruption";
const aws = "karpenter.k8s.aws/instance-";
const one = (key: string, operator: string, ...values: string[]) => ({ key, operator, values });
const arch = "kubernetes.io/arch";
const capacity = "karpenter.sh/capacity-type";
/** The pool is known by a requirement or by its provisioner instead of a label. */
const byRequirement = { [labels]: {}, [`${requirements}.6`]: one("eks-fast-disks/class", "In", "fast-disks") };
const byProvisioner = {
  [labels]: { team: "data" },
  "provisioner.values.nodeSelector": { team: "data" },
  "consumer.spec.template.spec.nodeSelector": { team: "data" },
};
const byPoolName = {
  [labels]: {},
  "provisioner.values.nodeSelector": { "karpenter.sh/nodepool": "databases" },
  "consumer.spec.template.spec.nodeSelector": { "karpenter.sh/nodepool": "databases" },
};
const byAffinity = {
  [labels]: { team: "data" },
  "provisioner.values.nodeSelector": undefined,
  "provisioner.values.affinity": {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [one("team", "In", "data", "cache")] }],
      },
    },
  },
  "consumer.spec.template.spec.nodeSelector": { team: "data" },
};
const patch = (spec: object) => ({
  type: "kubernetes:karpenter.sh/v1:NodePoolPatch",
  props: { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "databases" }, spec },
});

export const nodePools = [
  ...foundBy(
    "karpenter-api-version",
    [
      "its API version must be v1, got v1beta1",
      { other: { type: "kubernetes:karpenter.sh/v1beta1:NodePool", props: {} } },
    ],
    ["got v1alpha5", { other: { type: "kubernetes:karpenter.sh/v1alpha5:Provisioner", props: { spec: {} } } }],
    [
      'got "karpenter.k8s.aws/v1beta1"',
      {
        other: {
          type: "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
          props: { apiVersion: "karpenter.k8s.aws/v1beta1", spec: { amiFamily: "Bottlerocket" } },
        },
      },
    ],
  ),
  ...foundBy(
    "node-pool-arm64",
    ["must allow only arm64, got arm64 and amd64", { [`${requirements}.0.values`]: ["arm64", "amd64"] }],
    ["got arm64 and amd64", { [`${requirements}.0`]: one(arch, "Exists") }],
    ["got arm64 and amd64", { [`${requirements}.0`]: one(arch, "NotIn", "s390x") }],
    ["got amd64", { [`${requirements}.0.values`]: ["amd64"] }],
  ),
  ...foundBy(
    "node-pool-consolidation",
    ["must be WhenEmpty, got nothing", { [`${disruption}.consolidationPolicy`]: undefined }],
    ['got "WhenEmptyOrUnderutilized"', { [`${disruption}.consolidationPolicy`]: "WhenEmptyOrUnderutilized" }],
    ['got "WhenUnderutilized"', { [`${disruption}.consolidationPolicy`]: "WhenUnderutilized" }],
    ['got "Balanced"', { [`${disruption}.consolidationPolicy`]: "Balanced" }],
    ['consolidateAfter must be at least 60s, or Never, got "0s"', { [`${disruption}.consolidateAfter`]: "0s" }],
    ['got "30s"', { [`${disruption}.consolidateAfter`]: "30s" }],
    ["got 300", { [`${disruption}.consolidateAfter`]: 300 }],
    ["got null", { [`${disruption}.consolidateAfter`]: null }],
    [
      'got "WhenEmptyOrUnderutilized"',
      { ...byRequirement, [`${disruption}.consolidationPolicy`]: "WhenEmptyOrUnderutilized" },
    ],
    [
      'got "WhenEmptyOrUnderutilized"',
      { ...byProvisioner, [`${disruption}.consolidationPolicy`]: "WhenEmptyOrUnderutilized" },
    ],
    [
      'got "WhenEmptyOrUnderutilized"',
      { ...byPoolName, [`${disruption}.consolidationPolicy`]: "WhenEmptyOrUnderutilized" },
    ],
    [
      'got "WhenEmptyOrUnderutilized"',
      { ...byAffinity, [`${disruption}.consolidationPolicy`]: "WhenEmptyOrUnderutilized" },
    ],
    [
      'got "WhenEmptyOrUnderutilized"',
      { patch: patch({ disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized" } }) },
    ],
    [
      'got "WhenEmptyOrUnderutilized"',
      {
        patch: {
          type: "kubernetes:karpenter.sh/v1:NodePoolPatch",
          props: {
            apiVersion: "karpenter.sh/v1",
            metadata: { name: "elsewhere" },
            spec: {
              template: { metadata: { labels: { "eks-fast-disks/class": "dense" } } },
              disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized" },
            },
          },
        },
      },
    ],
  ),
  ...foundBy(
    "node-pool-drift",
    ["must block drift, got nothing", { [`${disruption}.budgets`]: undefined }],
    ['got [{"nodes":"10%"}]', { [`${disruption}.budgets`]: [{ nodes: "10%" }] }],
    ["got null", { [`${disruption}.budgets`]: null }],
    ["must block drift", { [`${disruption}.budgets`]: [{ nodes: "0", reasons: ["Underutilized", "Empty"] }] }],
    ["must block drift", { [`${disruption}.budgets`]: [{ nodes: "0", schedule: "0 9 * * 1-5", duration: "8h" }] }],
    ["must block drift", { ...byPoolName, [`${disruption}.budgets`]: [{ nodes: "1" }] }],
    ["must block drift", { [`${disruption}.budgets`]: [{ nodes: "1" }], "nodePool.spec.replicas": 3 }],
    [
      "must block drift",
      {
        [`${disruption}.budgets`]: [],
        [`${template}.metadata.annotations`]: { "karpenter.sh/do-not-disrupt": "false" },
      },
    ],
    ["must block drift", { patch: patch({ disruption: { budgets: [{ nodes: "100%" }] } }) }],
  ),
  ...foundBy(
    "node-pool-expiry",
    ["expireAfter must be Never or a duration, got nothing", { [`${template}.spec.expireAfter`]: undefined }],
    ['got "30d"', { [`${template}.spec.expireAfter`]: "30d" }],
    ["got null", { [`${template}.spec.expireAfter`]: null }],
    ["got nothing", { ...byProvisioner, [`${template}.spec.expireAfter`]: undefined }],
    [
      "got nothing",
      {
        [labels]: {},
        [`${requirements}.6`]: one("eks-fast-disks/class", "Exists"),
        [`${template}.spec.expireAfter`]: undefined,
      },
    ],
  ),
  ...foundBy(
    "node-pool-instance-types",
    [
      "its types must have local NVMe, got c8g.xlarge",
      {
        [`${requirements}.2`]: one(
          "node.kubernetes.io/instance-type",
          "In",
          ...["c8g.xlarge", "c8gd.xlarge", "c8gd.2xlarge"],
          ...[
            "c7gd.xlarge",
            "c7gd.2xlarge",
            "m8gd.xlarge",
            "m8gd.2xlarge",
            "m7gd.xlarge",
            "r7gd.xlarge",
            "r8gd.xlarge",
            "r8gd.2xlarge",
          ],
        ),
      },
    ],
    ["got m8g", { [`${requirements}.2`]: one(`${aws}family`, "In", "m8g", "m8gd", "c8gd", "r8gd", "c7gd", "m7gd") }],
  ),
  ...foundBy(
    "node-pool-limits",
    ["spec.limits must limit cpu or memory, got nothing", { "nodePool.spec.limits": undefined }],
    ['got {"nodes":"10"}', { "nodePool.spec.limits": { nodes: "10" } }],
    ["got null", { "nodePool.spec.limits": null }],
  ),
  ...foundBy(
    "node-pool-local-nvme",
    ["must exclude types without it, got none", { [`${requirements}.2`]: one("kubernetes.io/os", "Exists") }],
    ["got NotIn [100]", { [`${requirements}.2`]: one(`${aws}local-nvme`, "NotIn", "100") }],
    ["got none", { ...byPoolName, [`${requirements}.2`]: one("kubernetes.io/os", "In", "linux") }],
  ),
  ...foundBy(
    "node-pool-spot",
    ["must allow only spot, got spot and on-demand", { [`${requirements}.1.values`]: ["spot", "on-demand"] }],
    ["got spot and on-demand and reserved", { [`${requirements}.1`]: one(capacity, "Exists") }],
    ["got spot and reserved", { [`${requirements}.1`]: one(capacity, "NotIn", "on-demand") }],
  ),
  ...foundBy(
    "node-pool-width",
    ["must match 10 instance types, got 9: ", { [`${requirements}.5.values`]: ["4"] }],
    ["got 1: c8gd.xlarge", { [`${requirements}.6`]: one("node.kubernetes.io/instance-type", "In", "c8gd.xlarge") }],
    ["got 0", { [`${requirements}.6`]: one(`${aws}cpu-manufacturer`, "In", "intel") }],
    ["got 6", { [`${requirements}.6`]: one(`${aws}category`, "NotIn", "c", "m") }],
    ["got 0", { [`${requirements}.6`]: one(`${aws}cpu`, "Gte", "16") }],
  ),
];
