import { check } from "./check";

const requirements = "nodePool.spec.template.spec.requirements";
const types = (...values: string[]) => ({ key: "node.kubernetes.io/instance-type", operator: "In", values });
const labels = "nodePool.spec.template.metadata.labels";

describe("node-pool-arm64", () => {
  const { refuses, keeps } = check("node-pool-arm64");
  it("refuses amd64, both, and no requirement at all", () => {
    refuses({ [`${requirements}.0.values`]: ["amd64"] }, 'kubernetes.io/arch must be arm64 alone, got ["amd64"]');
    refuses({ [`${requirements}.0.values`]: ["arm64", "amd64"] }, 'got ["arm64","amd64"]');
    refuses({ [requirements]: [] }, "got no requirement");
  });
  it("takes the label of the nodes for a requirement, and two requirements for what both leave", () => {
    keeps({ [requirements]: [], [labels]: { "kubernetes.io/arch": "arm64" } });
    const both = { key: "kubernetes.io/arch", operator: "In", values: ["arm64", "amd64"] };
    keeps({ [`${requirements}.1`]: both });
  });
});

describe("node-pool-spot", () => {
  const { refuses, keeps } = check("node-pool-spot");
  const values = `${requirements}.1.values`;
  it("refuses on-demand nodes", () => {
    refuses({ [values]: ["on-demand"] }, 'karpenter.sh/capacity-type must be spot alone, got ["on-demand"]');
    refuses({ [values]: ["spot", "on-demand"] }, "must be spot alone");
    refuses({ [requirements]: [] }, "got no requirement");
  });
  it("allows the fallback by configuration, and nothing without spot", () => {
    keeps({ [values]: ["spot", "on-demand"] }, { onDemandFallback: true });
    refuses({ [values]: ["on-demand"] }, "must include spot", { onDemandFallback: true });
  });
});

describe("node-pool-limits", () => {
  const { refuses, keeps } = check("node-pool-limits");
  it("refuses a pool that bounds neither cpu nor memory", () => {
    refuses({ "nodePool.spec.limits": undefined }, "spec.limits must bound cpu or memory, got nothing");
    refuses({ "nodePool.spec.limits": { nodes: "4" } }, 'got {"nodes":"4"}');
  });
  it("keeps a limit of cpu", () => {
    keeps({ "nodePool.spec.limits": { cpu: 100 } });
  });
});

describe("node-pool-local-nvme", () => {
  const { refuses, keeps, judges } = check("node-pool-local-nvme");
  const other = { key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["4"] };
  it("refuses a pool with the label that takes nodes without disks", () => {
    refuses({ [`${requirements}.2`]: other }, "must include karpenter.k8s.aws/instance-local-nvme, got none");
    const none = { key: "karpenter.k8s.aws/instance-local-nvme", operator: "DoesNotExist" };
    refuses({ [`${requirements}.2`]: none }, "must include");
    const family = { key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["c8gd", "c8g"] };
    refuses({ [`${requirements}.2`]: family }, "must include");
  });
  it("keeps named types, and families that all have disks", () => {
    keeps({ [`${requirements}.2`]: types("c8gd.xlarge") });
    keeps({ [`${requirements}.2`]: { key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["i8g"] } });
  });
  it("does not apply to a pool without the label, whose key is configurable", () => {
    judges({ [labels]: {} }, 0);
    judges({ [labels]: { "fast-disks": "true" } }, 1, { label: "fast-disks" });
  });
});

describe("node-pool-instance-types", () => {
  const { refuses, keeps, judges } = check("node-pool-instance-types");
  it("refuses types without local NVMe", () => {
    const edits = { [`${requirements}.2`]: types("c7gd.xlarge", "m7g.xlarge", "c5d.xlarge") };
    refuses(edits, "must list arm64 types with local NVMe, got m7g.xlarge, c5d.xlarge");
  });
  it("keeps types of the catalogue, and a pool without the label", () => {
    keeps({ [`${requirements}.2`]: types("is4gen.2xlarge", "r6gd.medium") });
    judges({ [labels]: {} }, 0);
  });
});

describe("node-pool-expiry", () => {
  const { refuses, keeps } = check("node-pool-expiry");
  it("refuses a pool that leaves it to Karpenter's default, and what is no duration", () => {
    refuses(
      { "nodePool.spec.template.spec.expireAfter": undefined },
      "spec.template.spec.expireAfter must be Never or",
    );
    refuses({ "nodePool.spec.template.spec.expireAfter": "30 days" }, 'got "30 days"');
  });
  it("keeps a stated duration", () => {
    keeps({ "nodePool.spec.template.spec.expireAfter": "720h" });
  });
});

