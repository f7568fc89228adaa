import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { validateCluster } from "../../../components/manifests/cluster";
import type { ClusterSpec } from "../../../components/manifests/cluster";
import type { ControllerScope } from "../../../components/manifests/controller-policies";
import { renderControllerPolicies } from "../../../components/manifests/controller-policies";
import { instanceTypes } from "../../../catalogue/instance-types";
import { bootstrapLayer, folderOf, OnMissing, renderBootSettings } from "../../../components/manifests/discovery";
import type { NodeClassSpec } from "../../../components/manifests/ec2-node-class";
import { renderNodeClass, validateNodeClass } from "../../../components/manifests/ec2-node-class";
import {
  layersOf,
  validateBootImage,
  validateFastDisks,
  validateName,
  validatePool,
} from "../../../components/manifests/fast-disks";
import type { FastDisksArgs } from "../../../components/manifests/fast-disks";
import { imageLifecycle } from "../../../components/manifests/image-lifecycle";
import { interruptionPatterns, renderQueuePolicy } from "../../../components/manifests/interruption";
import { isLabelKey, isReservedLabel } from "../../../components/manifests/label";
import { renderLaunchTemplate } from "../../../components/manifests/launch-template";
import type { NetworkSpec } from "../../../components/manifests/network";
import { isCidr, validateNetwork } from "../../../components/manifests/network";
import { cleanupRules, renderCleanupDeployment, validateNodeCleanup } from "../../../components/manifests/node-cleanup";
import { renderPlacement } from "../../../components/manifests/placement";
import { renderProvisionerValues } from "../../../components/manifests/provisioner-values";
import type { StorageClassSpec } from "../../../components/manifests/storage-class";
import { renderStorageClass, validateStorageClass } from "../../../components/manifests/storage-class";
import { validateSystemNodes } from "../../../components/manifests/system-nodes";
import { validateVersions } from "../../../components/manifests/versions";
import { settingsOf } from "../../support/record";

function refuses(what: string, validate: () => string[], message: RegExp): void {
  it(`refuses ${what}`, () => {
    const faults = validate();
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", message);
  });
}

describe("validateVersions", () => {
  const fitting = { kubernetes: "1.35", karpenter: "1.14.0", bottlerocket: "1.66.0" };
  refuses(
    "an unknown Kubernetes",
    () => validateVersions({ ...fitting, kubernetes: "1.37" }),
    /^cluster.kubernetesVersion: must be one of 1.31,.* got "1.37"/,
  );
  refuses(
    "a Kubernetes that Bottlerocket has dropped",
    () => validateVersions({ ...fitting, kubernetes: "1.30" }),
    /must be one of/,
  );
  refuses(
    "a Bottlerocket without the variant",
    () => validateVersions({ ...fitting, bottlerocket: "1.52.9" }),
    /^bottlerocket.version: kubernetes 1.35 needs 1.53.0 or newer, got "1.52.9"; raise it or lower kubernetes/,
  );
  refuses(
    "a version with a v",
    () => validateVersions({ ...fitting, bottlerocket: "v1.66.0" }),
    /^bottlerocket.version: must be X.Y.Z without a "v"/,
  );
  refuses(
    "a Karpenter of another release",
    () => validateVersions({ ...fitting, karpenter: "1.9.0" }),
    /^karpenter.version: must be 1.14.x/,
  );
  it("names both where a Karpenter is too old for the cluster as well", () => {
    const faults = validateVersions({ kubernetes: "1.36", karpenter: "1.12.3", bottlerocket: "1.66.0" });
    assert.match(faults.join("\n"), /1.14.x[^]*kubernetes 1.36 needs 1.13.0/);
  });
  it("takes what fits", () => {
    assert.deepEqual(validateVersions(fitting), []);
    assert.deepEqual(validateVersions({ kubernetes: "1.36", karpenter: "1.14.1", bottlerocket: "1.100.2" }), []);
  });
});

