import type { PolicyStatement } from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { KarpenterIdentity } from "../../components";
import type { KarpenterIdentityArgs } from "../../components";
import type { Graph } from "../../offline/graph";
import { childTypes, only, outputOf, record } from "../support/record";

const program =
  (own: Partial<KarpenterIdentityArgs> = {}) =>
  () =>
    new KarpenterIdentity("k", { clusterName: "dev", queueArn: "arn:aws:sqs:us-east-1:123456789012:q", ...own });

function statementOf(graph: Graph, policy: string, sid: string): PolicyStatement {
  const { inputs } = only(graph, "aws:iam/policy:Policy", new RegExp(`^k-${policy}$`));
  const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: PolicyStatement[] };
  return Statement.find(({ Sid }) => Sid === sid)!;
}

describe("KarpenterIdentity", () => {
  it("makes both roles, the association, the nodes' access entry and five policies", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [
      "aws:eks/accessEntry:AccessEntry",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      ...Array<string>(5).fill("aws:iam/policy:Policy"),
      ...Array<string>(2).fill("aws:iam/role:Role"),
      ...Array<string>(9).fill("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
    ]);
    const node = only(graph, "aws:iam/role:Role", /node/);
    const entry = only(graph, "aws:eks/accessEntry:AccessEntry").inputs;
    assert.deepEqual([entry.type, entry.principalArn], ["EC2_LINUX", node.outputs.arn]);
    const association = only(graph, "aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs;
    assert.deepEqual([association.namespace, association.serviceAccount], ["kube-system", "karpenter"]);
    assert.equal(association.roleArn, only(graph, "aws:iam/role:Role", /controller/).outputs.arn);
  });

  it("may pass its own role only, and those of ready-made instance profiles, each once", async () => {
    const passed = async (instanceProfiles?: KarpenterIdentityArgs["instanceProfiles"]) => {
      const graph = await record(program({ instanceProfiles }));
      const own = String(only(graph, "aws:iam/role:Role", /node/).outputs.arn);
      const roles = statementOf(graph, "iam", "AllowPassingInstanceRole").Resource as string[];
      assert.equal(roles[0], own);
      return roles.slice(1);
    };
    assert.deepEqual(await passed(), []);
    assert.deepEqual(await passed(["b", pulumi.output("a"), "b"]), [
      "arn:aws:iam::123456789012:role/a-role",
      "arn:aws:iam::123456789012:role/b-role",
    ]);
  });

  it("may not look for scheduled events where maintenance is to be held", async () => {
    const actions = async (onMaintenance?: "hold" | "replace") =>
      JSON.stringify(
        statementOf(await record(program({ onMaintenance })), "discovery", "AllowRegionalReadActions").Action,
      );
    assert.match(await actions(), /ec2:DescribeInstanceStatus/);
    assert.match(await actions("replace"), /ec2:DescribeInstanceStatus/);
    assert.doesNotMatch(await actions("hold"), /ec2:DescribeInstanceStatus/);
  });

  it("waits for the cluster only with what AWS makes inside it", async () => {
    const createdClusterName = "made";
    const { resources } = await record(program({ createdClusterName }));
    const inside = resources.filter(({ inputs }) => inputs.clusterName === createdClusterName).map(({ type }) => type);
    assert.deepEqual(inside.sort(), [
      "aws:eks/accessEntry:AccessEntry",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    ]);
    const policies = resources.filter(({ type }) => type === "aws:iam/policy:Policy");
    for (const { inputs } of policies) assert.doesNotMatch(String(inputs.policy), /made/);
  });

  it("gives the nodes' role", async () => {
    assert.match(await outputOf(() => program()().nodeRoleName), /^k-node-/);
    assert.match(await outputOf(() => program()().nodeRoleArn), /^arn:aws:iam::123456789012:role\/k-node-/);
  });
});
