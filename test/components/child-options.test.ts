import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import {
  AddOns,
  BootImage,
  Cluster,
  DiskController,
  DiskNodeGroup,
  FastDisks,
  InterruptionQueue,
  Karpenter,
  KarpenterIdentity,
  LocalVolumes,
  Monitoring,
  Network,
  NodeCleanup,
  NodePool,
  SystemNodes,
} from "../../components";
import { childOptions } from "../../components/child-options";
import type { Resource } from "../../offline/graph";
import { record, settingsOf } from "../support/record";

type Options = pulumi.ComponentResourceOptions;
type Construct = (opts: Options) => pulumi.ComponentResource;

const kubernetesVersion = "1.35";
const subnetIds = ["subnet-01234567", "subnet-89abcdef"];
const constructs: Record<string, Construct> = {
  AddOns: (opts) =>
    new AddOns("x", { clusterName: "dev", kubernetesVersion, versions: { coredns: "most-recent" } }, opts),
  BootImage: (opts) => new BootImage("x", {}, opts),
  Cluster: (opts) =>
    new Cluster(
      "x",
      {
        name: "dev",
        kubernetesVersion,
        privateOnly: true,
        vpcId: "vpc-01234567",
        subnetIds,
        admins: { ops: "arn:aws:iam::123456789012:role/ops" },
      },
      opts,
    ),
  DiskController: (opts) => new DiskController("x", { storageClasses: ["a"] }, opts),
  DiskNodeGroup: (opts) =>
    new DiskNodeGroup(
      "x",
      {
        instanceTypes: ["c8gd.xlarge"],
        discovery: "udev",
        bottlerocketVersion: "1.66.0",
        kubernetesVersion,
        clusterName: "dev",
        subnetIds,
      },
      opts,
    ),
  FastDisks: (opts) =>
    new FastDisks(
      "x",
      { ...settingsOf("dev"), network: { newVpc: {} }, nodeGroups: { base: { instanceTypes: ["c8gd.xlarge"] } } },
      opts,
    ),
  InterruptionQueue: (opts) => new InterruptionQueue("x", {}, opts),
  Karpenter: (opts) => new Karpenter("x", { version: "1.14.0", clusterName: "dev", interruptionQueue: "queue" }, opts),
  KarpenterIdentity: (opts) => new KarpenterIdentity("x", { clusterName: "dev", queueArn: "arn" }, opts),
  LocalVolumes: (opts) => new LocalVolumes("x", { storageClasses: { a: {} } }, opts),
  Monitoring: (opts) => new Monitoring("x", { storageClasses: { a: {} }, localVolumesNamespace: "v" }, opts),
  Network: (opts) => new Network("x", { clusterName: "dev", newVpc: {} }, opts),
  NodeCleanup: (opts) => new NodeCleanup("x", { storageClasses: ["a"] }, opts),
  NodePool: (opts) =>
    new NodePool(
      "x",
      {
        instanceTypes: ["c8gd.xlarge"],
        discovery: "udev",
        bottlerocketVersion: "1.66.0",
        role: "role",
        subnetSelectorTerms: [{ id: "subnet-01234567" }],
        securityGroupSelectorTerms: [{ id: "sg-01234567" }],
      },
      opts,
    ),
  SystemNodes: (opts) =>
    new SystemNodes("x", { clusterName: "dev", subnetIds, kubernetesVersion, bottlerocketVersion: "1.66.0" }, opts),
};

/** Everything below the component that an engine would act on. */
function actedOn(resources: Resource[]): Resource[] {
  return resources.filter(({ key, name, custom, remote }) => (custom || remote) && /^x/.test(name) && key !== "");
}

describe("childOptions", () => {
  it("gives the parent, and merges what the caller depends on with our own", async () => {
    let merged: pulumi.CustomResourceOptions = {};
    await record(() => {
      const parent = constructs.LocalVolumes!({});
      const [theirs, ours] = [new aws.sqs.Queue("theirs"), new aws.sqs.Queue("ours")];
      merged = childOptions(parent, { dependsOn: theirs }, { dependsOn: ours, protect: true });
      assert.equal(merged.parent, parent);
      assert.deepEqual(merged.dependsOn, [theirs, ours]);
    });
    assert.equal(merged.protect, true);
  });
});

for (const [name, construct] of Object.entries(constructs))
  describe(`Options of ${name}`, () => {
    it("makes every child wait for what the component depends on", async () => {
      const graph = await record(() => construct({ dependsOn: [new aws.sqs.Queue("before")] }));
      const children = actedOn(graph.resources);
      assert.ok(children.length > 0);
      // Of its own: on destroy the engine does not look at what a parent depends on.
      const early = children.filter(({ dependencies }) => !dependencies.includes("aws:sqs/queue:Queue::before"));
      assert.deepEqual(
        early.map(({ key }) => key),
        [],
      );
    });

    it("makes every child by the providers given, except where the chain has its own", async () => {
      const graph = await record(() => {
        const kubeconfig = JSON.stringify({ apiVersion: "v1", kind: "Config" });
        const providers = [
          new aws.Provider("other", { region: "eu-central-1" }),
          new k8s.Provider("other", { kubeconfig }),
        ];
        construct({ providers });
      });
      const wrong = actedOn(graph.resources).filter(({ type, provider }) => {
        const [pack = ""] = type.split(":");
        if (!["aws", "kubernetes"].includes(pack)) return false;
        const expected = name === "FastDisks" && pack === "kubernetes" ? "x-kubernetes" : "other";
        return provider !== `pulumi:providers:${pack}::${expected}`;
      });
      assert.deepEqual(
        wrong.map(({ key, provider }) => [key, provider]),
        [],
      );
    });

    it("protects every child", async () => {
      const { resources } = await record(() => construct({ protect: true }));
      assert.deepEqual(
        actedOn(resources)
          .filter(({ protect }) => !protect)
          .map(({ key }) => key),
        [],
      );
    });

    it("hands every child to the caller's transformations", async () => {
      const seen = new Set<string>();
      const { resources } = await record(() =>
        construct({
          transformations: [
            ({ type, name: child }) => {
              seen.add(`${type}::${child}`);
              return undefined;
            },
          ],
        }),
      );
      assert.deepEqual(
        actedOn(resources)
          .filter(({ key }) => !seen.has(key))
          .map(({ key }) => key),
        [],
      );
    });

    // The engine derives a child's alias from its parent's, from parent to parent.
    it("puts every child below itself, so that an alias of the component reaches it", async () => {
      const { resources } = await record(() => construct({ aliases: [{ name: "before" }] }));
      const parents = new Map(resources.map(({ key, parent }) => [key, parent]));
      const root = `eks-fast-disks:index:${name}::x`;
      for (const { key } of resources) {
        let at: string | undefined = key;
        while (at !== undefined && at !== root) at = parents.get(at);
        assert.equal(at, root, key);
      }
    });
  });