describe("validateNetwork", () => {
  const existing = (over: object): NetworkSpec => ({
    existingVpc: { vpcId: "vpc-0123456789abcdef0", subnets: [{ tags: { Name: "a" } }], ...over },
  });
  refuses("nothing", () => validateNetwork({}), /^newVpc: state exactly one/);
  refuses("both", () => validateNetwork({ newVpc: {}, ...existing({}) }), /^newVpc: state exactly one/);
  refuses(
    "a block of /21",
    () => validateNetwork({ newVpc: { cidrBlock: "10.0.0.0/21" } }),
    /^newVpc.cidrBlock: must be an IPv4 block of \/16 to \/20/,
  );
  refuses("a block of /8", () => validateNetwork({ newVpc: { cidrBlock: "10.0.0.0/8" } }), /cidrBlock: must/);
  refuses(
    "one zone",
    () => validateNetwork({ newVpc: { zones: 1 } }),
    /^newVpc.zones: must be 2 to 6, EKS needs two, got 1/,
  );
  refuses(
    "a VPC by name",
    () => validateNetwork(existing({ vpcId: "main" })),
    /^existingVpc.vpcId: must be an id such as/,
  );
  refuses(
    "no subnets",
    () => validateNetwork(existing({ subnets: [] })),
    /^existingVpc.subnets: must have at least one term/,
  );
  refuses(
    "a term with id and tags",
    () => validateNetwork(existing({ subnets: [{ id: "subnet-01234567", tags: { a: "b" } }] })),
    /subnets.0: state exactly one of id and tags/,
  );
  refuses(
    "a term of no tags",
    () => validateNetwork(existing({ subnets: [{ tags: {} }] })),
    /subnets.0.tags: must have 1 to 20 tags, got 0/,
  );
  refuses(
    "a tag without value",
    () => validateNetwork(existing({ subnets: [{ tags: { a: "" } }] })),
    /subnets.0.tags: must have no empty key or value/,
  );
  refuses(
    "a subnet by name",
    () => validateNetwork(existing({ subnets: [{ id: "us-east-1a" }] })),
    /subnets.0.id: must be an id/,
  );
  refuses(
    "a security group among the subnets",
    () => validateNetwork(existing({ subnets: [{ id: "sg-01234567" }] })),
    /subnets.0.id: must be an id such as subnet-/,
  );
  refuses(
    "31 terms",
    () => validateNetwork(existing({ subnets: Array(31).fill({ id: "subnet-01234567" }) })),
    /at most 30 terms, got 31/,
  );
  it("takes several terms, as the recipe has them", () => {
    assert.deepEqual(
      validateNetwork(
        existing({
          subnets: [{ tags: { Name: "us-east-1a" } }, { tags: { Name: "us-east-1b" } }, { id: "subnet-01234567" }],
        }),
      ),
      [],
    );
  });
});

describe("isCidr", () => {
  it("takes blocks that start at their first address, and nothing else", () => {
    for (const good of ["10.0.0.0/8", "198.51.100.7/32", "0.0.0.0/0", "255.255.255.252/30"])
      assert.ok(isCidr(good), good);
    for (const bad of [
      "10.0.0.1/8",
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0/8",
      "::/0",
      "10.0.0.0/8/8",
      "a/8",
      "10.0.0.0/08",
      "",
    ])
      assert.ok(!isCidr(bad), bad);
  });
});

