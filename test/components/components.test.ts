import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import * as components from "../../components";
import { only, record, settingsOf, typesOf } from "../support/record";
import type { Graph } from "../../offline/graph";
import { StandIns } from "../../offline/stand-ins";

const bottlerocketVersion = "1.66.0";
const kubernetesVersion = "1.35";

/** Types of a component's own children, without the component. */
const childrenOf = (graph: Graph) => typesOf(graph).filter((type) => !type.startsWith("eks-fast-disks:"));

async function refused(program: () => unknown, message: RegExp): Promise<void> {
  await assert.rejects(record(program), message);
}

describe("Network", () => {
  it("makes a VPC whose subnets Karpenter and load balancers find, with routed S3 and one NAT gateway", async () => {
    const graph = await record(
      () => new components.Network("n", { clusterName: "dev", newVpc: { zones: 2 }, tags: { t: "v" } }),
    );
    assert.deepEqual(childrenOf(graph), ["awsx:ec2:Vpc"]);
    const { inputs, propertyDependencies, parent } = only(graph, "awsx:ec2:Vpc");
    assert.equal(parent, "eks-fast-disks:index:Network::n");
    assert.deepEqual(inputs.availabilityZoneNames, ["us-east-1a", "us-east-1b"]);
    assert.deepEqual(inputs.natGateways, { strategy: "Single" });
    assert.deepEqual([inputs.subnetStrategy, inputs.vpcEndpointStrategy], ["Auto", "Auto"]);
    assert.deepEqual(inputs.vpcEndpointSpecs, [
      { serviceName: "com.amazonaws.us-east-1.s3", vpcEndpointType: "Gateway" },
    ]);
    assert.deepEqual(
      (inputs.subnetSpecs as { type: string; tags: object }[]).map(({ type, tags }) => [type, tags]),
      [
        ["Public", { t: "v", "kubernetes.io/role/elb": "1" }],
        ["Private", { t: "v", "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": "dev" }],
      ],
    );
    // The component's provider takes zones as plain values, and gets them so only while they depend on no resource.
    assert.deepEqual(propertyDependencies, {});
  });

  it("leaves out the zones that EKS refuses, and says so where too few are left", async () => {
    const asked: unknown[] = [];
    const mocks = new StandIns("us-east-1");
    const call = mocks.call.bind(mocks);
    mocks.call = (args) => {
      asked.push(args);
      return args.token.endsWith("getAvailabilityZones") ? { names: ["us-east-1a"] } : call(args);
    };
    await assert.rejects(
      record(() => new components.Network("n", { clusterName: "dev", newVpc: {} }), mocks),
      /newVpc.zones: 3 asked for, EKS takes 1 here/,
    );
    assert.match(JSON.stringify(asked), /"excludeZoneIds":\["use1-az3","usw1-az2","cac1-az3"\]/);
  });

  it("finds the subnets of an existing VPC by several terms, and makes nothing", async () => {
    let network: components.Network | undefined;
    const subnets = [{ tags: { Name: "us-east-1a" } }, { tags: { Name: "us-east-1b" } }];
    let ids: unknown;
    const graph = await record(() => {
      network = new components.Network("n", { clusterName: "prod", existingVpc: { vpcId: "vpc-01234567", subnets } });
      network.subnetIds.apply((found) => (ids = found));
    });
    assert.deepEqual(childrenOf(graph), []);
    assert.equal((ids as string[]).length, 2);
    assert.deepEqual(ids, [...(ids as string[])].sort());
  });

  it("refuses a term that finds no subnet, as soon as somebody needs them", async () => {
    const mocks = new StandIns("us-east-1");
    mocks.call = () => ({ ids: [] });
    const existingVpc = { vpcId: "vpc-01234567", subnets: [{ tags: { Name: "x" } }] };
    const program = () => {
      const { vpcId, subnetIds } = new components.Network("n", { clusterName: "prod", existingVpc });
      new components.Cluster("c", { name: "prod", kubernetesVersion, privateOnly: true, vpcId, subnetIds });
    };
    const message = /existingVpc.subnets.0: no subnet of vpc-01234567 matches {"tags":{"Name":"x"}}/;
    await assert.rejects(record(program, mocks), message);
  });
});

