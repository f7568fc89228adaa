import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { Karpenter } from "../../components";
import { childTypes, only, record, refuses } from "../support/record";

const program = (version: pulumi.Input<string>) => () =>
  new Karpenter("k", { version, clusterName: "dev", interruptionQueue: "queue" });

describe("Karpenter", () => {
  it("releases CRDs and controller in one version, the CRDs first, and the controller on system nodes", async () => {
    const release = "kubernetes:helm.sh/v3:Release";
    const graph = await record(program(pulumi.output("1.14.0")));
    assert.deepEqual(childTypes(graph), [release, release]);
    const crds = only(graph, release, /crds/);
    const controller = only(graph, release, /controller/);
    assert.deepEqual(
      [crds, controller].map(({ inputs }) => [inputs.chart, inputs.version, inputs.namespace]),
      [
        ["oci://public.ecr.aws/karpenter/karpenter-crd", "1.14.0", "kube-system"],
        ["oci://public.ecr.aws/karpenter/karpenter", "1.14.0", "kube-system"],
      ],
    );
    assert.equal(controller.inputs.skipCrds, true);
    const { settings } = controller.inputs.values as { settings: object };
    assert.deepEqual(settings, { clusterName: "dev", interruptionQueue: "queue" });
    assert.deepEqual(controller.dependencies, [crds.key]);
  });

  it("refuses a version that its manifests are not written for", async () => {
    await refuses(program("1.9.0"), /^k:\n {2}version: must be 1\.14\.x, .* got "1\.9\.0"$/);
  });
});