describe("validateCluster", () => {
  const spec: ClusterSpec = { name: "dev", kubernetesVersion: "1.35", publicAccessCidrs: ["198.51.100.7/32"] };
  const without = { name: "dev", kubernetesVersion: "1.35" };
  refuses(
    "a name of 101 characters",
    () => validateCluster({ ...spec, name: "x".repeat(101) }),
    /^name: must be 1 to 100/,
  );
  refuses("a name with a dot", () => validateCluster({ ...spec, name: "a.b" }), /^name: must/);
  refuses(
    "a cluster that up cannot reach",
    () => validateCluster(without),
    /^publicAccessCidrs: nobody outside the network could reach the API, this machine neither; name your block, or state privateOnly/,
  );
  refuses(
    "a private cluster with public blocks",
    () => validateCluster({ ...spec, privateOnly: true }),
    /^privateOnly: contradicts publicAccessCidrs/,
  );
  refuses(
    "the whole internet",
    () => validateCluster({ ...spec, publicAccessCidrs: ["0.0.0.0/0"] }),
    /opens the API to everybody/,
  );
  refuses(
    "a private block",
    () => validateCluster({ ...spec, publicAccessCidrs: ["172.16.0.0/12"] }),
    /is private, which EKS refuses/,
  );
  refuses(
    "a block that is none",
    () => validateCluster({ ...spec, publicAccessCidrs: ["my-office"] }),
    /must be IPv4 blocks/,
  );
  refuses("an administrator by name", () => validateCluster({ ...spec, admins: ["alice"] }), /^admins: must be ARNs/);
  refuses(
    "an unknown log",
    () => validateCluster({ ...spec, logTypes: ["kubelet"] }),
    /^logTypes: must be of api, audit/,
  );
  refuses(
    "an add-on's version without build",
    () => validateCluster({ ...spec, addOns: { coredns: "1.12" } }),
    /^addOns.coredns: must be most-recent or a version/,
  );
  it("takes a private cluster that says so, and versions as EKS names them", () => {
    assert.deepEqual(
      validateCluster({
        ...without,
        privateOnly: true,
        admins: ["arn:aws:iam::123456789012:role/ops/admin"],
        addOns: { vpcCni: "v1.20.4-eksbuild.2" },
      }),
      [],
    );
  });
});

describe("validateSystemNodes", () => {
  refuses(
    "one node",
    () => validateSystemNodes({ minSize: 1 }),
    /^minSize: must be at least 2, Karpenter's replicas need two nodes, got 1/,
  );
  refuses(
    "a maximum below the minimum",
    () => validateSystemNodes({ minSize: 3, maxSize: 2 }),
    /^maxSize: must be a whole number not below minSize 3/,
  );
  refuses(
    "an x86 type",
    () => validateSystemNodes({ instanceTypes: ["m7i.large"] }),
    /^instanceTypes: must be arm64 types such as m7g.large, got "m7i.large"/,
  );
  refuses(
    "a GPU type whose family starts with g",
    () => validateSystemNodes({ instanceTypes: ["g6.xlarge"] }),
    /^instanceTypes: must be arm64/,
  );
  refuses("no type", () => validateSystemNodes({ instanceTypes: [] }), /^instanceTypes: must name at least one/);
  refuses(
    "a small root volume",
    () => validateSystemNodes({ rootVolumeGiB: 1 }),
    /^rootVolumeGiB: must be a whole number of GiB from 4 to 16384, got 1/,
  );
  refuses("a data volume by half", () => validateSystemNodes({ dataVolumeGiB: 20.5 }), /^dataVolumeGiB: must/);
  it("takes arm64 families", () => {
    assert.deepEqual(
      validateSystemNodes({
        instanceTypes: ["m7g.large", "c8gd.4xlarge", "im4gn.xlarge", "t4g.medium", "a1.metal", "c8gn.metal-24xl"],
      }),
      [],
    );
  });
});

const classSpec: NodeClassSpec = {
  role: "node",
  subnetSelectorTerms: [{ tags: { a: "b" } }],
  securityGroupSelectorTerms: [{ id: "sg-01234567" }],
  bottlerocketVersion: "1.66.0",
  userData: "x = 1",
  volumes: {},
};

