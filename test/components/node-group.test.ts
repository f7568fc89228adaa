import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { createNodeGroup } from "../../components/node-group";
import { all, only, record } from "../support/record";

class Parent extends pulumi.ComponentResource {}

describe("createNodeGroup", () => {
  it("ignores changes of the group alone, and takes the layers in their order", async () => {
    const graph = await record(() => {
      const parent = new Parent("test:index:Parent", "p");
      createNodeGroup(
        parent,
        "n",
        {
          args: {
            clusterName: "dev",
            subnetIds: ["subnet-01234567"],
            bottlerocketVersion: "1.66.0",
            dataVolumeGiB: 40,
          },
          layers: pulumi.output([{ further: { motd: "first" } }, { further: { motd: "last" } }]),
          kubernetesVersion: "1.35",
          group: { scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 } },
          ignoreChanges: ["scalingConfig.desiredSize"],
        },
        { parent },
      );
    });
    const ignoring = graph.resources.filter(({ ignoreChanges }) => ignoreChanges.length > 0);
    assert.deepEqual(
      ignoring.map(({ key }) => key),
      ["aws:eks/nodeGroup:NodeGroup::n-group"],
    );
    const { userData, blockDeviceMappings } = only(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs;
    assert.match(Buffer.from(String(userData), "base64").toString(), /^motd = "last"$/m);
    assert.match(JSON.stringify(blockDeviceMappings), /"volumeSize":40/);
    assert.equal(all(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").length, 4);
  });
});
