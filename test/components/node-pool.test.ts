import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { NodePool } from "../../components";
import type { NodePoolArgs } from "../../components";
import { renderNodeOverlay } from "../../components/manifests/node-overlay";
import type { Graph } from "../../offline/graph";
import { childTypes, only, outputOf, record, refuses } from "../support/record";

const nodeClassType = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const nodePoolType = "kubernetes:karpenter.sh/v1:NodePool";
const overlayType = "kubernetes:karpenter.sh/v1alpha1:NodeOverlay";
const bootImage = `registry.example/boot@sha256:${"0".repeat(64)}`;
const args = (): NodePoolArgs => ({
  instanceTypes: ["c8gd.xlarge"],
  bootImage: pulumi.output(bootImage),
  bottlerocketVersion: "1.66.0",
  role: "node-role",
  subnetSelectorTerms: [{ tags: { a: "b" } }],
  securityGroupSelectorTerms: [{ id: "sg-01234567" }],
});
const program =
  (own: Partial<NodePoolArgs> = {}) =>
  () =>
    new NodePool("p", { ...args(), ...own });

interface NodeClass {
  role?: string;
  instanceProfile?: string;
  userData: string;
  subnetSelectorTerms: object[];
}
const classOf = (graph: Graph) => only(graph, nodeClassType).inputs.spec as NodeClass;

describe("NodePool", () => {
  it("makes a class and a pool that names it, with the bootstrap container by digest", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [nodeClassType, nodePoolType]);
    const { role, userData } = classOf(graph);
    assert.equal(role, "node-role");
    assert.ok(
      userData.includes(
        `[settings.bootstrap-containers.fast-disks]\nsource = "${bootImage}"\nmode = "always"\nessential = true`,
      ),
      userData,
    );
    const nodePool = only(graph, nodePoolType);
    const { template } = nodePool.inputs.spec as { template: { spec: { nodeClassRef: { name: string } } } };
    const { name } = only(graph, nodeClassType).outputs.metadata as { name: string };
    assert.equal(template.spec.nodeClassRef.name, name);
    assert.deepEqual(nodePool.dependencies, [only(graph, nodeClassType).key]);
    assert.match(graph.warnings.join(), /^p\.instanceTypes: 1 instance types for spot, fewer than 10/);
  });

  it("makes nothing more where a node has one consumer", async () => {
    const made = async (own: Partial<NodePoolArgs>) =>
      (await record(program(own))).resources.filter(({ custom }) => custom);
    assert.deepEqual(await made({ capacity: "exclusive" }), await made({}));
  });

  it("makes an overlay where disks are counted, behind the pool that it names", async () => {
    const graph = await record(program({ capacity: "counted" }));
    assert.deepEqual(childTypes(graph), [nodeClassType, nodePoolType, overlayType]);
    const [nodePool, overlay] = [only(graph, nodePoolType), only(graph, overlayType)];
    assert.deepEqual([overlay.name, overlay.parent], ["p-disks", nodePool.parent]);
    assert.deepEqual(overlay.dependencies, [nodePool.key]);
    assert.equal((nodePool.inputs.spec as { weight?: number }).weight, 99);
    const { name } = nodePool.outputs.metadata as { name: string };
    assert.deepEqual(
      { metadata: overlay.inputs.metadata, spec: overlay.inputs.spec },
      (({ metadata, spec }) => ({ metadata, spec }))(renderNodeOverlay({ instanceTypes: ["c8gd.xlarge"] }, name)),
    );
  });

  it("gives an overlay what its component depends on", async () => {
    const graph = await record(() => {
      const before = new pulumi.ComponentResource("test:index:Before", "before");
      const first = new Namespace("first", {}, { parent: before });
      new NodePool("p", { ...args(), capacity: "counted" }, { dependsOn: first });
    });
    assert.ok(only(graph, overlayType).dependencies.some((key) => key.endsWith("::first")));
  });

  it("counts by a number that is known later, and refuses several then", async () => {
    const instanceTypes = ["i8g.xlarge", "i8g.8xlarge"];
    const graph = await record(program({ instanceTypes, capacity: "counted", disks: pulumi.output(2) }));
    assert.deepEqual((only(graph, overlayType).inputs.spec as { capacity: object }).capacity, {
      "eks-fast-disks/disk": "2",
    });
    const message = /^p:\n {2}disks: must be set with capacity counted/;
    await refuses(program({ instanceTypes, capacity: "counted" }), message);
    await refuses(program({ instanceTypes: pulumi.output(instanceTypes), capacity: "counted" }), message);
  });

  it("lets the API server choose names, so that a replacement never meets its predecessor", async () => {
    const graph = await record(program());
    for (const type of [nodeClassType, nodePoolType]) assert.deepEqual(only(graph, type).inputs.metadata, {});
    assert.match(await outputOf(() => program()().nodePoolName), /^p-pool-[0-9a-f]{7}$/);
  });

  it("waits for the drain and EC2's own time when it is deleted", async () => {
    const timeouts = async (own: Partial<NodePoolArgs>) => {
      const graph = await record(program(own));
      return [only(graph, nodeClassType).deleteTimeout, only(graph, nodePoolType).deleteTimeout];
    };
    assert.deepEqual(await timeouts({}), ["50m", "50m"]);
    assert.deepEqual(await timeouts({ terminationGracePeriod: "2h" }), ["140m", "140m"]);
    assert.deepEqual(await timeouts({ terminationGracePeriod: pulumi.output("2h") }), ["24h", "24h"]);
  });

  it("takes terms, types and settings as Outputs", async () => {
    const subnetSelectorTerms = pulumi.output(["subnet-01234567"]).apply((ids) => ids.map((id) => ({ id })));
    const graph = await record(
      program({
        subnetSelectorTerms,
        instanceTypes: pulumi.output(["c8gd.xlarge", "c8gd.2xlarge"]),
        bottlerocket: pulumi.output({ further: { motd: "hello" } }),
      }),
    );
    const { subnetSelectorTerms: terms, userData } = classOf(graph);
    assert.deepEqual(terms, [{ id: "subnet-01234567" }]);
    assert.match(userData, /motd = "hello"/);
  });

  it("takes a ready-made instance profile instead of a role, and refuses both and neither", async () => {
    const graph = await record(program({ role: undefined, instanceProfile: "profile" }));
    assert.deepEqual([classOf(graph).role, classOf(graph).instanceProfile], [undefined, "profile"]);
    const message = /^p:\n {2}role: set exactly one of role and instanceProfile$/;
    await refuses(program({ role: undefined }), message);
    await refuses(program({ instanceProfile: "profile" }), message);
  });

  it("lets the pool's settings win over the cluster's, and the bootstrap container over both", async () => {
    const graph = await record(
      program({
        clusterSettings: { hostContainers: { admin: { enabled: true } }, further: { motd: "cluster" } },
        bottlerocket: { further: { motd: "pool" } },
      }),
    );
    const { userData } = classOf(graph);
    assert.match(userData, /motd = "pool"/);
    assert.match(userData, /containers.admin\]\nenabled = true/);
  });

  it("needs no image where Bottlerocket's own links are used", async () => {
    const { userData } = classOf(await record(program({ discovery: "udev", bootImage: undefined })));
    assert.doesNotMatch(userData, /bootstrap-containers/);
    await refuses(
      program({ bootImage: undefined }),
      /^p:\n {2}bootImage: must be the image of the bootstrap container/,
    );
  });
});