describe("EC2NodeClass", () => {
  refuses(
    "neither role nor profile",
    () => validateNodeClass({ ...classSpec, role: undefined }),
    /^role: state exactly one/,
  );
  refuses("both", () => validateNodeClass({ ...classSpec, instanceProfile: "p" }), /^role: state exactly one/);
  refuses(
    "no security groups",
    () => validateNodeClass({ ...classSpec, securityGroupSelectorTerms: [] }),
    /^securityGroupSelectorTerms: must have/,
  );
  it("pins the AMI, encrypts the volumes, requires IMDSv2, and leaves the local disks alone", () => {
    const { spec } = renderNodeClass({
      ...classSpec,
      role: undefined,
      instanceProfile: "p",
      volumes: { dataVolumeGiB: 50 },
      tags: { t: "v" },
    });
    const volume = (volumeSize: string) => ({
      volumeSize,
      volumeType: "gp3",
      encrypted: true,
      deleteOnTermination: true,
    });
    assert.deepEqual(spec, {
      amiFamily: "Bottlerocket",
      amiSelectorTerms: [{ alias: "bottlerocket@v1.66.0" }],
      instanceProfile: "p",
      subnetSelectorTerms: [{ tags: { a: "b" } }],
      securityGroupSelectorTerms: [{ id: "sg-01234567" }],
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: volume("4Gi") },
        { deviceName: "/dev/xvdb", ebs: volume("50Gi") },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      tags: { t: "v" },
      userData: "x = 1",
    });
  });
});

describe("isLabelKey", () => {
  it("takes keys as Kubernetes does", () => {
    for (const good of ["a", "example.com/a.b_c", `${"x".repeat(63)}.io/a`]) assert.ok(isLabelKey(good), good);
    for (const bad of ["", "a b", "a..b/c", "-a", "/a", "A.com/a", `a/${"x".repeat(64)}`, "a/b/c"])
      assert.ok(!isLabelKey(bad), bad);
  });
  it("reserves domains that end like Karpenter's, as its definitions do", () => {
    for (const reserved of ["karpenter.sh/a", "notkarpenter.sh/a", "karpenter.sh", "x.k8s.io/a"])
      assert.ok(isReservedLabel(reserved), reserved);
    for (const free of ["example.com/karpenter.sh", "xk8s.io/a"]) assert.ok(!isReservedLabel(free), free);
  });
});

describe("validatePool", () => {
  refuses("an empty instance profile", () => validatePool({ instanceProfile: "" }), /^instanceProfile: must be a name/);
  refuses(
    "an instance profile by ARN",
    () => validatePool({ instanceProfile: "arn:aws:iam::123456789012:instance-profile/a" }),
    /^instanceProfile: must be a name/,
  );
  refuses(
    "settings that Bottlerocket refuses, by their path",
    () => validatePool({ bottlerocket: { kernel: { lockdown: "x" } } }),
    /^bottlerocket.kernel.lockdown: must/,
  );
});

describe("renderLaunchTemplate", () => {
  it("names no image, encrypts, requires IMDSv2 and tags instances and volumes", () => {
    const template = renderLaunchTemplate("a = 1\n", { rootVolumeGiB: 8 }, { Name: "n" });
    assert.equal(Buffer.from(template.userData, "base64").toString(), "a = 1\n");
    assert.equal("imageId" in template, false);
    assert.equal(template.metadataOptions.httpTokens, "required");
    assert.deepEqual(
      template.blockDeviceMappings.map(({ deviceName, ebs }) => [
        deviceName,
        ebs.volumeSize,
        ebs.volumeType,
        ebs.encrypted,
      ]),
      [
        ["/dev/xvda", 8, "gp3", "true"],
        ["/dev/xvdb", 20, "gp3", "true"],
      ],
    );
    assert.deepEqual(
      template.tagSpecifications,
      ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: "n" } })),
    );
  });
});

