import assert from "node:assert/strict";
import {
  clusterNameError,
  validateExistingClusterArgs,
  validateFoundCluster,
} from "../../../components/manifests/existing-cluster";
import type { BesideCluster, FoundCluster } from "../../../components/manifests/existing-cluster";

const found: FoundCluster = {
  kubernetesVersion: "1.35",
  vpcId: "vpc-01234567",
  subnetIds: ["subnet-01234567"],
  authenticationMode: "API",
};
const beside: BesideCluster = { bottlerocket: "1.66.0", karpenter: "1.14.0" };

describe("validateExistingClusterArgs", () => {
  it("takes a name and a profile, and no setting of a new cluster", () => {
    assert.deepEqual(validateExistingClusterArgs({ name: "dev", awsProfile: "work" }), []);
    assert.match(validateExistingClusterArgs({ name: "dev", logTypes: [] }).join(), /^logTypes: no such setting/);
  });
});

describe("clusterNameError", () => {
  it("refuses what EKS takes for no name", () => {
    assert.equal(clusterNameError("a-B_9"), undefined);
    for (const name of ["", "-a", "a b", "a".repeat(101)]) assert.match(clusterNameError(name) ?? "", /^name: must be/);
  });
});

describe("validateFoundCluster", () => {
  it("takes what fits", () => {
    assert.deepEqual(validateFoundCluster(found, beside), []);
    assert.deepEqual(validateFoundCluster({ ...found, subnetIds: [] }, { ...beside, vpcId: found.vpcId }), []);
    const theirs = { ...found, authenticationMode: "CONFIG_MAP" };
    assert.deepEqual(validateFoundCluster(theirs, { bottlerocket: "1.66.0" }), []);
  });

  it("refuses what does not, all at once", () => {
    const wrong = { ...found, kubernetesVersion: "1.36", authenticationMode: "CONFIG_MAP" };
    assert.deepEqual(validateFoundCluster(wrong, { bottlerocket: "1.50.0", karpenter: "1.12.0", vpcId: "vpc-1" }), [
      'bottlerocket.version: must be 1.61.0 or newer for Kubernetes 1.36, got "1.50.0"; raise it',
      'karpenter.version: must be 1.13.0 or newer for Kubernetes 1.36, got "1.12.0"; raise it',
      'network.existingVpc.vpcId: must be the cluster\'s, vpc-01234567, got "vpc-1"',
      "existingCluster: has authentication mode CONFIG_MAP, in which nodes cannot join by an access entry; change it to API_AND_CONFIG_MAP",
    ]);
    assert.match(
      validateFoundCluster({ ...found, subnetIds: [] }, beside).join(),
      /^network: the control plane has no/,
    );
    assert.match(validateFoundCluster({ ...found, kubernetesVersion: "1.2" }, beside).join(), /^existingCluster: its/);
  });
});