describe("BootImage", () => {
  it("pushes to an immutable, scanned and encrypted repository, and builds for arm64 by content", async () => {
    const graph = await record(() => new components.BootImage("b", {}));
    assert.deepEqual(childrenOf(graph), [
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      "aws:ecr/repository:Repository",
      "docker:index/image:Image",
    ]);
    const { inputs } = only(graph, "aws:ecr/repository:Repository");
    assert.deepEqual([inputs.imageTagMutability, inputs.forceDelete], ["IMMUTABLE", false]);
    assert.deepEqual(inputs.imageScanningConfiguration, { scanOnPush: true });
    assert.deepEqual(inputs.encryptionConfigurations, [{ encryptionType: "AES256" }]);
    const image = only(graph, "docker:index/image:Image").inputs;
    assert.match(String(image.imageName), /\.amazonaws\.com\/b-repository-[0-9a-f]{7}:[0-9a-f]{16}$/);
    assert.equal((image.build as { platform: string }).platform, "linux/arm64");
    assert.equal(image.buildOnPreview, false);
    assert.equal((image.registry as { password: string }).password, "[secret]");
  });

  it("makes nothing of a ready-made image", async () => {
    const reference = `registry.example/boot@sha256:${"0".repeat(64)}`;
    assert.deepEqual(childrenOf(await record(() => new components.BootImage("b", { reference }))), []);
  });
});

describe("Cluster", () => {
  const args = { name: "dev", kubernetesVersion, vpcId: "vpc-01234567", subnetIds: ["subnet-01234567"] };
  it("has access entries, all logs, no nodes, add-ons or groups of its own, and a tag for Karpenter", async () => {
    const graph = await record(
      () =>
        new components.Cluster("c", {
          ...args,
          publicAccessCidrs: ["203.0.113.0/24"],
          admins: ["arn:aws:iam::123456789012:role/ops"],
        }),
    );
    assert.deepEqual(childrenOf(graph), ["aws:ec2/tag:Tag", "eks:index:Cluster"]);
    const { inputs } = only(graph, "eks:index:Cluster");
    const sdkDefaults = { resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "OVERWRITE" };
    assert.deepEqual(inputs, {
      name: "dev",
      version: kubernetesVersion,
      vpcId: "vpc-01234567",
      privateSubnetIds: ["subnet-01234567"],
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false, ...sdkDefaults },
      corednsAddonOptions: { enabled: false, ...sdkDefaults },
      authenticationMode: "API",
      accessEntries: {
        "role/ops": {
          principalArn: "arn:aws:iam::123456789012:role/ops",
          accessPolicies: {
            admin: {
              policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
              accessScope: { type: "cluster" },
            },
          },
        },
      },
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: false,
    });
    const tag = only(graph, "aws:ec2/tag:Tag").inputs;
    assert.deepEqual([tag.key, tag.value], ["karpenter.sh/discovery", "dev"]);
    assert.match(String(tag.resourceId), /^sg-/);
    assert.deepEqual(graph.warnings, [
      "c.publicAccessCidrs: 203.0.113.0/24 is nobody's block; name your own before up",
    ]);
  });

  it("states no public block where there is none", async () => {
    const { inputs } = only(
      await record(() => new components.Cluster("c", { ...args, privateOnly: true, deletionProtection: true })),
      "eks:index:Cluster",
    );
    assert.deepEqual(
      [inputs.endpointPublicAccess, inputs.publicAccessCidrs, inputs.deletionProtection],
      [false, undefined, true],
    );
  });

  it("is refused where up could not reach it, with the property", async () => {
    await refused(() => new components.Cluster("c", args), /c: publicAccessCidrs: nobody outside the network/);
    await assert.rejects(
      record(() => new components.Cluster("c", args)),
      (error) => pulumi.InputPropertiesError.isInstance(error) && error.errors[0]?.propertyPath === "publicAccessCidrs",
    );
  });
});