describe("renderControllerPolicies", () => {
  // AWS counts the characters of a managed policy without white space.
  const maximumPolicyLength = 6144;
  const scope = (clusterName: string): ControllerScope => ({
    partition: "aws-us-gov",
    region: "ap-southeast-1",
    accountId: "123456789012",
    clusterName,
    queueArn: `arn:aws-us-gov:sqs:ap-southeast-1:123456789012:${"q".repeat(80)}`,
    nodeRoleArn: `arn:aws-us-gov:iam::123456789012:role/${"r".repeat(64)}`,
  });
  it("splits what no single policy could hold, each within AWS's limit for a name of 100 characters", () => {
    const policies = Object.entries(renderControllerPolicies(scope("x".repeat(100))));
    assert.deepEqual(
      policies.map(([name]) => name),
      ["lifecycle", "iam", "eks", "interruption", "discovery"],
    );
    for (const [name, policy] of policies)
      assert.ok(JSON.stringify(policy).length <= maximumPolicyLength, `${name} ${JSON.stringify(policy).length}`);
    assert.ok(JSON.stringify(policies).length > maximumPolicyLength);
  });
  it("scopes every change to what carries the cluster's tags", () => {
    interface Statement {
      Sid: string;
      Action: string | string[];
      Condition?: object;
    }
    const all = Object.values(renderControllerPolicies(scope("mine"))) as { Statement: Statement[] }[];
    const changing = all
      .flatMap(({ Statement }) => Statement)
      .filter(
        ({ Action, Sid }) => /:(Create|Delete|Terminate|Add|Remove|Tag)/.test(String(Action)) && Sid !== "UseParts",
      );
    assert.ok(changing.length >= 7);
    for (const { Sid, Condition } of changing.filter(({ Action }) => !String(Action).includes("sqs:")))
      assert.match(JSON.stringify(Condition ?? {}), /kubernetes.io\/cluster\/mine":"owned"/, Sid);
  });
});

describe("interruption", () => {
  it("has the five patterns, each of its own detail type", () => {
    const details = Object.values(interruptionPatterns).map(
      (pattern) => (pattern as { "detail-type": string[] })["detail-type"],
    );
    assert.deepEqual(details.flat().sort(), [
      "AWS Health Event",
      "EC2 Capacity Reservation Instance Interruption Warning",
      "EC2 Instance Rebalance Recommendation",
      "EC2 Instance State-change Notification",
      "EC2 Spot Instance Interruption Warning",
    ]);
  });
  it("lets only AWS's event services send, and nobody by plain HTTP", () => {
    const { Statement } = renderQueuePolicy("arn") as { Statement: Record<string, unknown>[] };
    assert.deepEqual(
      Statement.map(({ Effect, Principal, Action }) => [Effect, Principal, Action]),
      [
        ["Allow", { Service: ["events.amazonaws.com", "sqs.amazonaws.com"] }, "sqs:SendMessage"],
        ["Deny", "*", "sqs:*"],
      ],
    );
    assert.deepEqual(Statement[1]?.Condition, { Bool: { "aws:SecureTransport": "false" } });
  });
});

describe("imageLifecycle", () => {
  it("expires untagged images only", () => {
    assert.deepEqual(
      imageLifecycle.rules.map(({ selection }) => selection.tagStatus),
      ["untagged"],
    );
  });
});

describe("StorageClass", () => {
  refuses("a name with capitals", () => validateStorageClass("Fast", {}), /^name: must be 1 to 20 lower-case/);
  refuses("a name of 21 letters", () => validateStorageClass("x".repeat(21), {}), /^name: must/);
  refuses(
    "a file system on raw disks",
    () => validateStorageClass("a", { volumeMode: "Block", fileSystem: "xfs" }),
    /^fileSystem: means nothing with volumeMode Block/,
  );
  refuses(
    "mount options on raw disks",
    () => validateStorageClass("a", { volumeMode: "Block", mountOptions: ["noatime"] }),
    /^mountOptions: means nothing/,
  );
  refuses(
    "joined mount options",
    () => validateStorageClass("a", { mountOptions: ["noatime,nodiratime"] }),
    /^mountOptions: must be single options/,
  );
  refuses(
    "a pattern with a folder",
    () => validateStorageClass("a", { namePattern: "../nvme*" }),
    /^namePattern: must be globs/,
  );
  it("waits for its consumer, and is bound to its pools' label", () => {
    assert.deepEqual(renderStorageClass("dense", { reclaimPolicy: "Retain", mountOptions: ["noatime"] }), {
      metadata: { name: "dense" },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      allowedTopologies: [{ matchLabelExpressions: [{ key: "eks-fast-disks/class", values: ["dense"] }] }],
      mountOptions: ["noatime"],
    });
  });
});

describe("renderProvisionerValues", () => {
  const chart = JSON.parse(readFileSync("test/data/local-static-provisioner-2.9.0.json", "utf8")) as {
    values: object;
    class: object;
    cleaners: string[];
  };
  const specs: StorageClassSpec[] = [
    {},
    { volumeMode: "Block", wipe: "zero" },
    { fileSystem: "xfs", wipe: "shred", namePattern: "nvme-*" },
    { wipe: "quick" },
  ];
  it("sets only keys that the chart reads, and cleaners that its image has", () => {
    for (const spec of specs) {
      const { classes, ...values } = renderProvisionerValues("a", spec) as {
        classes: { blockCleanerCommand: string[] }[];
      };
      for (const key of Object.keys(values)) assert.ok(key in chart.values, key);
      for (const key of classes.flatMap((one) => Object.keys(one))) assert.ok(key in chart.class, key);
      for (const { blockCleanerCommand } of classes) assert.ok(chart.cleaners.includes(blockCleanerCommand[0] ?? ""));
    }
  });
  it("makes one class from the folder of the links, on the nodes of that class alone", () => {
    const values = renderProvisionerValues("dense", { fileSystem: "xfs" }) as Record<string, unknown>;
    assert.deepEqual(values.classes, [
      {
        name: "dense",
        hostDir: "/mnt/fast-disks",
        mountDir: "/mnt/fast-disks",
        volumeMode: "Filesystem",
        fsType: "xfs",
        namePattern: "*",
        blockCleanerCommand: ["/scripts/blkdiscard.sh"],
      },
    ]);
    assert.deepEqual(values.nodeSelector, { "eks-fast-disks/class": "dense" });
    assert.equal(values.setPVOwnerRef, true);
    assert.equal(values.removeNodeNotReadyTaint, false);
  });
  it("maps each word for wiping, and gives raw disks no file system", () => {
    const cleaner = (spec: StorageClassSpec) =>
      (renderProvisionerValues("a", spec) as { classes: { blockCleanerCommand: string[]; fsType?: string }[] })
        .classes[0];
    assert.deepEqual(
      (["discard", "quick", "zero", "shred"] as const).map((wipe) => cleaner({ wipe })?.blockCleanerCommand.join(" ")),
      ["/scripts/blkdiscard.sh", "/scripts/quick_reset.sh", "/scripts/dd_zero.sh 1", "/scripts/shred.sh 2"],
    );
    assert.equal(cleaner({ volumeMode: "Block" })?.fsType, undefined);
  });
});

describe("node cleanup", () => {
  refuses(
    "a delay without unit",
    () => validateNodeCleanup({ claimDeletionDelay: "60" }),
    /^claimDeletionDelay: must be a duration/,
  );
  refuses(
    "a delay not longer than the interval",
    () => validateNodeCleanup({ claimDeletionDelay: "10s" }),
    /^claimDeletionDelay: must be longer than discoveryInterval 10s, got "10s"/,
  );
  refuses(
    "an interval over the default delay",
    () => validateNodeCleanup({ discoveryInterval: "5m" }),
    /^claimDeletionDelay: must be longer than discoveryInterval 5m/,
  );
  it("covers every class, once, without privileges", () => {
    const { replicas, strategy, template } = renderCleanupDeployment(
      { claimDeletionDelay: "90s" },
      ["a", "b"],
      "account",
    );
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
    const container = template.spec.containers[0];
    assert.ok(container);
    assert.deepEqual(container.args, [
      "--storageclass-names=a,b",
      "--pvc-deletion-delay=90s",
      "--stale-pv-discovery-interval=10s",
      "--listen-address=:8080",
    ]);
    assert.match(container.image, /^registry\.k8s\.io\/sig-storage\/local-volume-node-cleanup:v\d/);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.equal(template.spec.securityContext.runAsNonRoot, true);
    assert.match(JSON.stringify(template.spec.affinity), /karpenter.sh\/nodepool","operator":"DoesNotExist"/);
  });
  it("may list nodes, without which it would take every volume for a lost node's", () => {
    assert.ok(cleanupRules.some(({ resources, verbs }) => resources.includes("nodes") && verbs.includes("list")));
    assert.deepEqual(
      cleanupRules.map(({ resources, verbs }) => `${resources.join()}: ${verbs.join()}`),
      [
        "persistentvolumes: get,list,watch,delete",
        "persistentvolumeclaims: get,list,watch,delete",
        "nodes: get,list,watch",
        "events: create",
      ],
    );
  });
});

describe("renderPlacement", () => {
  it("selects, tolerates and keeps consumers of all namespaces apart by host", () => {
    const { labels, spec } = renderPlacement();
    assert.deepEqual(spec.nodeSelector, { "eks-fast-disks/class": "fast-disks" });
    assert.deepEqual(spec.tolerations, [
      { key: "eks-fast-disks/class", operator: "Equal", value: "fast-disks", effect: "NoSchedule" },
    ]);
    assert.deepEqual(spec.affinity, {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels }, namespaceSelector: {} },
        ],
      },
    });
  });
});

