import assert from "node:assert/strict";
import { SystemNodes } from "../../components";
import { nodePolicies } from "../../components/manifests/iam";
import { all, only, record } from "../support/record";

describe("createNodeRole", () => {
  it("lets instances assume the role, and attaches every policy that a node needs to it alone", async () => {
    const graph = await record(
      () =>
        new SystemNodes("s", {
          clusterName: "dev",
          subnetIds: ["subnet-01234567", "subnet-89abcdef"],
          kubernetesVersion: "1.35",
          bottlerocketVersion: "1.66.0",
        }),
    );
    const role = only(graph, "aws:iam/role:Role");
    assert.match(String(role.inputs.assumeRolePolicy), /"Service":"ec2.amazonaws.com"/);
    const attachments = all(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.deepEqual(
      attachments.map(({ inputs }) => String(inputs.policyArn)).sort(),
      nodePolicies.map((policy) => `arn:aws:iam::aws:policy/${policy}`).sort(),
    );
    assert.ok(attachments.every(({ propertyDependencies }) => propertyDependencies.role?.includes(role.key)));
  });
});
