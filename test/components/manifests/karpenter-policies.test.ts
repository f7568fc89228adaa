import type { PolicyStatement } from "@pulumi/aws/iam";
import assert from "node:assert/strict";
import { controllerPolicies, renderControllerPolicies } from "../../../components/manifests/karpenter-policies";
import type { ControllerScope } from "../../../components/manifests/karpenter-policies";

describe("renderControllerPolicies", () => {
  // AWS counts the characters of a managed policy without white space.
  const maximumPolicyLength = 6144;
  const scope = (clusterName: string): ControllerScope => ({
    partition: "aws-us-gov",
    region: "ap-southeast-1",
    accountId: "123456789012",
    clusterName,
    queueArn: `arn:aws-us-gov:sqs:ap-southeast-1:123456789012:${"q".repeat(80)}`,
    nodeRoleArns: ["r", "s", "t"].map((letter) => `arn:aws-us-gov:iam::123456789012:role/${letter.repeat(64)}`),
    onMaintenance: "replace",
  });
  it("splits what no single policy could hold, each within AWS's limit for a name of 100 characters", () => {
    const policies = renderControllerPolicies(scope("x".repeat(100)));
    assert.deepEqual(Object.keys(policies), [...controllerPolicies]);
    for (const [name, policy] of Object.entries(policies))
      assert.ok(JSON.stringify(policy).length <= maximumPolicyLength, `${name} ${JSON.stringify(policy).length}`);
    assert.ok(JSON.stringify(policies).length > maximumPolicyLength);
  });
  it("scopes every change to what carries the cluster's tags", () => {
    const all = Object.values(renderControllerPolicies(scope("mine"))).flatMap(
      ({ Statement }) => Statement as PolicyStatement[],
    );
    const changing = all.filter(({ Action }) =>
      /(ec2|iam):(Create|Delete|Terminate|Add|Remove|Tag|Run)/.test(JSON.stringify(Action)),
    );
    assert.equal(changing.length, 10);
    const unscoped = changing.filter(
      ({ Condition }) => !JSON.stringify(Condition ?? {}).includes('kubernetes.io/cluster/mine":"owned"'),
    );
    // Subnets, images and groups carry no tags of Karpenter's; the spot role is the account's.
    assert.deepEqual(
      unscoped.map(({ Sid }) => Sid),
      ["AllowScopedEC2InstanceAccessActions", "AllowSpotServiceLinkedRoleCreation"],
    );
  });
  it("passes the stated roles to EC2 alone", () => {
    const { Statement } = renderControllerPolicies(scope("mine")).iam as { Statement: PolicyStatement[] };
    const pass = Statement.filter(({ Action }) => Action === "iam:PassRole");
    assert.deepEqual(
      pass.map(({ Resource }) => Resource),
      [scope("mine").nodeRoleArns],
    );
    assert.match(
      JSON.stringify(pass[0]?.Condition),
      /^\{"StringEquals":\{"iam:PassedToService":\["ec2\.amazonaws\.com"/,
    );
  });
});