describe("validateFastDisks", () => {
  const dev = (change: (args: FastDisksArgs) => void) => () => {
    const args = settingsOf("dev");
    change(args);
    return validateFastDisks(args);
  };
  refuses(
    "no pool",
    dev((args) => {
      args.pools = {};
      delete args.storageClasses;
      args.storageClasses = {};
    }),
    /^pools: must have at least one pool/,
  );
  refuses(
    "a pool's name with capitals",
    dev((args) => {
      args.pools = { Fast: args.pools.fast ?? {} };
    }),
    /^pools.Fast: name must be/,
  );
  refuses(
    "a class that nobody made",
    dev((args) => {
      Object.assign(args.pools.fast ?? {}, { storageClass: "dense" });
      args.storageClasses = { other: {} };
      args.pools.other = { storageClass: "other" };
    }),
    /^pools.fast.storageClass: must be one of other, got "dense"/,
  );
  refuses(
    "a class that no pool feeds",
    dev((args) => {
      args.storageClasses = { "fast-disks": {}, idle: {} };
    }),
    /^storageClasses: no pool feeds idle/,
  );
  refuses(
    "cluster-wide settings that Karpenter overwrites",
    dev((args) => {
      args.bottlerocket.settings = { further: { kubernetes: { "max-pods": 10 } } };
    }),
    /^pools.fast.bottlerocket.kubernetes.max-pods: Karpenter overwrites/,
  );
  refuses(
    "a pool's own settings that Karpenter overwrites",
    dev((args) => {
      Object.assign(args.pools.fast ?? {}, { bottlerocket: { kubernetes: { nodeTaints: {} } } });
    }),
    /^pools.fast.bottlerocket.kubernetes.node-taints/,
  );
  refuses(
    "two ways to find the disks of one class",
    dev((args) => {
      args.pools = { ...args.pools, other: { instanceTypes: ["c8gd.xlarge"], discovery: "udev" } };
    }),
    /^pools.fast.discovery: must be the same in all pools that feed fast-disks/,
  );
  refuses(
    "settings that EKS refuses",
    dev((args) => {
      args.systemNodes = { bottlerocket: { further: { motd: '"' } } };
    }),
    /^systemNodes.bottlerocket.motd: has a quote/,
  );
  refuses(
    "tags of AWS",
    dev((args) => {
      args.tags = { "aws:x": "y", a: "b" };
    }),
    /^tags: aws:x belong to AWS and Karpenter/,
  );
  refuses(
    "versions that do not fit",
    dev((args) => {
      args.bottlerocket.version = "1.50.0";
    }),
    /^bottlerocket.version: kubernetes 1.35 needs/,
  );
  refuses(
    "a tag that AWS refuses",
    dev((args) => {
      args.tags = { a: "b".repeat(257) };
    }),
    /^tags.a: must be a key of 128/,
  );
  refuses(
    "a soft eviction without its grace period",
    dev((args) => {
      Object.assign(args.pools.fast ?? {}, {
        bottlerocket: { kubernetes: { evictionSoft: { "memory.available": "5%" } } },
      });
    }),
    /eviction-soft.memory.available: needs a time in evictionSoftGracePeriod/,
  );
  it("takes both stacks", () => {
    for (const stack of ["dev", "prod"]) assert.deepEqual(validateFastDisks(settingsOf(stack)), []);
  });
});

