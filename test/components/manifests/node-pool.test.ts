import assert from "node:assert/strict";
import { instanceTypes } from "../../../catalogue/instance-types";
import {
  deleteTimeoutOf,
  renderNodePool,
  renderPoolNodeClass,
  validateNodePoolArgs,
} from "../../../components/manifests/node-pool";
import type { NodePoolSpec } from "../../../components/manifests/node-pool";
import { refusesEach } from "../../support/errors";

const spec: NodePoolSpec = {
  instanceTypes: ["i8g.16xlarge", "i8g.12xlarge"],
  bootImage: `registry.example/boot@sha256:${"0".repeat(64)}`,
  bottlerocketVersion: "1.66.0",
  role: "node",
  subnetSelectorTerms: [{ tags: { a: "b" } }],
  securityGroupSelectorTerms: [{ id: "sg-01234567" }],
};

describe("validateNodePoolArgs", () => {
  refusesEach<object>(validateNodePoolArgs, [
    ["neither role nor profile", { ...spec, role: undefined }, /^role: set exactly one of role and instanceProfile/],
    ["both", { ...spec, instanceProfile: "p" }, /^role: set exactly one/],
    [
      "no security groups",
      { ...spec, securityGroupSelectorTerms: [] },
      /^securityGroupSelectorTerms: must have at least one/,
    ],
    [
      "no image",
      { ...spec, bootImage: undefined },
      /^bootImage: must be the image of the bootstrap container, got none; set it, or discovery udev/,
    ],
    ["an image by tag", { ...spec, bootImage: "boot:1" }, /^bootImage: must be an image by digest/],
    [
      "a version with a v",
      { ...spec, bottlerocketVersion: "v1.66.0" },
      /^bottlerocketVersion: must be X\.Y\.Z without a "v"/,
    ],
    ["a word that is no capacity", { ...spec, capacity: "many" }, /^capacity: must be one of exclusive, counted/],
    ["several numbers of disks that are counted", { ...spec, capacity: "counted" }, /^disks: must be set with/],
    ["a rule of the pool", { ...spec, expireAfter: "30d" }, /^expireAfter: must be a duration/],
  ]);
  it("takes a pool without image where Bottlerocket makes the links", () => {
    assert.deepEqual(validateNodePoolArgs({ ...spec, discovery: "udev", bootImage: undefined }), []);
  });
});

describe("renderPoolNodeClass", () => {
  const userDataOf = (own: Partial<NodePoolSpec>) => renderPoolNodeClass({ ...spec, ...own }).spec.userData;
  it("expects as many disks as every matching type has", () => {
    const [, encoded = ""] = /user-data = "([^"]+)"/.exec(userDataOf({})) ?? [];
    assert.match(Buffer.from(encoded, "base64").toString(), /^minimumDisks=3\nonMissing=fail\n/);
  });
  it("has no container where udev makes the links", () => {
    assert.doesNotMatch(userDataOf({ discovery: "udev" }), /bootstrap-containers/);
  });
});

describe("renderNodePool", () => {
  interface Rendered {
    template: { metadata: object; spec: Record<string, unknown> };
    disruption: { budgets: object[]; consolidationPolicy: string; consolidateAfter: string };
    limits: object;
  }
  const render = (own: Partial<NodePoolSpec> = {}) => renderNodePool({ ...spec, ...own }, "class-1").spec as Rendered;

  it("labels nodes by class and discovery, and taints them by class; the taint can be switched off", () => {
    const { template } = render({ storageClass: "dense", labels: { a: "b" } });
    assert.deepEqual(template.metadata, {
      labels: { a: "b", "eks-fast-disks/class": "dense", "eks-fast-disks/discovery": "bootstrap" },
    });
    assert.deepEqual(template.spec.taints, [{ key: "eks-fast-disks/class", value: "dense", effect: "NoSchedule" }]);
    assert.equal("taints" in render({ taint: false }).template.spec, false);
  });

  it("holds drifted nodes unless the stack says replace", () => {
    assert.deepEqual(render().disruption.budgets, [{ nodes: "0", reasons: ["Drifted"] }, { nodes: "10%" }]);
    assert.deepEqual(render({ onDrift: "replace" }).disruption.budgets, [{ nodes: "10%" }]);
  });

  it("states consolidation, expiry and the grace period, whatever the stack leaves out", () => {
    const { template, disruption, limits } = render();
    assert.deepEqual([disruption.consolidationPolicy, disruption.consolidateAfter], ["WhenEmpty", "5m"]);
    assert.deepEqual([template.spec.expireAfter, template.spec.terminationGracePeriod], ["Never", "30m"]);
    assert.deepEqual(limits, { cpu: "100" });
    assert.deepEqual(template.spec.nodeClassRef, { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "class-1" });
  });
});

describe("renderNodePool with capacity counted", () => {
  const weightOf = (own: object, capacity?: "counted" | "exclusive") =>
    renderNodePool({ instanceTypes: ["i8g.xlarge", "i8g.8xlarge", "i8g.16xlarge"], ...own }, "class-1", capacity).spec
      .weight;

  it("prefers pools with fewer disks", () => {
    assert.deepEqual(
      [1, 2, 4].map((disks) => weightOf({ disks }, "counted")),
      [99, 98, 96],
    );
  });

  it("draws no pods to a pool without the taint, and weighs nothing where a node has one consumer", () => {
    assert.equal(weightOf({ disks: 1, taint: false }, "counted"), undefined);
    for (const capacity of ["exclusive", undefined] as const) assert.equal(weightOf({ disks: 1 }, capacity), undefined);
  });

  it("stays within Karpenter's 1 to 100 for every type", () => {
    for (const { name, disks } of instanceTypes) {
      const weight = weightOf({ instanceTypes: [name], disks }, "counted") ?? 0;
      assert.ok(weight >= 1 && weight <= 100, `${name}: ${weight}`);
    }
  });

  it("changes nothing else", () => {
    const { weight, ...counted } = renderNodePool({ ...spec, disks: 4 }, "class-1", "counted").spec;
    assert.deepEqual([weight, counted], [96, renderNodePool({ ...spec, disks: 4 }, "class-1").spec]);
  });
});

describe("deleteTimeoutOf", () => {
  it("is the drain and EC2's own time, or a day where the drain is known later", () => {
    assert.deepEqual([undefined, "2h", "90s", {}].map(deleteTimeoutOf), ["50m", "140m", "22m", "24h"]);
  });
});