describe("AddOns", () => {
  it("asks for the most recent version only where that is stated", async () => {
    const versions = { coredns: "v1.12.4-eksbuild.1", "vpc-cni": "most-recent" };
    const graph = await record(() => new components.AddOns("a", { clusterName: "dev", kubernetesVersion, versions }));
    const addOns = graph.resources
      .filter(({ type }) => type === "aws:eks/addon:Addon")
      .map(({ inputs }) => [inputs.addonName, inputs.addonVersion]);
    assert.deepEqual(addOns, [
      ["coredns", "v1.12.4-eksbuild.1"],
      ["vpc-cni", "v1.0.0-eksbuild.1"],
    ]);
  });
});

describe("SystemNodes", () => {
  const program = () => {
    const cluster = new components.Cluster("c", {
      name: "dev",
      kubernetesVersion,
      vpcId: "vpc-01234567",
      subnetIds: [],
      privateOnly: true,
    });
    const eksCluster: pulumi.Output<eks.Cluster> = cluster.cluster;
    new components.SystemNodes("s", {
      cluster: eksCluster,
      subnetIds: ["subnet-01234567"],
      kubernetesVersion,
      bottlerocketVersion,
      tags: { t: "v" },
    });
  };
  it("runs the stated Bottlerocket on arm64, from a template without image, with a role of its own", async () => {
    const graph = await record(program);
    const { inputs } = only(graph, "eks:index:ManagedNodeGroup");
    assert.equal(inputs.amiType, "BOTTLEROCKET_ARM_64");
    assert.match(String(inputs.releaseVersion), /^1\.66\.0-[0-9a-f]{8}$/);
    assert.equal(inputs.version, kubernetesVersion);
    assert.deepEqual(inputs.scalingConfig, { minSize: 2, desiredSize: 2, maxSize: 3 });
    assert.equal((inputs.launchTemplate as { version: unknown }).version, "1");
    assert.equal(inputs.cluster, "eks:index:Cluster::c-eks");
    const forbidden = [
      "kubeletExtraArgs",
      "bootstrapExtraArgs",
      "bottlerocketSettings",
      "nodeadmExtraOptions",
      "enableIMDSv2",
      "userData",
      "amiId",
      "enableEfaSupport",
    ];
    assert.deepEqual(
      forbidden.filter((key) => key in inputs),
      [],
    );
    const template = only(graph, "aws:ec2/launchTemplate:LaunchTemplate").inputs;
    assert.equal("imageId" in template, false);
    assert.deepEqual((template.tagSpecifications as { tags: object }[])[0]?.tags, { Name: "s", t: "v" });
    assert.equal(graph.resources.filter(({ type }) => type === "aws:iam/role:Role").length, 1);
    assert.equal(graph.resources.filter(({ type }) => type.endsWith(":RolePolicyAttachment")).length, 4);
  });
});

