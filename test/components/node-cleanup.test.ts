import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { NodeCleanup } from "../../components";
import type { NodeCleanupArgs } from "../../components";
import { childTypes, only, record, refuses } from "../support/record";

const program =
  (own: Partial<NodeCleanupArgs> = {}) =>
  () =>
    new NodeCleanup("n", { storageClasses: ["a"], ...own });

describe("NodeCleanup", () => {
  it("makes what the controller needs, and never starts it without its permissions", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [
      "kubernetes:apps/v1:Deployment",
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:Service",
      "kubernetes:core/v1:ServiceAccount",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    ]);
    const deployment = only(graph, "kubernetes:apps/v1:Deployment");
    assert.ok(deployment.dependencies.some((key) => key.includes("ClusterRoleBinding")));
    const account = only(graph, "kubernetes:core/v1:ServiceAccount");
    const namespace = only(graph, "kubernetes:core/v1:Namespace");
    const binding = only(graph, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs;
    const nameOf = ({ outputs }: { outputs: Record<string, unknown> }) => (outputs.metadata as { name: string }).name;
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: nameOf(account), namespace: nameOf(namespace) },
    ]);
    const { labels } = namespace.inputs.metadata as { labels: object };
    assert.deepEqual(labels, { "pod-security.kubernetes.io/enforce": "restricted" });
    const service = only(graph, "kubernetes:core/v1:Service").inputs.spec as { selector: object };
    const { template } = deployment.inputs.spec as { template: { metadata: { labels: object } } };
    assert.deepEqual(service.selector, template.metadata.labels);
  });

  it("releases claims after 15 s, or after the time that an Output brings", async () => {
    const delay = async (own: Partial<NodeCleanupArgs>) => {
      const { spec } = only(await record(program(own)), "kubernetes:apps/v1:Deployment").inputs;
      return (spec as { template: { spec: { containers: { args: string[] }[] } } }).template.spec.containers[0]
        ?.args[1];
    };
    assert.equal(await delay({}), "--pvc-deletion-delay=15s");
    assert.equal(await delay({ claimDeletionDelay: pulumi.output("2m") }), "--pvc-deletion-delay=2m");
  });

  it("refuses a time that an Output brings, once it is known", async () => {
    await refuses(
      program({ claimDeletionDelay: pulumi.output("60") }),
      /n:\n {2}claimDeletionDelay: must be a duration/,
    );
  });
});
