import assert from "node:assert/strict";
import {
  existingKarpenterSchema,
  existingKarpenterWarnings,
  validateExistingKarpenter,
  validateFoundNodeRole,
} from "../../../components/manifests/existing-karpenter";
import { validateBy } from "../../../components/manifests/validation";

const arn = "arn:aws:iam::123456789012:role/nodes";
const trust = '{"Statement":[{"Principal":{"Service":"ec2.amazonaws.com"}}]}';
const found = { arn, trust, accessEntry: "EC2_LINUX", authenticationMode: "API" };

describe("validateExistingKarpenter", () => {
  it("takes a role's name, and says what to write in place of its ARN", () => {
    assert.deepEqual(validateExistingKarpenter({ nodeRole: "nodes" }, ""), []);
    assert.deepEqual(validateExistingKarpenter({ nodeRole: arn }, "existingKarpenter"), [
      `existingKarpenter.nodeRole: must be the name of an IAM role, got "${arn}"; write "nodes"`,
    ]);
    assert.match(
      validateBy(existingKarpenterSchema, validateExistingKarpenter, {}).join(),
      /^nodeRole: must be a string/,
    );
  });
});

describe("existingKarpenterWarnings", () => {
  it("names the feature gate and the definition where disks are counted", () => {
    assert.match(
      existingKarpenterWarnings("counted").join(),
      /^existingKarpenter: .*settings\.featureGates\.nodeOverlay .*nodeoverlays\.karpenter\.sh/,
    );
    for (const capacity of ["exclusive", undefined] as const) assert.deepEqual(existingKarpenterWarnings(capacity), []);
  });
});

describe("validateFoundNodeRole", () => {
  it("takes a role of nodes that join", () => {
    assert.deepEqual(validateFoundNodeRole(found), []);
    assert.deepEqual(validateFoundNodeRole({ ...found, accessEntry: undefined, authenticationMode: "CONFIG_MAP" }), []);
  });

  it("refuses others", () => {
    const errors = (own: object) => validateFoundNodeRole({ ...found, ...own }).join();
    assert.match(errors({ trust: '"pods.eks.amazonaws.com"' }), /does not trust ec2\.amazonaws\.com/);
    assert.match(errors({ accessEntry: undefined }), /must have an access entry of type EC2_LINUX, .* has none/);
    assert.match(errors({ accessEntry: "STANDARD" }), /has one of type STANDARD/);
  });
});
