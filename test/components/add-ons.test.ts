import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { AddOns } from "../../components";
import type { AddOnsArgs } from "../../components";
import { all, outputOf, record, refuses } from "../support/record";

const program = (versions: AddOnsArgs["versions"]) => () =>
  new AddOns("a", { clusterName: "dev", kubernetesVersion: "1.35", versions, tags: { t: "v" } });

describe("AddOns", () => {
  it("takes the stated version, and asks for the most recent one only where that is stated", async () => {
    const graph = await record(program({ coredns: "v1.12.4-eksbuild.1", "vpc-cni": pulumi.output("most-recent") }));
    const addOns = all(graph, "aws:eks/addon:Addon");
    assert.deepEqual(
      addOns.map(({ inputs }) => inputs),
      [
        ["coredns", "v1.12.4-eksbuild.1"],
        ["vpc-cni", "v1.0.0-eksbuild.1"],
      ].map(([addonName, addonVersion]) => ({
        addonName,
        addonVersion,
        clusterName: "dev",
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        tags: { t: "v" },
      })),
    );
    for (const { parent } of addOns) assert.equal(parent, "eks-fast-disks:index:AddOns::a");
  });

  it("gives the versions in use", async () => {
    assert.deepEqual(await outputOf(() => program({ coredns: "most-recent" })().versions), {
      coredns: "v1.0.0-eksbuild.1",
    });
  });

  it("refuses a version that EKS does not know", async () => {
    await refuses(program({ coredns: "1.12" }), /^a:\n {2}versions\.coredns: must be most-recent or a version such as/);
  });
});