describe("KarpenterIdentity", () => {
  it("makes both roles, the association, the access entry and five policies; the spot role where told to", async () => {
    const of = (createSpotRole: boolean) =>
      record(
        () =>
          new components.KarpenterIdentity("k", { clusterName: "dev", queueArn: "arn:aws:sqs:::q", createSpotRole }),
      );
    const expected = [
      "aws:eks/accessEntry:AccessEntry",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      ...Array<string>(5).fill("aws:iam/policy:Policy"),
      ...Array<string>(2).fill("aws:iam/role:Role"),
      ...Array<string>(9).fill("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
    ];
    const graph = await of(false);
    assert.deepEqual(childrenOf(graph), expected);
    assert.deepEqual(childrenOf(await of(true)), [...expected, "aws:iam/serviceLinkedRole:ServiceLinkedRole"]);
    assert.equal(only(graph, "aws:eks/accessEntry:AccessEntry").inputs.type, "EC2_LINUX");
    const association = only(graph, "aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs;
    assert.deepEqual([association.namespace, association.serviceAccount], ["kube-system", "karpenter"]);
    assert.match(String(association.roleArn), /role\/k-controller-/);
  });
});

describe("InterruptionQueue", () => {
  it("encrypts with SQS's own key, forgets after five minutes, and is fed by five rules", async () => {
    const graph = await record(() => new components.InterruptionQueue("i", {}));
    assert.deepEqual(childrenOf(graph), [
      ...Array<string>(5).fill("aws:cloudwatch/eventRule:EventRule"),
      ...Array<string>(5).fill("aws:cloudwatch/eventTarget:EventTarget"),
      "aws:sqs/queue:Queue",
      "aws:sqs/queuePolicy:QueuePolicy",
    ]);
    const { inputs, outputs } = only(graph, "aws:sqs/queue:Queue");
    assert.deepEqual(inputs, { messageRetentionSeconds: 300, sqsManagedSseEnabled: true });
    for (const { inputs: target } of graph.resources.filter(({ type }) => type.endsWith(":EventTarget")))
      assert.equal(target.arn, outputs.arn);
  });
});

describe("Karpenter", () => {
  it("releases CRDs and controller in one version, and names the queue by the key that the chart reads", async () => {
    const graph = await record(
      () => new components.Karpenter("k", { version: "1.14.0", clusterName: "dev", interruptionQueue: "queue" }),
    );
    const crds = only(graph, "kubernetes:helm.sh/v3:Release", /crds/);
    const controller = only(graph, "kubernetes:helm.sh/v3:Release", /controller/);
    assert.deepEqual([crds.inputs.version, controller.inputs.version], ["1.14.0", "1.14.0"]);
    assert.deepEqual(
      [crds.inputs.chart, controller.inputs.chart],
      ["oci://public.ecr.aws/karpenter/karpenter-crd", "oci://public.ecr.aws/karpenter/karpenter"],
    );
    const values = controller.inputs.values as { settings: object; replicas: number; serviceAccount: object };
    assert.deepEqual(values.settings, { clusterName: "dev", interruptionQueue: "queue" });
    assert.deepEqual([values.replicas, values.serviceAccount], [2, { name: "karpenter" }]);
    assert.deepEqual(controller.dependencies, [crds.key]);
  });
});

describe("NodePool", () => {
  const args = {
    instanceTypes: ["c8gd.xlarge"],
    bootImage: pulumi.output("registry.example/boot@sha256:0"),
    bottlerocketVersion,
    subnetSelectorTerms: [{ tags: { a: "b" } }],
    securityGroupSelectorTerms: [{ tags: { a: "b" } }],
  };
  it("makes a class and a pool that names it, with the bootstrap container by digest", async () => {
    const graph = await record(() => new components.NodePool("p", { ...args, role: pulumi.output("node-role") }));
    const nodeClass = only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass");
    const nodePool = only(graph, "kubernetes:karpenter.sh/v1:NodePool");
    const spec = nodeClass.inputs.spec as { role: string; userData: string };
    assert.equal(spec.role, "node-role");
    assert.match(
      spec.userData,
      /\[settings.bootstrap-containers.fast-disks\]\nsource = "registry.example\/boot@sha256:0"\nmode = "always"\nessential = true/,
    );
    const { template } = nodePool.inputs.spec as { template: { spec: { nodeClassRef: { name: string } } } };
    assert.equal(template.spec.nodeClassRef.name, (nodeClass.outputs.metadata as { name: string }).name);
    assert.match(graph.warnings.join(), /^p: 1 instance types for spot, fewer than 10/);
  });

  it("takes a ready-made instance profile instead of a role, and refuses both and neither", async () => {
    const graph = await record(() => new components.NodePool("p", { ...args, instanceProfile: "profile" }));
    assert.equal(
      (only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs.spec as { instanceProfile: string })
        .instanceProfile,
      "profile",
    );
    await refused(() => new components.NodePool("p", args), /role: state exactly one of role and instanceProfile/);
    await refused(
      () => new components.NodePool("p", { ...args, role: "r", instanceProfile: "i" }),
      /role: state exactly one/,
    );
  });

  it("lets the pool's settings win over the cluster's, and the bootstrap container over both", async () => {
    const clusterSettings = { hostContainers: { admin: { enabled: true } }, further: { motd: "cluster" } };
    const bottlerocket = {
      further: { motd: "pool" },
      bootstrapContainers: { "fast-disks": { source: "x", mode: "off" as const, essential: false } },
    };
    const graph = await record(
      () => new components.NodePool("p", { ...args, role: "r", clusterSettings, bottlerocket }),
    );
    const { userData } = only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs.spec as {
      userData: string;
    };
    assert.match(userData, /motd = "pool"/);
    assert.match(userData, /containers.admin\]\nenabled = true/);
    assert.match(userData, /source = "registry.example\/boot@sha256:0"\nmode = "always"\nessential = true/);
  });
});

describe("LocalVolumes", () => {
  it("makes per class a StorageClass and a release on that class's nodes, in a namespace for privileged pods", async () => {
    const graph = await record(
      () => new components.LocalVolumes("v", { storageClasses: { a: {}, b: { volumeMode: "Block" } } }),
    );
    assert.deepEqual(childrenOf(graph), [
      "kubernetes:core/v1:Namespace",
      "kubernetes:helm.sh/v3:Release",
      "kubernetes:helm.sh/v3:Release",
      "kubernetes:storage.k8s.io/v1:StorageClass",
      "kubernetes:storage.k8s.io/v1:StorageClass",
    ]);
    const { inputs, outputs } = only(graph, "kubernetes:core/v1:Namespace");
    assert.deepEqual((inputs.metadata as { labels: object }).labels, {
      "pod-security.kubernetes.io/enforce": "privileged",
    });
    const release = only(graph, "kubernetes:helm.sh/v3:Release", /-b$/);
    assert.equal(release.inputs.namespace, (outputs.metadata as { name: string }).name);
    assert.deepEqual([release.inputs.chart, release.inputs.version], ["local-static-provisioner", "2.9.0"]);
    assert.deepEqual((release.inputs.values as { nodeSelector: object }).nodeSelector, { "eks-fast-disks/class": "b" });
  });

  it("refuses a faulty class by its path", async () => {
    await refused(
      () => new components.LocalVolumes("v", { storageClasses: { a: { namePattern: "/x" } } }),
      /v: storageClasses.a.namePattern: must be globs/,
    );
  });
});

describe("NodeCleanup", () => {
  it("makes exactly what the controller needs, and never starts it without its permissions", async () => {
    const graph = await record(() => new components.NodeCleanup("n", { storageClasses: ["a"] }));
    assert.deepEqual(childrenOf(graph), [
      "kubernetes:apps/v1:Deployment",
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:Service",
      "kubernetes:core/v1:ServiceAccount",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    ]);
    const deployment = only(graph, "kubernetes:apps/v1:Deployment");
    assert.ok(deployment.dependencies.some((key) => key.includes("ClusterRoleBinding")));
    const binding = only(graph, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs;
    const account = only(graph, "kubernetes:core/v1:ServiceAccount");
    const namespace = only(graph, "kubernetes:core/v1:Namespace").outputs.metadata as { name: string };
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: (account.outputs.metadata as { name: string }).name, namespace: namespace.name },
    ]);
    const service = only(graph, "kubernetes:core/v1:Service").inputs.spec as { selector: object };
    const { template } = deployment.inputs.spec as { template: { metadata: { labels: object } } };
    assert.deepEqual(service.selector, template.metadata.labels);
  });
});

