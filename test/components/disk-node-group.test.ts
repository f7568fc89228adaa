import assert from "node:assert/strict";
import { DiskNodeGroup } from "../../components";
import type { DiskNodeGroupArgs } from "../../components";
import { answering, childTypes, only, outputOf, record, refuses } from "../support/record";

const bootImage = `registry.example/boot@sha256:${"0".repeat(64)}`;
const program =
  (own: Partial<DiskNodeGroupArgs> = {}) =>
  () =>
    new DiskNodeGroup("d", {
      instanceTypes: ["c8gd.xlarge"],
      clusterName: "dev",
      subnetIds: ["subnet-01234567"],
      bottlerocketVersion: "1.66.0",
      bootImage,
      tags: { t: "v" },
      ...own,
    });
const groupType = "aws:eks/nodeGroup:NodeGroup";
const userDataOf = (inputs: Record<string, unknown>) => Buffer.from(String(inputs.userData), "base64").toString();

describe("DiskNodeGroup", () => {
  it("is a group with a template and a role of its own, in the first subnets that it was given", async () => {
    const graph = await record(program({ kubernetesVersion: "1.35" }));
    assert.deepEqual(childTypes(graph), [
      "aws:ec2/launchTemplate:LaunchTemplate",
      groupType,
      "aws:iam/role:Role",
      ...Array<string>(4).fill("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
      "pulumi:index:Stash",
    ]);
    const { inputs, parent, ignoreChanges, dependencies } = only(graph, groupType);
    assert.equal(parent, "eks-fast-disks:index:DiskNodeGroup::d");
    const { nodeRoleArn, releaseVersion, launchTemplate, ...others } = inputs;
    assert.match(String(nodeRoleArn), /:role\/d-role-/);
    assert.match(String(releaseVersion), /^1\.66\.0-[0-9a-f]{8}$/);
    assert.equal((launchTemplate as { version: unknown }).version, "1");
    assert.deepEqual(others, {
      amiType: "BOTTLEROCKET_ARM_64",
      capacityType: "ON_DEMAND",
      clusterName: "dev",
      forceUpdateVersion: false,
      instanceTypes: ["c8gd.xlarge"],
      nodeRepairConfig: { enabled: false },
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
      subnetIds: ["subnet-01234567"],
      tags: { t: "v" },
      taints: [{ key: "eks-fast-disks/class", value: "fast-disks", effect: "NO_SCHEDULE" }],
      updateConfig: { maxUnavailable: 1 },
      version: "1.35",
    });
    assert.deepEqual(ignoreChanges, []);
    assert.ok(dependencies.includes("pulumi:index:Stash::d-subnets"));
    assert.equal(dependencies.filter((key) => key.startsWith("aws:iam/rolePolicyAttachment:")).length, 4);
  });

  it("gives its nodes the boot container, and the labels that provisioners choose them by", async () => {
    const { inputs } = only(await record(program()), "aws:ec2/launchTemplate:LaunchTemplate");
    const text = userDataOf(inputs);
    assert.match(text, /^"eks-fast-disks\/class" = "fast-disks"\n"eks-fast-disks\/discovery" = "bootstrap"$/m);
    assert.ok(text.includes(bootImage));
    assert.equal("imageId" in inputs, false);
    const udev = await record(program({ discovery: "udev", bootImage: undefined }));
    assert.doesNotMatch(userDataOf(only(udev, "aws:ec2/launchTemplate:LaunchTemplate").inputs), /bootstrap-containers/);
  });

  it("leaves the number of nodes to whoever sizes the group, where a maximum is stated", async () => {
    const { inputs, ignoreChanges } = only(await record(program({ minSize: 2, maxSize: 5 })), groupType);
    assert.deepEqual(inputs.scalingConfig, { minSize: 2, desiredSize: 2, maxSize: 5 });
    assert.deepEqual(ignoreChanges, ["scalingConfig.desiredSize"]);
  });

  it("states no version in a cluster that others upgrade, and finds the release by the cluster's", async () => {
    let asked = "";
    const mocks = answering("getParameter", ({ name }) => {
      asked = String(name);
      return { insecureValue: "1.66.0-01234567" };
    });
    const call = mocks.call.bind(mocks);
    mocks.call = (args) => (args.token.endsWith(":getCluster") ? { version: "1.33" } : call(args));
    const { inputs } = only(await record(program(), mocks), groupType);
    assert.deepEqual(["version" in inputs, inputs.releaseVersion], [false, "1.66.0-01234567"]);
    assert.equal(asked, "/aws/service/bottlerocket/aws-k8s-1.33/arm64/1.66.0/image_version");
  });

  it("warns of types whose further disks stay empty, under its name", async () => {
    const { warnings } = await record(program({ instanceTypes: ["i8g.12xlarge"] }));
    assert.match(warnings.join("\n"), /d\.instanceTypes: one consumer per node uses one disk/);
  });

  it("gives the names of the group and of its role", async () => {
    assert.match(await outputOf(() => program()().nodeGroupName), /^d-group-/);
    assert.match(await outputOf(() => program()().nodeRoleName), /^d-role-/);
  });

  it("refuses wrong settings, all at once", async () => {
    await refuses(
      program({ minSize: 0, instanceTypes: ["c8g.xlarge"] }),
      /^d:\n {2}instanceTypes\.0: no arm64 type with local NVMe[^\n]*\n {2}minSize: must be a whole number from 1[^\n]*$/,
    );
  });
});
