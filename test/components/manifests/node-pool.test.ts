import assert from "node:assert/strict";
import { instanceTypes } from "../../../catalogue/instance-types";
import type { NodePoolSpec } from "../../../components/manifests/node-pool";
import {
  capacityOfPool,
  renderNodePool,
  renderRequirements,
  secondsOf,
  validateNodePool,
} from "../../../components/manifests/node-pool";
import { matchingTypes } from "../../../catalogue/requirements";

const aws = "karpenter.k8s.aws/instance-";
const recipe: NodePoolSpec = {
  requirements: [
    { key: `${aws}category`, operator: "In", values: ["c", "m", "r"] },
    { key: `${aws}generation`, operator: "Gt", values: ["6"] },
    { key: `${aws}cpu`, operator: "In", values: ["4", "8"] },
  ],
};

describe("validateNodePool", () => {
  const faulty: [string, NodePoolSpec, RegExp][] = [
    ["neither requirements nor types", {}, /^requirements: state exactly one/],
    ["both", { ...recipe, instanceTypes: ["c8gd.xlarge"] }, /^requirements: state exactly one/],
    ["an empty list of types", { instanceTypes: [] }, /^instanceTypes: must name at least one/],
    [
      "a type without disk, naming its sibling",
      { instanceTypes: ["m7g.xlarge"] },
      /^instanceTypes.0: .* called "m7g.xlarge"; take for example "m7gd.xlarge"/,
    ],
    ["an x86 type", { instanceTypes: ["c8gd.xlarge", "m6id.large"] }, /^instanceTypes.1: no arm64 type/],
    [
      "requirements that no type meets, naming the one to drop",
      {
        requirements: [...(recipe.requirements ?? []).slice(0, 2), { key: `${aws}cpu`, operator: "In", values: ["3"] }],
      },
      /^requirements: no arm64 instance type with local NVMe matches; drop "instance-cpu In \[3\]" or add a family such as "c8gd"/,
    ],
    [
      "another architecture",
      { requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] },
      /^requirements: no arm64 instance type/,
    ],
    [
      "a misspelt label of Karpenter",
      { requirements: [{ key: `${aws}famliy`, operator: "Exists" }] },
      /^requirements.0: key "karpenter.k8s.aws\/instance-famliy" is no label that Karpenter knows/,
    ],
    [
      "capacity type as requirement",
      { requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }] },
      /^requirements.0: set the pool's capacityTypes/,
    ],
    [
      "a hostname",
      { requirements: [{ key: "kubernetes.io/hostname", operator: "Exists" }] },
      /is no label that Karpenter knows/,
    ],
    [
      "a key with a space",
      { requirements: [{ key: "a b", operator: "Exists" }] },
      /key must be a Kubernetes label key/,
    ],
    [
      "an unknown operator",
      { requirements: [{ key: `${aws}cpu`, operator: "in", values: ["4"] }] },
      /operator must be one of In, NotIn/,
    ],
    [
      "In without values",
      { requirements: [{ key: `${aws}cpu`, operator: "In" }] },
      /operator In needs at least one value/,
    ],
    [
      "Exists with values",
      { requirements: [{ key: `${aws}cpu`, operator: "Exists", values: ["4"] }] },
      /operator Exists takes no values/,
    ],
    [
      "DoesNotExist with values",
      { requirements: [{ key: `${aws}cpu`, operator: "DoesNotExist", values: ["4"] }] },
      /operator DoesNotExist takes no values/,
    ],
    [
      "Gt with two values",
      { requirements: [{ key: `${aws}cpu`, operator: "Gt", values: ["4", "8"] }] },
      /operator Gt takes one whole number/,
    ],
    [
      "Lte of a word",
      { requirements: [{ key: `${aws}cpu`, operator: "Lte", values: ["many"] }] },
      /operator Lte takes one whole number/,
    ],
    [
      "a value with a slash",
      { requirements: [{ key: `${aws}cpu`, operator: "In", values: ["a/b"] }] },
      /values must be Kubernetes label values/,
    ],
    ["no capacity type", { ...recipe, capacityTypes: [] }, /^capacityTypes: must include spot/],
    [
      "on-demand without spot",
      { ...recipe, capacityTypes: ["on-demand"] },
      /^capacityTypes: must include spot, on-demand is its fallback, got \[on-demand\]/,
    ],
    [
      "an unknown limit",
      { ...recipe, limits: { cpu: "1", gpus: "1" } },
      /^limits.gpus: must be a quantity of cpu, memory or nodes/,
    ],
    ["a limit that is no quantity", { ...recipe, limits: { cpu: "many" } }, /^limits.cpu: must be a quantity/],
    ["limits without cpu and memory", { ...recipe, limits: { nodes: "3" } }, /^limits: must bound cpu or memory/],
    [
      "our own label",
      { ...recipe, labels: { "eks-fast-disks/class": "x" } },
      /^labels: "eks-fast-disks\/class" is set by storageClass/,
    ],
    [
      "a label in Karpenter's domain",
      { ...recipe, labels: { "karpenter.sh/x": "y" } },
      /^labels: .* domain that Karpenter keeps/,
    ],
    ["a label value with a space", { ...recipe, labels: { a: "b c" } }, /^labels: must be Kubernetes labels/],
    [
      "a delay without unit",
      { ...recipe, consolidateAfter: "30" },
      /^consolidateAfter: must be a duration such as 1h30m, got "30"/,
    ],
    ["an empty delay", { ...recipe, consolidateAfter: "" }, /^consolidateAfter: must be a duration/],
    [
      "a grace period of nothing",
      { ...recipe, terminationGracePeriod: "0s" },
      /^terminationGracePeriod: must be a duration/,
    ],
    [
      "an endless grace period",
      { ...recipe, terminationGracePeriod: "Never" },
      /^terminationGracePeriod: must be a duration/,
    ],
    [
      "an expiry in days",
      { ...recipe, expireAfter: "30d" },
      /^expireAfter: must be a duration such as 1h30m or Never, got "30d"/,
    ],
  ];
  for (const [what, spec, message] of faulty)
    it(`refuses ${what}`, () => {
      const faults = validateNodePool(spec);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", message);
    });

  it("takes the recipe's two forms, and labels of one's own", () => {
    assert.deepEqual(validateNodePool(recipe), []);
    assert.deepEqual(validateNodePool({ instanceTypes: ["c6gd.xlarge", "m7gd.xlarge"], expireAfter: "720h" }), []);
    const own = {
      requirements: [
        { key: "example.com/team", operator: "Exists" },
        { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] },
      ],
    };
    assert.deepEqual(validateNodePool({ ...own, labels: { "example.com/team": "a" } }), []);
  });
});

