import assert from "node:assert/strict";
import {
  bottlerocketVersionError,
  compareVersions,
  compatibilityError,
  karpenterVersionError,
  kubernetesVersionError,
  kubernetesVersions,
} from "../../components/versions";

const fitting = { kubernetes: "1.35", karpenter: "1.14.0", bottlerocket: "1.66.0" };

describe("versions", () => {
  it("are of Kubernetes' releases that have a Bottlerocket variant", () => {
    assert.deepEqual(kubernetesVersions, ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"]);
    for (const bad of ["1.30", "1.37", "1.3", "v1.35"])
      assert.match(kubernetesVersionError(bad) ?? "", /^must be one of 1\.31, .* got "/, bad);
  });
  it("have three parts and no v, and are Karpenter's 1.14", () => {
    for (const bad of ["v1.66.0", "1.66", "1.066.0", "1.66.0-rc1"])
      assert.match(bottlerocketVersionError(bad) ?? "", /^must be X\.Y\.Z without a "v"/, bad);
    assert.equal(bottlerocketVersionError("1.100.2"), undefined);
    assert.match(karpenterVersionError("1.9.0") ?? "", /^must be 1\.14\.x/);
    assert.equal(karpenterVersionError("1.14.12"), undefined);
  });
});

describe("compatibilityError", () => {
  it("names the first release that serves the Kubernetes version", () => {
    assert.equal(compatibilityError("bottlerocket", fitting), undefined);
    assert.equal(
      compatibilityError("bottlerocket", { ...fitting, bottlerocket: "1.52.9" }),
      'must be 1.53.0 or newer for Kubernetes 1.35, got "1.52.9"; raise it or lower cluster.kubernetesVersion',
    );
    assert.match(
      compatibilityError("bottlerocket", { ...fitting, kubernetes: "1.36", bottlerocket: "1.60.9" }) ?? "",
      /1\.61\.0/,
    );
    assert.match(
      compatibilityError("karpenter", { ...fitting, kubernetes: "1.36", karpenter: "1.12.3" }) ?? "",
      /1\.13\.0/,
    );
  });
});

describe("compareVersions", () => {
  it("compares parts as numbers", () => {
    assert.ok(compareVersions("1.9.0", "1.10.0") < 0);
    assert.ok(compareVersions("2.0.0", "1.99.99") > 0);
    assert.equal(compareVersions("1.2.3", "1.2.3"), 0);
  });
});
