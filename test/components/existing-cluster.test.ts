import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { ExistingCluster } from "../../components";
import type { ExistingClusterArgs } from "../../components";
import { answering, childTypes, outputOf, record, refuses } from "../support/record";

const program = (args: ExistingClusterArgs) => () => new ExistingCluster("c", args);

describe("ExistingCluster", () => {
  it("makes nothing", async () => {
    assert.deepEqual(childTypes(await record(program({ name: "prod" }))), []);
  });

  it("gives what the other parts need", async () => {
    const found = await outputOf(() => {
      const { kubernetesVersion, endpoint, vpcId, securityGroupId, kubeconfigJson, authenticationMode } =
        new ExistingCluster("c", { name: pulumi.output("prod"), awsProfile: "work" });
      return pulumi.output({ kubernetesVersion, endpoint, vpcId, securityGroupId, kubeconfigJson, authenticationMode });
    });
    assert.match(found.endpoint, /^https:/);
    assert.match(found.vpcId, /^vpc-/);
    assert.match(found.securityGroupId, /^sg-/);
    assert.deepEqual([found.kubernetesVersion, found.authenticationMode], ["1.35", "API_AND_CONFIG_MAP"]);
    assert.match(found.kubeconfigJson, /"--cluster-name","prod".*"value":"work"/);
    assert.ok(found.kubeconfigJson.includes(`"server":"${found.endpoint}"`));
  });

  it("takes of the control plane's subnets those that give no public addresses", async () => {
    let asked: unknown;
    const mocks = answering("getSubnets", ({ filters }) => {
      asked = filters;
      return { ids: ["subnet-2", "subnet-1"] };
    });
    const ids = await outputOf(() => program({ name: "prod" })().subnetIds, mocks);
    assert.deepEqual(ids, ["subnet-1", "subnet-2"]);
    const [first, second] = asked as { name: string; values: string[] }[];
    assert.deepEqual([first?.name, first?.values.length], ["subnet-id", 2]);
    assert.deepEqual(second, { name: "map-public-ip-on-launch", values: ["false"] });
  });

  it("refuses what is no name", async () => {
    await refuses(program({ name: "my cluster" }), /^c:\n {2}name: must be 1 to 100 letters/);
  });
});
