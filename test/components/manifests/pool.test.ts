import assert from "node:assert/strict";
import {
  capacityOfPool,
  poolSchema,
  renderRequirements,
  validatePool,
  validatePoolCapacity,
} from "../../../components/manifests/pool";
import type { PoolSpec } from "../../../components/manifests/pool";
import { validateBy } from "../../../components/manifests/validation";
import { refusesEach } from "../../support/errors";

const aws = "karpenter.k8s.aws/instance-";
const recipe: PoolSpec = {
  requirements: [
    { key: `${aws}category`, operator: "In", values: ["c", "m", "r"] },
    { key: `${aws}generation`, operator: "Gt", values: ["6"] },
    { key: `${aws}cpu`, operator: "In", values: ["4", "8"] },
  ],
};

describe("validatePool", () => {
  refusesEach<PoolSpec>(
    (spec) => validatePool(spec, "pools.fast"),
    [
      ["neither requirements nor types", {}, /^pools\.fast\.requirements: set exactly one/],
      ["both", { ...recipe, instanceTypes: ["c8gd.xlarge"] }, /^pools\.fast\.requirements: set exactly one/],
      ["no capacity type", { ...recipe, capacityTypes: [] }, /capacityTypes: must include spot/],
      [
        "on-demand without spot",
        { ...recipe, capacityTypes: ["on-demand"] },
        /capacityTypes: must include spot, on-demand is its fallback, got \[on-demand\]/,
      ],
      [
        "an unknown limit",
        { ...recipe, limits: { cpu: "1", gpus: "1" } },
        /limits\.gpus: is not a limit of Karpenter; known are cpu, memory, nodes/,
      ],
      ["a limit that is no quantity", { ...recipe, limits: { cpu: "many" } }, /limits\.cpu: must be a quantity/],
      [
        "a pool that starts no node",
        { ...recipe, limits: { cpu: "1", nodes: "0" } },
        /limits\.nodes: must be above 0, or the pool starts no node/,
      ],
      [
        "limits without cpu and memory",
        { ...recipe, limits: { nodes: "3" } },
        /limits: must limit cpu or memory, or the cost has no limit/,
      ],
      [
        "our class label",
        { ...recipe, labels: { "eks-fast-disks/class": "x" } },
        /labels\.eks-fast-disks\/class: is set by storageClass/,
      ],
      [
        "our discovery label",
        { ...recipe, labels: { "eks-fast-disks/discovery": "x" } },
        /is set by discovery; leave it out/,
      ],
      [
        "a label in Karpenter's domain",
        { ...recipe, labels: { "karpenter.sh/x": "y" } },
        /is in a domain of Karpenter or Kubernetes/,
      ],
      ["a label value with a space", { ...recipe, labels: { a: "b c" } }, /labels\.a: must be a Kubernetes label/],
      [
        "a delay without unit",
        { ...recipe, consolidateAfter: "30" },
        /consolidateAfter: must be a duration such as 1h30m, got "30"/,
      ],
      [
        "an endless grace period",
        { ...recipe, terminationGracePeriod: "Never" },
        /terminationGracePeriod: must be a duration/,
      ],
      [
        "an expiry in days",
        { ...recipe, expireAfter: "30d" },
        /expireAfter: must be a duration such as 720h, or Never, got "30d"/,
      ],
      [
        "a number of disks that no type has",
        { ...recipe, disks: 2 },
        /^pools\.fast\.disks: must be 1, the number of disks of its types, got 2$/,
      ],
      ["an empty instance profile", { ...recipe, instanceProfile: "" }, /instanceProfile: must be a name of 1 to 128/],
      [
        "an instance profile by ARN",
        { ...recipe, instanceProfile: "arn:aws:iam::123456789012:instance-profile/a" },
        /instanceProfile: must be a name/,
      ],
    ],
  );
  it("takes the recipe's two forms, and labels of one's own", () => {
    assert.deepEqual(validatePool(recipe, ""), []);
    assert.deepEqual(validatePool({ instanceTypes: ["c6gd.xlarge", "m7gd.xlarge"], expireAfter: "720h" }, ""), []);
    assert.deepEqual(validatePool({ ...recipe, labels: { "example.com/team": "a" } }, ""), []);
  });
  it("refuses shapes of the wrong type: a limit as number, a word that nobody knows", () => {
    const errors = validateBy(poolSchema, validatePool, {
      ...recipe,
      limits: { cpu: 100 },
      capacityTypes: ["onDemand"],
      onDrift: "keep",
    });
    assert.equal(errors.length, 3, errors.join("\n"));
    assert.match(
      errors.join("\n"),
      /^capacityTypes\.0: must be one of spot, on-demand, got "onDemand"; did you mean "on-demand"\?$/m,
    );
  });
});

describe("renderRequirements", () => {
  it("requires local NVMe, arm64 and spot in both forms", () => {
    for (const spec of [recipe, { instanceTypes: ["c8gd.xlarge"] }])
      assert.deepEqual(renderRequirements(spec).slice(0, 4), [
        { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
        { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
        { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] },
        { key: `${aws}local-nvme`, operator: "Gt", values: ["0"] },
      ]);
  });
  it("leaves only types with the stated number of disks, beside the other requirements", () => {
    const spec: PoolSpec = {
      requirements: [{ key: `${aws}family`, operator: "In", values: ["i4g", "is4gen"] }],
      capacityTypes: ["spot", "on-demand"],
    };
    const one = renderRequirements({ ...spec, disks: 2 });
    assert.deepEqual(one.slice(0, -1), renderRequirements(spec));
    assert.deepEqual(one.at(-1), {
      key: "node.kubernetes.io/instance-type",
      operator: "In",
      values: ["i4g.8xlarge", "is4gen.4xlarge"],
    });
    const { types, disks } = capacityOfPool({ ...spec, disks: 2 });
    assert.deepEqual([types, disks], [["i4g.8xlarge", "is4gen.4xlarge"], { min: 2, max: 2 }]);
  });
});

describe("validatePoolCapacity", () => {
  const mixed: PoolSpec = { instanceTypes: ["i8g.xlarge", "i8g.8xlarge"] };
  it("refuses several numbers of disks where disks are counted", () => {
    assert.match(
      validatePoolCapacity(mixed, () => "counted", "pools.dense").join(),
      /^pools\.dense\.disks: must be set with capacity counted: its types have 1 or 2 disks/,
    );
  });
  it("takes them where a node has one consumer, and one number in each case", () => {
    for (const capacity of ["exclusive", undefined] as const)
      assert.deepEqual(
        validatePoolCapacity(mixed, () => capacity, ""),
        [],
      );
    for (const spec of [recipe, { ...mixed, disks: 2 }])
      assert.deepEqual(
        validatePoolCapacity(spec, () => "counted", ""),
        [],
      );
  });
});

describe("capacityOfPool", () => {
  it("finds the 18 types of the recipe that have a disk, and the largest claim that all satisfy", () => {
    const capacity = capacityOfPool(recipe);
    assert.equal(capacity.types.length, 18);
    assert.deepEqual(capacity.disks, { min: 1, max: 1 });
    assert.deepEqual(capacity.diskBytes, { min: 237e9, max: 474e9 });
    assert.equal(capacity.largestClaimGi, 220);
    assert.deepEqual(capacity.warnings, []);
  });
});