describe("validateBootImage", () => {
  refuses(
    "an image by tag",
    () => validateBootImage({ reference: "registry.example/boot:1" }),
    /^reference: must be an image by digest, registry\/name@sha256:…, got/,
  );
  it("takes a digest", () => {
    assert.deepEqual(validateBootImage({ reference: `registry.example:5000/a/boot@sha256:${"0".repeat(64)}` }), []);
  });
});

describe("validateName", () => {
  refuses("16 letters", () => validateName("x".repeat(16)), /^name: must be 1 to 15/);
  it("takes 15", () => {
    assert.deepEqual(validateName("x".repeat(15)), []);
  });
});

describe("bootstrapLayer", () => {
  it("is essential, runs at every boot, and carries the container's settings", () => {
    const { source, mode, essential, userData } =
      bootstrapLayer("image", 2, "continue").bootstrapContainers?.["fast-disks"] ?? {};
    assert.deepEqual([source, mode, essential], ["image", "always", true]);
    assert.equal(Buffer.from(userData ?? "", "base64").toString(), "expectedDisks=2\nonMissing=continue\n");
  });

  it("keeps to the container's contract, which its own tests hold to the script", () => {
    const contract = readFileSync("bootstrap/README.md", "utf8");
    const values = new Map(
      [...contract.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, key = "", allowed = ""]) => [key, allowed]),
    );
    assert.deepEqual([...values.keys()], ["expectedDisks", "onMissing", "deadlineSeconds"]);
    assert.match(values.get("expectedDisks") ?? "", /`1` to `64`/);
    assert.deepEqual(
      values.get("onMissing"),
      Object.values(OnMissing)
        .map((word) => `\`${word}\``)
        .join(", "),
    );
    for (const line of renderBootSettings(64, "fail").trimEnd().split("\n"))
      assert.ok(values.has(line.replace(/=.*/, "")), line);
    assert.ok(contract.includes(folderOf()));
    assert.ok(Math.max(...instanceTypes.map(({ disks }) => disks)) <= 64);
  });
});

describe("discovery", () => {
  const pools = {
    a: { instanceTypes: ["i8g.16xlarge", "i8g.12xlarge"] },
    b: { instanceTypes: ["c8gd.xlarge"], discovery: "udev", storageClass: "other" },
  } as const;
  it("expects as many disks as every matching type has", () => {
    const [, , layer] = layersOf(undefined, { ...pools.a, instanceTypes: [...pools.a.instanceTypes] }, "image");
    const userData = layer?.bootstrapContainers?.["fast-disks"]?.userData ?? "";
    assert.match(Buffer.from(userData, "base64").toString(), /^expectedDisks=3\nonMissing=fail\n$/);
  });
  it("needs no container where udev makes the links, and looks into its folder", () => {
    assert.equal(layersOf(undefined, { ...pools.b, instanceTypes: [...pools.b.instanceTypes] }, "").length, 2);
    const { classes } = renderProvisionerValues("other", {}, "udev") as {
      classes: { hostDir: string; mountDir: string }[];
    };
    assert.deepEqual([classes[0]?.hostDir, classes[0]?.mountDir], ["/dev/disk/ephemeral", "/dev/disk/ephemeral"]);
  });
});
