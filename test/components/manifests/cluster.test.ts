import assert from "node:assert/strict";
import { validateClusterArgs, validateControlPlane, validateForUp } from "../../../components/manifests/cluster";
import type { ControlPlaneSpec } from "../../../components/manifests/cluster";
import { refusesEach } from "../../support/errors";

const spec: ControlPlaneSpec = { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] };
const cidrs = (...publicAccessCidrs: string[]) => ({ ...spec, publicAccessCidrs });
const admin = (arn: string) => ({ ...spec, admins: { ops: arn } });

describe("validateControlPlane", () => {
  refusesEach<ControlPlaneSpec>(
    (one) => validateControlPlane(one, "cluster"),
    [
      ["a name of 101 characters", { ...spec, name: "x".repeat(101) }, /^cluster\.name: must be 1 to 100/],
      ["a name with a dot", { ...spec, name: "a.b" }, /^cluster\.name: must/],
      [
        "a cluster that up cannot reach",
        cidrs(),
        /^cluster\.publicAccessCidrs: must contain the network range that up runs from/,
      ],
      [
        "a private cluster with public ranges",
        { ...spec, privateOnly: true },
        /^cluster\.privateOnly: contradicts publicAccessCidrs/,
      ],
      [
        "the whole internet",
        cidrs("0.0.0.0/0"),
        /publicAccessCidrs\.0: must be \/8 or narrower, .* got "0\.0\.0\.0\/0"/,
      ],
      [
        "half of the internet",
        cidrs("0.0.0.0/1"),
        /publicAccessCidrs\.0: must be \/8 or narrower, .* got "0\.0\.0\.0\/1"/,
      ],
      [
        "a private range",
        cidrs("198.51.100.7/32", "172.16.0.0/12"),
        /publicAccessCidrs\.1: must be public, EKS refuses others, got "172\.16\.0\.0\/12"/,
      ],
      ["a range that is none", cidrs("my-office"), /publicAccessCidrs\.0: must be an IPv4 network range/],
      ["an administrator by name", admin("alice"), /^cluster\.admins\.ops: must be the ARN of an IAM role or user/],
      [
        "a session, with the role's ARN",
        admin("arn:aws:sts::123456789012:assumed-role/ops/me"),
        /admins\.ops: must be the ARN of a role, got that of a session, .* write arn:aws:iam::123456789012:role\/ops, /,
      ],
      [
        "an unknown log",
        { ...spec, logTypes: ["audits"] },
        /^cluster\.logTypes: must be of api, audit.*; did you mean "audit"\?/,
      ],
      [
        "a retention that CloudWatch does not have",
        { ...spec, logRetentionDays: 31 },
        /logRetentionDays: must be one of 1, 3, 5/,
      ],
      [
        "an add-on's version without build",
        { ...spec, addOns: { coredns: "1.12" } },
        /addOns\.coredns: must be most-recent or a version/,
      ],
    ],
  );
  it("takes a private cluster that says so, and versions as EKS names them", () => {
    const args: ControlPlaneSpec = {
      name: "dev",
      kubernetesVersion: "1.35",
      privateOnly: true,
      admins: { ops: "arn:aws:iam::123456789012:role/ops/admin" },
      addOns: { vpcCni: "v1.20.4-eksbuild.2" },
    };
    assert.deepEqual(validateControlPlane(args, "cluster"), []);
  });
});

describe("validateClusterArgs", () => {
  it("puts a number where a version belongs into quotes", () => {
    const errors = validateClusterArgs({ ...spec, kubernetesVersion: 1.35, vpcId: "vpc-01234567", subnetIds: [] });
    assert.equal(errors.length, 1, errors.join("\n"));
    assert.match(errors[0] ?? "", /^kubernetesVersion: must be a string, got 1\.35; .*"1\.35"/);
  });
});

describe("validateForUp", () => {
  it("refuses examples of RFC 5737 as the range that up comes from", () => {
    const errors = validateForUp(cidrs("203.0.113.0/24", "8.8.8.8/32", "192.0.2.1/32"), "cluster");
    assert.equal(errors.length, 2);
    assert.match(
      errors[0] ?? "",
      /^cluster\.publicAccessCidrs: must be the network range that up runs from, got "203\.0\.113\.0\/24"/,
    );
  });
});
