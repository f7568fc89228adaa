import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { DiskController } from "../../components";
import type { DiskControllerArgs } from "../../components";
import { childTypes, only, outputOf, record, refuses } from "../support/record";

const program =
  (own: Partial<DiskControllerArgs> = {}) =>
  () =>
    new DiskController("d", { storageClasses: ["a"], ...own });
const reference = `registry.example/own@sha256:${"0".repeat(64)}`;
const rbac = "kubernetes:rbac.authorization.k8s.io/v1";

describe("DiskController", () => {
  it("makes an image and what runs it, and never starts it without its permissions", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [
      "aws:ecr/repository:Repository",
      "docker:index/image:Image",
      "kubernetes:apps/v1:Deployment",
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:Service",
      "kubernetes:core/v1:ServiceAccount",
      "kubernetes:policy/v1:PodDisruptionBudget",
      `${rbac}:ClusterRole`,
      `${rbac}:ClusterRoleBinding`,
      `${rbac}:Role`,
      `${rbac}:RoleBinding`,
    ]);
    const { dependencies, inputs } = only(graph, "kubernetes:apps/v1:Deployment");
    for (const kind of ["ClusterRoleBinding", "RoleBinding"])
      assert.ok(
        dependencies.some((key) => key.includes(`:${kind}:`)),
        kind,
      );
    const nameOf = (type: string) => (only(graph, type).outputs.metadata as { name: string }).name;
    const [account, namespace] = ["ServiceAccount", "Namespace"].map((kind) => nameOf(`kubernetes:core/v1:${kind}`));
    const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
    assert.deepEqual(only(graph, `${rbac}:ClusterRoleBinding`).inputs.subjects, subjects);
    assert.deepEqual(only(graph, `${rbac}:RoleBinding`).inputs.subjects, subjects);
    for (const kind of ["Role", "RoleBinding"]) {
      const { metadata } = only(graph, `${rbac}:${kind}`).inputs as { metadata: { namespace: string } };
      assert.equal(metadata.namespace, namespace);
    }
    const { template } = inputs.spec as { template: { spec: { containers: { image: string; args: string[] }[] } } };
    assert.match(template.spec.containers[0]?.image ?? "", /\/d-repository-[0-9a-f]{7}@sha256:[0-9a-f]{64}$/);
    assert.ok(template.spec.containers[0]?.args.includes(`--lease-namespace=${namespace ?? ""}`));
  });

  it("takes a ready-made image, also from an Output", async () => {
    const made = childTypes(await record(program({ reference })));
    assert.deepEqual(
      made.filter((type) => !type.startsWith("kubernetes:")),
      [],
    );
    assert.equal(await outputOf(() => program({ reference: pulumi.output(reference) })().image), reference);
  });

  it("refuses an image by tag, at once or when an Output is known", async () => {
    const message = /d:\n {2}reference: must be an image by digest/;
    await refuses(program({ reference: "own:1" }), message);
    await refuses(program({ reference: pulumi.output("own:1") }), message);
  });
});