describe("FastDisks", () => {
  it("makes no image, no repository and no bootstrap container where udev makes the links", async () => {
    const args = settingsOf("dev");
    args.pools = { fast: { ...args.pools.fast, discovery: "udev" } };
    const graph = await record(() => new components.FastDisks("fd", args));
    assert.deepEqual(
      graph.resources.filter(({ type }) => /ecr|docker|BootImage/.test(type)).map(({ key }) => key),
      [],
    );
    const { userData } = only(graph, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass").inputs.spec as {
      userData: string;
    };
    assert.doesNotMatch(userData, /bootstrap-containers/);
    const release = only(graph, "kubernetes:helm.sh/v3:Release", /volumes/);
    assert.match(JSON.stringify(release.inputs.values), /"hostDir":"\/dev\/disk\/ephemeral"/);
  });

  it("puts every part below itself, and every child below its part", async () => {
    const graph = await record(() => new components.FastDisks("fd", settingsOf("prod")));
    for (const { key, parent, name, type } of graph.resources) {
      assert.ok(name === "fd" || name.startsWith("fd-"), key);
      if (type === "eks-fast-disks:index:FastDisks") continue;
      assert.ok(parent, key);
      if (type.startsWith("eks-fast-disks:")) assert.equal(parent, "eks-fast-disks:index:FastDisks::fd");
    }
    const parts = graph.resources
      .filter(({ parent }) => parent === "eks-fast-disks:index:FastDisks::fd")
      .map(({ name }) => name);
    assert.deepEqual(parts.sort(), [
      "fd-add-ons",
      "fd-boot-image",
      "fd-cache",
      "fd-cleanup",
      "fd-cluster",
      "fd-dense",
      "fd-dns",
      "fd-interruption",
      "fd-karpenter",
      "fd-karpenter-identity",
      "fd-kubernetes",
      "fd-network",
      "fd-system",
      "fd-volumes",
    ]);
  });

  it("keeps names within AWS's, Kubernetes' and Helm's limits for the longest name, and makes only the cluster's physical", async () => {
    const args = settingsOf("dev");
    args.cluster.name = "C".repeat(100);
    args.pools = { ["p".repeat(20)]: { ...args.pools.fast, storageClass: "s".repeat(20) } };
    args.storageClasses = { ["s".repeat(20)]: {} };
    const graph = await record(() => new components.FastDisks("f".repeat(15), args));
    const limits: Record<string, number> = {
      Role: 64,
      EventRule: 64,
      Queue: 80,
      Release: 53,
      Policy: 128,
      NodePool: 63,
      EC2NodeClass: 63,
      Namespace: 63,
      Service: 63,
    };
    let checked = 0;
    for (const { type, name } of graph.resources) {
      const limit = limits[type.split(":").at(-1) ?? ""];
      // Pulumi adds a hyphen and 7 (AWS) or 8 (Kubernetes) characters.
      if (limit !== undefined && ++checked) assert.ok(name.length + 9 <= limit, `${type} ${name}`);
    }
    assert.ok(checked > 15);
    const named = graph.resources.filter(
      ({ type, inputs }) => type.startsWith("aws:") && ("name" in inputs || "namePrefix" in inputs),
    );
    assert.deepEqual(
      named.map(({ key }) => key),
      [],
    );
    assert.equal(only(graph, "eks:index:Cluster").inputs.name, "C".repeat(100));
  });

  it("covers every class by the cleanup controller, and gives each its placement", async () => {
    let placements: unknown;
    const graph = await record(() =>
      new components.FastDisks("fd", settingsOf("prod")).placements.apply((value) => (placements = value)),
    );
    assert.deepEqual(Object.keys(placements as object), ["fast-disks", "dense"]);
    const { template } = only(graph, "kubernetes:apps/v1:Deployment").inputs.spec as {
      template: { spec: { containers: { args: string[] }[] } };
    };
    assert.equal(template.spec.containers[0]?.args[0], "--storageclass-names=fast-disks,dense");
  });

  it("gives its Kubernetes provider an identity that outlives a computed kubeconfig", async () => {
    const { inputs } = only(
      await record(() => new components.FastDisks("fd", settingsOf("dev"))),
      "pulumi:providers:kubernetes",
    );
    assert.equal(inputs.clusterIdentifier, "fast-disks-dev");
  });

  it("refuses what does not fit together", async () => {
    const args = settingsOf("dev");
    args.bottlerocket.version = "1.0.0";
    await refused(() => new components.FastDisks("fd", args), /fd: bottlerocket.version: kubernetes 1.35 needs 1.53.0/);
    await refused(() => new components.FastDisks("FD", settingsOf("dev")), /name: must be 1 to 15 lower-case/);
  });
});
