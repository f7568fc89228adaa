import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { SystemNodes } from "../../components";
import type { SystemNodesArgs } from "../../components";
import { all, childTypes, only, outputOf, record, refuses } from "../support/record";

const program =
  (own: Partial<SystemNodesArgs> = {}) =>
  () =>
    new SystemNodes("s", {
      clusterName: "dev",
      subnetIds: ["subnet-01234567"],
      kubernetesVersion: "1.35",
      bottlerocketVersion: "1.66.0",
      tags: { t: "v" },
      ...own,
    });

describe("SystemNodes", () => {
  it("runs the stated Bottlerocket on arm64, with a template and a role of its own", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [
      "aws:ec2/launchTemplate:LaunchTemplate",
      "aws:eks/nodeGroup:NodeGroup",
      "aws:iam/role:Role",
      ...Array<string>(4).fill("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
    ]);
    const template = only(graph, "aws:ec2/launchTemplate:LaunchTemplate");
    const { inputs, parent } = only(graph, "aws:eks/nodeGroup:NodeGroup");
    assert.equal(parent, "eks-fast-disks:index:SystemNodes::s");
    const { nodeRoleArn, releaseVersion, launchTemplate, ...others } = inputs;
    assert.match(String(nodeRoleArn), /^arn:aws:iam::123456789012:role\/s-role-/);
    assert.match(String(releaseVersion), /^1\.66\.0-[0-9a-f]{8}$/);
    assert.deepEqual(Object.keys(launchTemplate as object), ["id", "version"]);
    assert.match((launchTemplate as { id: string }).id, /^lt-/);
    // Its number as text: EKS refuses `$Latest`.
    assert.equal((launchTemplate as { version: unknown }).version, "1");
    assert.ok(template.key);
    assert.deepEqual(others, {
      amiType: "BOTTLEROCKET_ARM_64",
      clusterName: "dev",
      instanceTypes: ["m7g.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 },
      subnetIds: ["subnet-01234567"],
      tags: { t: "v" },
      version: "1.35",
    });
  });

  it("joins only with its permissions", async () => {
    const graph = await record(program());
    const group = only(graph, "aws:eks/nodeGroup:NodeGroup");
    for (const { key, inputs } of all(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
      assert.ok(group.dependencies.includes(key));
      assert.match(String(inputs.policyArn), /^arn:aws:iam::aws:policy\/Amazon/);
    }
  });

  it("names and tags instances and volumes, and states no image: EKS picks it and merges its settings", async () => {
    const { inputs } = only(await record(program()), "aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal("imageId" in inputs, false);
    assert.deepEqual(
      inputs.tagSpecifications,
      ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: "s", t: "v" } })),
    );
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });

  it("takes sizes as Outputs, and the most from the fewest", async () => {
    const graph = await record(program({ minSize: pulumi.output(3) }));
    assert.deepEqual(only(graph, "aws:eks/nodeGroup:NodeGroup").inputs.scalingConfig, {
      minSize: 3,
      desiredSize: 3,
      maxSize: 4,
    });
  });

  it("lets the group's settings win over the cluster's", async () => {
    const further = (motd: string) => ({ further: { motd } });
    const graph = await record(program({ clusterSettings: further("cluster"), bottlerocket: further("group") }));
    const { userData } = only(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs;
    assert.match(Buffer.from(String(userData), "base64").toString(), /^motd = "group"$/m);
  });

  it("gives the node group's name", async () => {
    assert.match(await outputOf(() => program()().nodeGroupName), /^s-group-/);
  });

  it("refuses wrong settings, all at once", async () => {
    await refuses(
      program({ minSize: 1, instanceTypes: ["m7i.large"] }),
      /^s:\n {2}minSize: must be at least 2[^\n]*\n {2}instanceTypes\.0: must be an arm64 type[^\n]*$/,
    );
  });
});