describe("matchingTypes", () => {
  const matching = (key: string, operator: string, ...values: string[]) =>
    matchingTypes([{ key: `${aws}${key}`, operator, values }]).map(({ name }) => name);
  const cases: [string, string[], number][] = [
    ["In", matching("family", "In", "i8g", "im4gn"), 17],
    ["NotIn", matching("category", "NotIn", "c", "m", "r", "x", "i", "im"), 6],
    ["Exists", matching("local-nvme", "Exists"), instanceTypes.length],
    ["DoesNotExist", matching("local-nvme", "DoesNotExist"), 0],
    ["Gt", matching("local-nvme", "Gt", "22500"), 10],
    ["Gte", matching("local-nvme", "Gte", "22500"), 12],
    ["Lt", matching("memory", "Lt", "4096"), 4],
    ["Lte", matching("memory", "Lte", "4096"), 12],
  ];
  for (const [operator, found, count] of cases)
    it(`evaluates ${operator}`, () => {
      assert.equal(found.length, count, found.join(" "));
    });

  it("tells categories by the letters before the first digit", () => {
    assert.ok(matching("category", "In", "i").every((name) => /^i\d/.test(name)));
    assert.ok(matching("category", "In", "is").includes("is4gen.medium"));
    assert.ok(matching("generation", "In", "4").includes("im4gn.large"));
    assert.deepEqual(matching("size", "In", "metal-48xl").length, 8);
  });
});

