import assert from "node:assert/strict";
import { validateAddOnVersions, validateAddOnsArgs } from "../../../components/manifests/add-ons";

describe("validateAddOnVersions", () => {
  it("takes most-recent and versions with their build, and refuses the rest by key", () => {
    assert.deepEqual(validateAddOnVersions({ vpcCni: "most-recent", coredns: "v1.12.4-eksbuild.1" }, "addOns"), []);
    assert.deepEqual(validateAddOnVersions({ kubeProxy: "latest" }, "addOns"), [
      'addOns.kubeProxy: must be most-recent or a version such as v1.3.8-eksbuild.2, got "latest"',
    ]);
  });
});

describe("validateAddOnsArgs", () => {
  it("reports the Kubernetes version and each add-on at once", () => {
    const versions = { coredns: "1.12", "vpc-cni": "1.20" };
    const errors = validateAddOnsArgs({ clusterName: "dev", kubernetesVersion: "1.20", versions });
    assert.deepEqual(
      errors.map((error) => error.replace(/: .*/, "")),
      ["kubernetesVersion", "versions.coredns", "versions.vpc-cni"],
    );
  });
});
