import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { interruptionPatterns } from "../../components/manifests/interruption";
import { names } from "../../components/names";
import { renderCatalogue } from "../../offline/policy-catalogue";
import { groups, policies } from "../../policies/index";
import { archKey, capacityKey, familyKey, nvmeKey, typeKey } from "../../policies/karpenter";
import { kinds } from "../../policies/kinds";
import { noProvisioner } from "../../policies/provisioner";
import { marks, pending, reveal } from "../../policies/value";
import { check } from "./check";
import { compliantStack } from "./stack";

describe("the policy pack", () => {
  it("has exactly these policies", () => {
    const pinned = Object.entries(groups).map(
      ([group, list]) =>
        `${group}: ${list.map(({ name, enforcementLevel }) => (enforcementLevel === "mandatory" ? name : `${name} (${String(enforcementLevel)})`)).join(" ")}`,
    );
    assert.deepEqual(pinned, [
      "node pools: karpenter-api-version node-pool-arm64 node-pool-consolidation node-pool-drift node-pool-expiry node-pool-instance-types node-pool-limits node-pool-local-nvme node-pool-spot node-pool-width (advisory)",
      "node classes: node-class-bottlerocket node-class-identity node-class-instance-store node-class-pinned-image",
      "nodes: node-metadata-imdsv2 node-volumes-encrypted user-data-boot-container user-data-valid",
      "managed node groups: node-group-bottlerocket node-group-image node-group-launch-template node-group-pinned-release",
      "storage: provisioner-classes provisioner-folder provisioner-nodes provisioner-pinned provisioner-startup-taint provisioner-wipe storage-class-binding storage-class-reclaim-policy storage-engines",
      "cleanup: cleanup-coverage cleanup-delay cleanup-image cleanup-permissions cleanup-replica",
      "boot image: repository-encrypted repository-immutable repository-lifecycle repository-scanned",
      "cluster: cluster-access-entries cluster-audit-logs cluster-private-endpoint cluster-public-cidrs",
      "Karpenter: event-rule-pattern karpenter-interruption-queue karpenter-pod-identity queue-encryption queue-tls",
    ]);
  });

  it("has one policy per file, named as the file, and a test of each", () => {
    const files = readdirSync("policies").filter((file) => file.endsWith(".ts"));
    const shared = ["cleanup", "index", "karpenter", "kinds", "policy", "provisioner", "user-data", "value"];
    const expected = [...policies.map(({ name }) => name), ...shared].sort();
    assert.deepEqual(files.map((file) => file.replace(/\.ts$/, "")).sort(), expected);
    const tests = readdirSync("test/policies").map((file) => readFileSync(`test/policies/${file}`, "utf8"));
    for (const { name } of policies) {
      const text = readFileSync(`policies/${name}.ts`, "utf8");
      assert(text.includes(`name: "${name}"`) && text.split("\n").length <= 46, name);
      assert(
        tests.some((test) => test.includes(`check("${name}")`)),
        `${name} is not tested`,
      );
    }
  });

  it("imports nothing of ours but the catalogue's data, and no provider's SDK", () => {
    for (const file of readdirSync("policies").filter((one) => one.endsWith(".ts"))) {
      const text = readFileSync(`policies/${file}`, "utf8");
      const imports = [...text.matchAll(/^import( type)? [^;]*? from "([^"]+)"/gm)];
      assert.equal(imports.length, text.split(/\bfrom "|\brequire\(|\bimport\(/).length - 1, file);
      for (const [, typeOnly, from = ""] of imports)
        assert(
          /^\.\/[\w-]+$/.test(from) ||
            ["../catalogue/instance-types", "../catalogue/requirements", "@iarna/toml"].includes(from) ||
            // Types vanish; the SDK's code would load gRPC into the plan.
            (typeOnly && from.startsWith("@pulumi/policy")),
          `${file} imports ${from}`,
        );
    }
  });

  it("has a catalogue that is not stale", () => {
    assert.equal(readFileSync("policies/README.md", "utf8"), renderCatalogue(), "run npm run policies");
  });

  it("has presets of policies and settings that exist", () => {
    for (const file of readdirSync("policies/presets")) {
      const preset = JSON.parse(readFileSync(`policies/presets/${file}`, "utf8")) as Record<string, string | object>;
      for (const [name, config] of Object.entries(preset)) {
        const policy = policies.find((one) => one.name === name);
        assert(policy, `${file}: ${name}`);
        if (typeof config === "string") assert(["advisory", "mandatory", "disabled"].includes(config), file);
        else
          for (const key of Object.keys(config))
            assert(policy.configSchema?.properties[key], `${file}: ${name}.${key}`);
      }
    }
  });

  it("has the version of the package", () => {
    const version = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
    assert.equal(version("policies/package.json"), version("package.json"));
  });
});

describe("what policies look for", () => {
  /** Names of types as the SDKs have them. */
  const tokens: Record<keyof typeof kinds, string> = {
    nodePool: "",
    nodeClass: "",
    storageClass: "@pulumi/kubernetes/storage/v1/storageClass:StorageClass",
    deployment: "@pulumi/kubernetes/apps/v1/deployment:Deployment",
    daemonSet: "@pulumi/kubernetes/apps/v1/daemonSet:DaemonSet",
    clusterRole: "@pulumi/kubernetes/rbac/v1/clusterRole:ClusterRole",
    clusterRoleBinding: "@pulumi/kubernetes/rbac/v1/clusterRoleBinding:ClusterRoleBinding",
    chart: "@pulumi/kubernetes/helm/v3/release:Release",
    cluster: "@pulumi/aws/eks/cluster:Cluster",
    addOn: "@pulumi/aws/eks/addon:Addon",
    nodeGroup: "@pulumi/aws/eks/nodeGroup:NodeGroup",
    launchTemplate: "@pulumi/aws/ec2/launchTemplate:LaunchTemplate",
    podIdentity: "@pulumi/aws/eks/podIdentityAssociation:PodIdentityAssociation",
    repository: "@pulumi/aws/ecr/repository:Repository",
    repositoryLifecycle: "@pulumi/aws/ecr/lifecyclePolicy:LifecyclePolicy",
    queue: "@pulumi/aws/sqs/queue:Queue",
    queuePolicy: "@pulumi/aws/sqs/queuePolicy:QueuePolicy",
    eventRule: "@pulumi/aws/cloudwatch/eventRule:EventRule",
  };
  it("are kinds of the SDKs, each of which the compliant stack has", function () {
    this.timeout(30_000);
    const types = Object.values(compliantStack()).map(({ type }) => type);
    for (const [kind, pattern] of Object.entries(kinds)) {
      assert(
        types.some((type) => pattern.test(type)),
        kind,
      );
      const [path = "", name = ""] = tokens[kind as keyof typeof kinds].split(":");
      // Karpenter's kinds are in no SDK; the engine test finds them in what the components render.
      if (path === "") continue;
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const module = require(path) as Record<string, { __pulumiType?: string } | undefined>;
      assert.match(module[name]?.__pulumiType ?? "", pattern, kind);
    }
  });

  it("are the words that the components write", () => {
    const setting = (policy: string, key: string) =>
      policies.find(({ name }) => name === policy)?.configSchema?.properties[key]?.default;
    for (const { name, configSchema } of policies)
      for (const key of ["label", "container"] as const)
        if (configSchema?.properties[key])
          assert.equal(setting(name, key), key === "label" ? names.classLabel : names.bootstrapContainer, name);
    assert.deepEqual(setting("storage-class-binding", "classes"), [names.defaultClass]);
    assert.deepEqual(setting("provisioner-nodes", "labels"), [
      names.classLabel,
      names.localNvmeLabel,
      names.nodePoolLabel,
    ]);
    assert.match(names.folder, new RegExp(setting("provisioner-folder", "folders") as string));
    assert.equal(noProvisioner, names.noProvisioner);
    assert.equal(nvmeKey, names.localNvmeLabel);
    assert.equal(names.karpenterServiceAccount, "karpenter");
    const nodePool = readFileSync("components/manifests/node-pool.ts", "utf8");
    const requirements = readFileSync("catalogue/requirements.ts", "utf8");
    for (const key of [archKey, capacityKey, typeKey, familyKey.replace("karpenter.k8s.aws/", "")])
      assert(`${nodePool}${requirements}`.includes(key), key);
  });

  it("are keys that the charts and the SDKs read, where components write none", () => {
    const chart = JSON.parse(readFileSync("test/data/local-static-provisioner-2.9.0.json", "utf8")) as {
      values: object;
      class: object;
    };
    for (const key of ["classes", "image", "nodeSelector", "affinity", "removeNodeNotReadyTaint"])
      assert(Object.hasOwn(chart.values, key), key);
    for (const key of ["name", "hostDir", "blockCleanerCommand", "storageClass"])
      assert(Object.hasOwn(chart.class, key), key);
    const arguments_ = {
      "ec2/launchTemplate": ["imageId", "userData", "metadataOptions", "blockDeviceMappings"],
      "eks/nodeGroup": ["amiType", "releaseVersion", "launchTemplate"],
      "eks/cluster": ["accessConfig", "enabledClusterLogTypes", "vpcConfig"],
      "eks/addon": ["addonName", "configurationValues"],
      "eks/podIdentityAssociation": ["serviceAccount", "namespace"],
      "ecr/repository": ["imageTagMutability", "imageScanningConfiguration", "encryptionConfigurations"],
      "ecr/lifecyclePolicy": ["policy", "repository"],
      "sqs/queue": ["sqsManagedSseEnabled", "kmsMasterKeyId", "policy"],
      "sqs/queuePolicy": ["policy", "queueUrl"],
      "cloudwatch/eventRule": ["eventPattern"],
    };
    for (const [path, keys] of Object.entries(arguments_)) {
      const types = readFileSync(`node_modules/@pulumi/aws/${path}.d.ts`, "utf8");
      for (const key of keys)
        assert(types.includes(`    ${key}?: pulumi.Input<`) || types.includes(`    ${key}: pulumi.Input<`), key);
    }
    const inputs = readFileSync("node_modules/@pulumi/aws/types/input.d.ts", "utf8");
    for (const key of ["httpTokens", "httpPutResponseHopLimit", "endpointPrivateAccess", "endpointPublicAccess"])
      assert(inputs.includes(`${key}?: pulumi.Input<`), key);
    for (const key of [
      "publicAccessCidrs",
      "authenticationMode",
      "scanOnPush",
      "encryptionType",
      "encrypted",
      "volumeType",
    ])
      assert(new RegExp(`\\b${key}\\??: pulumi.Input<`).test(inputs), key);
  });

  it("are the marks by which the SDK tells unknown values", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const sdk = require("@pulumi/policy/proxy") as Record<string, unknown>;
    const theirs = Object.keys(sdk).filter((key) => /^unknown\w+Value$/.test(key));
    assert.deepEqual(theirs.map((key) => sdk[key]).sort(), [...marks].sort());
    assert.deepEqual(
      marks.map(reveal),
      marks.map(() => pending),
    );
  });

  it("are the events that the queue's rules match", () => {
    const { keeps } = check("event-rule-pattern");
    const type = "aws:cloudwatch/eventRule:EventRule";
    for (const [name, pattern] of Object.entries(interruptionPatterns))
      keeps({ [name]: { type, props: { eventPattern: JSON.stringify(pattern) } } });
  });
});