describe("capacityOfPool", () => {
  it("finds the 18 types of the recipe that have a disk, and the largest claim that all satisfy", () => {
    const capacity = capacityOfPool(recipe);
    assert.equal(capacity.types.length, 18);
    assert.deepEqual(capacity.disks, { min: 1, max: 1 });
    assert.deepEqual(capacity.diskBytes, { min: 237e9, max: 474e9 });
    assert.equal(capacity.largestClaimGi, 220);
    assert.ok(capacity.largestClaimGi * 2 ** 30 <= 237e9 && (capacity.largestClaimGi + 1) * 2 ** 30 > 237e9);
    assert.deepEqual(capacity.warnings, []);
  });

  it("prices a GB-month on demand over the types whose price is known", () => {
    const { usdPerGBMonth } = capacityOfPool({ instanceTypes: ["c6gd.xlarge"] });
    const type = instanceTypes.find(({ name }) => name === "c6gd.xlarge");
    assert.equal(usdPerGBMonth?.min, ((type?.usdPerHour ?? NaN) * 730) / 237);
    assert.equal(capacityOfPool({ instanceTypes: ["r9gd.xlarge"] }).usdPerGBMonth, undefined);
  });

  it("warns of narrow spot pools, not of narrow on-demand ones", () => {
    assert.match(
      capacityOfPool({ instanceTypes: ["c8gd.xlarge"] }).warnings[0] ?? "",
      /^1 instance types for spot, fewer than 10/,
    );
    assert.deepEqual(capacityOfPool({ instanceTypes: ["c8gd.xlarge"], capacityTypes: ["on-demand"] }).warnings, []);
  });

  it("warns of disks that the one consumer of a node leaves empty", () => {
    const { warnings, disks } = capacityOfPool({
      instanceTypes: ["i8g.16xlarge", "i8g.large"],
      capacityTypes: ["on-demand"],
    });
    assert.deepEqual(disks, { min: 1, max: 4 });
    assert.deepEqual(warnings, ["one consumer per node uses one disk: the others of i8g.16xlarge stay empty"]);
  });
});

describe("renderNodePool", () => {
  interface Rendered {
    template: { metadata: object; spec: Record<string, unknown> };
    disruption: { budgets: object[]; consolidationPolicy: string; consolidateAfter: string };
    limits: object;
  }
  const render = (spec: NodePoolSpec) => renderNodePool(spec, "class-1").spec as Rendered;

  it("requires local NVMe, arm64 and spot in both forms", () => {
    for (const spec of [recipe, { instanceTypes: ["c8gd.xlarge"] }])
      assert.deepEqual(renderRequirements(spec).slice(0, 4), [
        { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
        { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
        { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] },
        { key: `${aws}local-nvme`, operator: "Gt", values: ["0"] },
      ]);
  });

  it("labels and taints nodes by their StorageClass; the taint can be switched off", () => {
    const { template } = render({ ...recipe, storageClass: "dense", labels: { a: "b" } });
    assert.deepEqual(template.metadata, { labels: { a: "b", "eks-fast-disks/class": "dense" } });
    assert.deepEqual(template.spec.taints, [{ key: "eks-fast-disks/class", value: "dense", effect: "NoSchedule" }]);
    assert.equal("taints" in render({ ...recipe, taint: false }).template.spec, false);
  });

  it("holds drifted nodes unless the stack says replace", () => {
    assert.deepEqual(render(recipe).disruption.budgets, [{ nodes: "0", reasons: ["Drifted"] }, { nodes: "10%" }]);
    assert.deepEqual(render({ ...recipe, onDrift: "replace" }).disruption.budgets, [{ nodes: "10%" }]);
  });

  it("states consolidation, expiry and the grace period, whatever the stack leaves out", () => {
    const { template, disruption, limits } = render(recipe);
    assert.deepEqual([disruption.consolidationPolicy, disruption.consolidateAfter], ["WhenEmpty", "5m"]);
    assert.deepEqual([template.spec.expireAfter, template.spec.terminationGracePeriod], ["Never", "30m"]);
    assert.deepEqual(limits, { cpu: "100" });
    assert.deepEqual(template.spec.nodeClassRef, { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "class-1" });
  });
});

describe("secondsOf", () => {
  it("adds hours, minutes and seconds", () => {
    assert.deepEqual(["1h30m", "90s", "2h", ""].map(secondsOf), [5400, 90, 7200, 0]);
  });
});
