import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import type { FastDisksArgs } from "../../components";
import { renderPlacement } from "../../components/manifests/placement";
import type { Graph } from "../../offline/graph";
import { all, only, outputOf, record, recordUp, refuses, settingsOf } from "../support/record";

const nodeClassType = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const overlayType = "kubernetes:karpenter.sh/v1alpha1:NodeOverlay";
const releaseType = "kubernetes:helm.sh/v3:Release";
const of = (args: FastDisksArgs, name = "fd") => record(() => new FastDisks(name, args));

interface NodeClass {
  role?: string;
  instanceProfile?: string;
  userData: string;
  subnetSelectorTerms: { id: string }[];
  securityGroupSelectorTerms: { id: string }[];
}
const nodeClassOf = (graph: Graph, name?: RegExp) => only(graph, nodeClassType, name).inputs.spec as NodeClass;

describe("FastDisks", () => {
  it("puts every part below itself, and every child below its part", async () => {
    const { resources } = await of(settingsOf("prod"));
    for (const { key, parent, name, type } of resources) {
      assert.ok(name === "fd" || name.startsWith("fd-"), key);
      if (type === "eks-fast-disks:index:FastDisks") continue;
      assert.ok(parent, key);
      if (type.startsWith("eks-fast-disks:")) assert.equal(parent, "eks-fast-disks:index:FastDisks::fd");
    }
    const parts = resources.filter(({ parent }) => parent === "eks-fast-disks:index:FastDisks::fd");
    assert.deepEqual(
      parts.map(({ name }) => name).sort(),
      ["add-ons", "boot-image", "cache", "cleanup", "cluster", "dense", "disk-controller", "dns", "interruption"]
        .concat(["karpenter", "karpenter-identity", "kubernetes", "name", "network", "system", "volumes"])
        .map((part) => `fd-${part}`),
    );
  });

  it("launches nodes into the subnets that were found, by id, and into no other VPC's", async () => {
    const existingVpc = (own: object): FastDisksArgs => ({
      ...settingsOf("prod"),
      network: { existingVpc: { vpcId: "vpc-0123456789abcdef0", ...own } },
    });
    const subnetIds = ["subnet-01234567", "subnet-89abcdef"];
    const byId = await of(existingVpc({ subnetIds }));
    const byTags = await of(existingVpc({ subnets: [{ tags: { Name: "a" } }, { tags: { Name: "b" } }] }));
    for (const pool of [/dense/, /cache/]) {
      assert.deepEqual(nodeClassOf(byId, pool).subnetSelectorTerms, [
        { id: "subnet-01234567" },
        { id: "subnet-89abcdef" },
      ]);
      const found = nodeClassOf(byTags, pool).subnetSelectorTerms;
      assert.deepEqual(
        found.map((term) => Object.keys(term)),
        [["id"], ["id"]],
      );
      const group = only(byTags, "aws:eks/nodeGroup:NodeGroup").inputs.subnetIds as string[];
      assert.deepEqual(
        found.map(({ id }) => id),
        group,
      );
    }
    const { securityGroupSelectorTerms } = nodeClassOf(byId, /dense/);
    assert.match(securityGroupSelectorTerms[0]?.id ?? "", /^sg-[0-9a-f]{17}$/);
  });

  it("lets Karpenter pass the role of a pool's ready-made instance profile", async () => {
    const args = settingsOf("dev");
    args.pools = { ...args.pools, own: { instanceTypes: ["c8gd.xlarge"], instanceProfile: "ready" } };
    const graph = await of(args);
    assert.match(
      String(only(graph, "aws:iam/policy:Policy", /-iam$/).inputs.policy),
      /"arn:aws:iam::123456789012:role\/ready-role"/,
    );
    const { role, instanceProfile } = nodeClassOf(graph, /own/);
    assert.deepEqual([role, instanceProfile], [undefined, "ready"]);
    assert.match(nodeClassOf(graph, /fast-class/).role ?? "", /^fd-karpenter-identity-node-/);
  });

  it("holds maintenance in the rules and in the permissions", async () => {
    const args = settingsOf("dev");
    args.karpenter = { ...args.karpenter, onMaintenance: "hold" };
    const graph = await of(args);
    assert.deepEqual(all(graph, "aws:cloudwatch/eventRule:EventRule", /health/), []);
    assert.doesNotMatch(String(only(graph, "aws:iam/policy:Policy", /-discovery$/).inputs.policy), /InstanceStatus/);
  });

  it("protects, with deletion protection, what lets Karpenter end nodes, so that destroy stops before the first", async () => {
    const protectedParts = async (args: FastDisksArgs) => {
      const { resources } = await of(args);
      return [...new Set(resources.filter(({ protect, custom, remote }) => protect && (custom || remote)).map(partOf))];
      function partOf({ parent = "" }: { parent?: string }): string {
        return parent.split("::")[1] ?? "";
      }
    };
    assert.deepEqual((await protectedParts(settingsOf("prod"))).sort(), [
      "fd-add-ons",
      "fd-cache",
      "fd-cluster",
      "fd-dense",
      "fd-dns",
      "fd-karpenter",
      "fd-karpenter-identity",
      "fd-system",
    ]);
    assert.deepEqual(await protectedParts(settingsOf("dev")), []);
  });

  it("protects every resource of those parts, and of the cluster the control plane alone", async () => {
    const { resources } = await of(settingsOf("prod"));
    const whole = /^fd-(add-ons|dns|system|cache|dense|karpenter|karpenter-identity)$/;
    for (const { key, parent, protect, custom } of resources.filter((resource) => resource.custom || resource.remote)) {
      const part = parent?.split("::")[1] ?? "";
      assert.equal(protect, (whole.test(part) && custom) || key === "eks:index:Cluster::fd-cluster-eks", key);
    }
  });

  it("takes another endpoint for another cluster, although it has the same name", async () => {
    const graph = await of(settingsOf("dev"));
    const { inputs } = only(graph, "pulumi:providers:kubernetes");
    assert.match(String(inputs.clusterIdentifier), /^https:\/\//);
    for (const { type, provider, key } of graph.resources.filter((resource) => resource.custom))
      if (type.startsWith("kubernetes:")) assert.equal(provider, "pulumi:providers:kubernetes::fd-kubernetes", key);
  });

  it("makes no image, no repository and no bootstrap container where udev makes the links", async () => {
    const args = settingsOf("dev");
    args.pools = { fast: { ...args.pools.fast, discovery: "udev" } };
    const graph = await of(args);
    assert.deepEqual(
      graph.resources
        .filter(({ type, name }) => /ecr|docker|BootImage/.test(type) && !name.startsWith("fd-disk-controller"))
        .map(({ key }) => key),
      [],
    );
    assert.doesNotMatch(nodeClassOf(graph).userData, /bootstrap-containers/);
    assert.equal(await outputOf(() => new FastDisks("fd", args).bootImage), "");
  });

  it("gives what people need", async () => {
    const chain = await outputOf(() => {
      const made = new FastDisks("fd", settingsOf("prod"));
      return pulumi.output({
        clusterName: made.clusterName,
        vpcId: made.vpcId,
        subnetIds: made.subnetIds,
        clusterSecurityGroupId: made.clusterSecurityGroupId,
        nodeRoleName: made.nodeRoleName,
        interruptionQueueName: made.interruptionQueueName,
        nodePoolNames: made.nodePoolNames,
        kubeconfigJson: made.kubeconfigJson,
        bootImage: made.bootImage,
        placements: made.placements,
      });
    });
    assert.deepEqual([chain.clusterName, chain.vpcId], ["fast-disks-prod", "vpc-0123456789abcdef0"]);
    assert.equal(chain.subnetIds.length, 2);
    assert.match(chain.clusterSecurityGroupId, /^sg-/);
    assert.match(chain.nodeRoleName, /^fd-karpenter-identity-node-/);
    assert.match(chain.interruptionQueueName, /^fd-interruption-queue-/);
    assert.deepEqual(Object.keys(chain.nodePoolNames), ["cache", "dense"]);
    assert.match(chain.nodePoolNames.dense ?? "", /^fd-dense-pool-/);
    assert.match(chain.kubeconfigJson, /"get-token"/);
    assert.match(chain.bootImage, /@sha256:/);
    assert.deepEqual(Object.keys(chain.placements), ["fast-disks", "dense"]);
  });

  it("covers every class by its controllers", async () => {
    const graph = await of(settingsOf("prod"));
    const firstFlag = (name: RegExp) => {
      const { template } = only(graph, "kubernetes:apps/v1:Deployment", name).inputs.spec as {
        template: { spec: { containers: { args: string[] }[] } };
      };
      return template.spec.containers[0]?.args[0];
    };
    assert.equal(firstFlag(/-cleanup-/), "--storageclass-names=fast-disks,dense");
    assert.equal(firstFlag(/-disk-controller-/), "--storage-classes=fast-disks,dense");
  });

  it("counts disks in every part that has to know, or in none", async () => {
    const args = settingsOf("prod");
    args.pools = { ...args.pools, dense: { ...args.pools.dense, disks: 1 }, pair: { ...args.pools.dense, disks: 2 } };
    const partsOf = (graph: Graph) => ({
      overlays: all(graph, overlayType).map(({ name }) => name),
      weights: all(graph, "kubernetes:karpenter.sh/v1:NodePool").map(
        ({ inputs }) => (inputs.spec as { weight?: number }).weight,
      ),
      gate: (only(graph, releaseType, /karpenter-controller/).inputs.values as { settings: { featureGates?: object } })
        .settings.featureGates,
      flags: JSON.stringify(only(graph, "kubernetes:apps/v1:Deployment", /-disk-controller-/).inputs.spec).match(
        /--capacity=\w+/g,
      ),
    });
    const placements = (own: FastDisksArgs) => outputOf(() => new FastDisks("fd", own).placements);
    const counted = partsOf(await of({ ...args, capacity: "counted" }));
    assert.deepEqual(counted, {
      overlays: ["fd-cache-disks", "fd-dense-disks", "fd-pair-disks"],
      weights: [99, 99, 98],
      gate: { nodeOverlay: true },
      flags: ["--capacity=counted"],
    });
    assert.deepEqual((await placements({ ...args, capacity: "counted" })).dense, renderPlacement("dense", "counted"));
    const exclusive = { overlays: [], weights: [undefined, undefined, undefined], gate: undefined, flags: null };
    assert.deepEqual(partsOf(await of(args)), exclusive);
    assert.deepEqual((await placements(args)).dense, renderPlacement("dense"));
  });

  it("makes of exclusive what it makes of nothing", async () => {
    const args = settingsOf("prod");
    const made = async (own: FastDisksArgs) =>
      (await of(own)).resources.filter(({ custom, remote }) => custom || remote);
    assert.deepEqual(await made({ ...args, capacity: "exclusive" }), await made(args));
  });

  it("warns that an existing Karpenter needs the feature gate", async () => {
    const { bottlerocket, pools } = settingsOf("dev");
    const existing = { existingCluster: { name: "dev" }, existingKarpenter: { nodeRole: "nodes" } };
    const warningsOf = async (own: Partial<FastDisksArgs>) =>
      (await of({ bottlerocket, pools, ...existing, ...own })).warnings.join();
    assert.match(await warningsOf({ capacity: "counted" }), /existingKarpenter: .*featureGates\.nodeOverlay/);
    assert.doesNotMatch(await warningsOf({}), /nodeOverlay/);
  });

  for (const name of ["F".repeat(40), `Fast-Disks-${"x".repeat(28)}Z`, "f"])
    it(`keeps every physical name within its limit for the chain ${name}`, async () => {
      const args = settingsOf("dev");
      const [pool, storageClass] = ["p".repeat(20), "s".repeat(20)];
      args.cluster = { ...args.cluster, name: "C".repeat(100), admins: { ops: "arn:aws:iam::123456789012:role/ops" } };
      args.pools = { [pool]: { ...args.pools.fast, storageClass } };
      args.storageClasses = { [storageClass]: {} };
      const graph = await of(args, name);
      // AWS's limits and Kubernetes', of names that end in a hyphen and 7 or 8 characters of Pulumi's.
      const limits: Record<string, [most: number, form: RegExp]> = {
        Role: [64, /^[\w+=,.@-]+$/],
        Policy: [128, /^[\w+=,.@-]+$/],
        EventRule: [64, /^[\w.-]+$/],
        Queue: [80, /^[\w-]+$/],
        NodeGroup: [63, /^[A-Za-z0-9][\w-]*$/],
        Repository: [256, /^[a-z0-9]+(-[a-z0-9]+)*$/],
        LaunchTemplate: [128, /^[\w().\/-]{3,}$/],
        Release: [53, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/],
        ...Object.fromEntries(
          ["NodePool", "EC2NodeClass", "Namespace", "Service", "ServiceAccount", "Deployment", "ClusterRole"]
            .concat("ClusterRoleBinding", "RoleBinding", "PodDisruptionBudget")
            .map((kind) => [kind, [63, /^[a-z]([a-z0-9-]*[a-z0-9])?$/] as [number, RegExp]]),
        ),
      };
      const met = new Set<string>();
      for (const { type, name: logical, inputs } of graph.resources) {
        const kind = type.split(":").at(-1) ?? "";
        const [most, form] = limits[kind] ?? [Infinity, /./];
        if (type.startsWith("eks-fast-disks:") || "name" in inputs) continue;
        assert.ok(logical.length + 9 <= most, `${type} ${logical}`);
        assert.match(logical, form, type);
        if (kind in limits) met.add(kind);
      }
      assert.deepEqual([...met].sort(), Object.keys(limits).sort());
      const names = graph.resources.map(({ key }) => key);
      assert.equal(new Set(names).size, names.length);
    });

  it("states no physical name but the cluster's and its log group's", async () => {
    const { resources } = await of(settingsOf("dev"));
    const named = resources.filter(
      ({ type, inputs }) => /^(aws|eks):/.test(type) && ("name" in inputs || "namePrefix" in inputs),
    );
    assert.deepEqual(
      named.map(({ key }) => key),
      ["aws:cloudwatch/logGroup:LogGroup::fd-cluster-logs", "eks:index:Cluster::fd-cluster-eks"],
    );
  });

  it("refuses a name that is too long or starts with a digit, and what does not fit together", async () => {
    const args = settingsOf("dev");
    await refuses(() => new FastDisks("F".repeat(41), args), /name: must be 1 to 40 letters, digits and hyphens/);
    await refuses(() => new FastDisks("1st", args), /name: must be 1 to 40/);
    args.bottlerocket = { ...args.bottlerocket, version: "1.0.0" };
    await refuses(
      () => new FastDisks("fd", args),
      /^fd:\n {2}bottlerocket\.version: must be 1\.53\.0 or newer for Kubernetes 1\.35, got "1\.0\.0"/,
    );
  });

  it("refuses a cluster that up could not reach: privateOnly inside a VPC that is still to be made", async () => {
    const args = settingsOf("prod");
    args.network = { newVpc: {} };
    await refuses(() => new FastDisks("fd", args), /^fd:\n {2}cluster\.privateOnly: up cannot run inside a VPC/);
  });

  it("warns of a documentation range in preview, and refuses it in up", async () => {
    const args = settingsOf("dev");
    const message = /cluster\.publicAccessCidrs: must be the network range that up runs from, got "203\.0\.113\.0\/24"/;
    assert.match((await of(args)).warnings.join("\n"), message);
    await assert.rejects(
      recordUp(() => new FastDisks("fd", args)),
      message,
    );
  });

  it("gives each class two releases of the provisioner", async () => {
    assert.deepEqual(
      all(await of(settingsOf("prod")), releaseType, /-volumes-/).map(({ name }) => name),
      ["fd-volumes-dense", "fd-volumes-dense-udev", "fd-volumes-fast-disks", "fd-volumes-fast-disks-udev"],
    );
  });
});