describe("node-pool-consolidation", () => {
  const { refuses, keeps, judges } = check("node-pool-consolidation");
  const policy = "nodePool.spec.disruption.consolidationPolicy";
  const after = "nodePool.spec.disruption.consolidateAfter";
  it("refuses consolidation of used nodes, stated or by default, and v1beta1's word for it", () => {
    refuses({ [policy]: "WhenEmptyOrUnderutilized" }, "spec.disruption.consolidationPolicy must be WhenEmpty, got");
    refuses({ [policy]: undefined }, "got nothing");
    refuses({ [policy]: "WhenUnderutilized" }, 'got "WhenUnderutilized"');
  });
  it("refuses to take a node as soon as it is empty", () => {
    refuses({ [after]: "0s" }, 'spec.disruption.consolidateAfter must be at least 60s, or Never, got "0s"');
    refuses({ [after]: undefined }, "got nothing");
    refuses({ [after]: "5m" }, "at least 900s", { minimumSeconds: 900 });
  });
  it("keeps what the stack allows, and what budgets or do-not-disrupt hold", () => {
    keeps({ [after]: "Never" });
    keeps({ [policy]: "Balanced" }, { allowed: ["WhenEmpty", "Balanced"] });
    keeps({ [policy]: undefined, "nodePool.spec.disruption.budgets": [{ nodes: "0" }] });
    const annotations = { "karpenter.sh/do-not-disrupt": "true" };
    keeps({ [policy]: undefined, "nodePool.spec.template.metadata.annotations": annotations });
  });
  it("does not apply to a pool without the label", () => {
    judges({ [labels]: {} }, 0);
  });
});

describe("node-pool-drift", () => {
  const { refuses, keeps, judges } = check("node-pool-drift");
  const budgets = "nodePool.spec.disruption.budgets";
  it("refuses a pool whose nodes drift away", () => {
    refuses({ [budgets]: undefined }, "spec.disruption.budgets must hold nodes that drifted, got nothing");
    refuses({ [budgets]: [{ nodes: "10%" }] }, "must hold nodes that drifted");
    refuses({ [budgets]: [{ nodes: "0", reasons: ["Empty"] }] }, "must hold nodes that drifted");
    refuses({ [budgets]: [{ nodes: "0", schedule: "0 9 * * *", duration: "8h" }] }, "must hold nodes that drifted");
  });
  it("keeps a hold for all reasons, and what the stack allows", () => {
    keeps({ [budgets]: [{ nodes: "0%" }] });
    keeps({ [budgets]: [] }, { allowed: true });
  });
  it("does not apply to a pool without the label", () => {
    judges({ [labels]: {} }, 0);
  });
});

describe("node-pool-width", () => {
  const { refuses, keeps, judges } = check("node-pool-width");
  it("refuses a narrow spot pool", () => {
    const cpu = { key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["16"] };
    refuses({ [`${requirements}.5`]: cpu }, /must match 10 types, got (\w+\.\w+(, )?)+;/);
    refuses({ [`${requirements}.3`]: types("c8gd.xlarge") }, "must match 10 types, got c8gd.xlarge");
    refuses({}, "must match 100 types", { minimum: 100 });
  });
  it("evaluates each operator", () => {
    const family = { key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["c8gd"] };
    const cpu = (operator: string, value: string) => {
      return { key: "karpenter.k8s.aws/instance-cpu", operator, values: [value] };
    };
    for (const [operator, value] of [
      ["Gt", "128"],
      ["Gte", "192"],
      ["Lt", "1"],
      ["Lte", "0"],
      ["NotIn", "4"],
    ] as const) {
      const edits = { [`${requirements}.3`]: family, [`${requirements}.5`]: cpu(operator, value) };
      if (operator === "NotIn") keeps(edits);
      else refuses(edits, "must match 10 types");
    }
    keeps({ [`${requirements}.5`]: { key: "karpenter.k8s.aws/instance-cpu", operator: "Exists" } });
  });
  it("does not mind a narrow pool of on-demand nodes, nor one without the label", () => {
    keeps({ [`${requirements}.1.values`]: ["on-demand"], [`${requirements}.3`]: types("c8gd.xlarge") });
    judges({ [labels]: {} }, 0);
  });
});

describe("karpenter-api-version", () => {
  const { refuses, keeps } = check("karpenter-api-version");
  const made = (type: string) => ({ type, props: {} });
  it("refuses v1beta1, and the kinds before it", () => {
    refuses({ nodePool: made("kubernetes:karpenter.sh/v1beta1:NodePool") }, "its API version must be v1, got v1beta1");
    refuses({ nodeClass: made("kubernetes:karpenter.k8s.aws/v1beta1:EC2NodeClass") }, "got v1beta1");
    refuses({ nodePool: made("kubernetes:karpenter.sh/v1alpha5:Provisioner") }, "got v1alpha5");
    refuses({ nodeClass: made("kubernetes:karpenter.k8s.aws/v1alpha1:AWSNodeTemplate") }, "got v1alpha1");
  });
  it("keeps other kinds of the same group", () => {
    keeps({ other: made("kubernetes:karpenter.sh/v1beta1:NodeClaim") });
  });
});
