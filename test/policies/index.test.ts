import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { interruptionPatternsOf, OnMaintenance } from "../../components/manifests/interruption";
import { names } from "../../components/names";
import { renderCatalogue } from "../../offline/policy-catalogue";
import { createPolicies, presets } from "../../policies/index";
import { labels } from "../../policies/pool";
import { noProvisioner } from "../../policies/provisioner";
import { kinds } from "../../policies/resource";
import { chainSettings } from "../../policies/settings";
import { marks, pending, reveal } from "../../policies/value";
import { compliantStack } from "./chain";

const { groups, policies } = createPolicies();

describe("the list of policies", () => {
  it("has exactly these", () => {
    const pinned = Object.entries(groups).map(
      ([group, list]) =>
        `${group}: ${list.map(({ name, enforcementLevel }) => (enforcementLevel === "mandatory" ? name : `(${name})`)).join(" ")}`,
    );
    assert.deepEqual(pinned, [
      "configuration: settings",
      "node pools: karpenter-api-version node-pool-arm64 node-pool-consolidation node-pool-drift node-pool-expiry node-pool-instance-types (node-pool-limits) node-pool-local-nvme (node-pool-spot) (node-pool-width)",
      "nodes: node-class-bottlerocket node-class-identity node-class-instance-store node-class-pinned-image node-eviction (node-metadata-imdsv2) (node-volumes-encrypted) node-group-bottlerocket node-group-disruption node-group-instance-types node-group-image (node-group-launch-template) (node-group-pinned-release)",
      "user data: user-data-valid user-data-boot-container",
      "storage: provisioner-pinned provisioner-startup-taint provisioner-nodes provisioner-classes provisioner-wipe provisioner-overlap provisioner-folder storage-class-binding storage-class-reclaim-policy storage-engines overlay-advertiser",
      "consumers: consumer-claims consumer-placement",
      "cleanup: cleanup-coverage cleanup-single cleanup-delay cleanup-image cleanup-replica cleanup-permissions",
      "boot image: repository-lifecycle (repository-scanned) (repository-encrypted)",
      "Karpenter: karpenter-interruption-queue karpenter-pod-identity interruption-events queue-delivery (queue-encryption) (queue-tls)",
      "cluster: (cluster-access-entries) (cluster-audit-logs) (cluster-private-endpoint) (cluster-public-cidrs)",
    ]);
  });

  it("loads no provider's SDK, and Pulumi's own only where the pack is served", () => {
    for (const file of readdirSync("policies").filter((one) => one.endsWith(".ts") && one !== "serve.ts")) {
      const text = readFileSync(`policies/${file}`, "utf8");
      const imports = [...text.matchAll(/^(?:import|export)( type)? [^;]*? from "([^"]+)"/gm)];
      for (const [, typeOnly, from = ""] of imports)
        assert.ok(!from.startsWith("@pulumi/") || (typeOnly && from === "@pulumi/policy"), `${file} imports ${from}`);
      assert.doesNotMatch(text, /\brequire\(|\bimport\(/, file);
    }
  });

  it("has no cycle among its files", () => {
    const importsOf = (file: string): string[] =>
      [...readFileSync(`policies/${file}.ts`, "utf8").matchAll(/ from "\.\/([\w-]+)"/g)].map(([, to = ""]) => to);
    const visit = (file: string, above: string[]): void => {
      assert.ok(!above.includes(file), [...above, file].join(" → "));
      for (const next of importsOf(file)) visit(next, [...above, file]);
    };
    visit("serve", []);
  });

  it("has a catalogue that is not stale", () => {
    assert.equal(readFileSync("policies/README.md", "utf8"), renderCatalogue(), "run npm run policies");
  });

  it("has presets of policies and settings that exist, and three of them", () => {
    assert.deepEqual(Object.keys(presets), ["dev", "prod", "shared"]);
    assert.deepEqual(readdirSync("policies/presets").sort(), ["dev.json", "prod.json", "shared.json"]);
    for (const [name, preset] of Object.entries(presets))
      for (const [policy, config] of Object.entries(preset)) {
        const found = policies.find((one) => one.name === policy);
        const keys = typeof config === "string" ? [] : Object.keys(config).filter((key) => key !== "enforcementLevel");
        assert.ok(found, `${name}: ${policy}`);
        for (const key of keys) assert.ok(found.configSchema?.properties[key], `${name}: ${policy}.${key}`);
      }
  });

  it("has the version of the package", () => {
    const version = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
    assert.equal(version("policies/package.json"), version("package.json"));
  });
});

describe("what policies look for", () => {
  /** Names of types as the SDKs have them; Karpenter's are in none. */
  const tokens: Partial<Record<keyof typeof kinds, string>> = {
    storageClass: "@pulumi/kubernetes/storage/v1/storageClass:StorageClass",
    csiDriver: "@pulumi/kubernetes/storage/v1/csidriver:CSIDriver",
    deployment: "@pulumi/kubernetes/apps/v1/deploymentPatch:DeploymentPatch",
    daemonSet: "@pulumi/kubernetes/apps/v1/daemonSet:DaemonSet",
    workload: "@pulumi/kubernetes/batch/v1/cronJob:CronJob",
    claim: "@pulumi/kubernetes/core/v1/persistentVolumeClaim:PersistentVolumeClaim",
    configMap: "@pulumi/kubernetes/core/v1/configMap:ConfigMap",
    clusterRole: "@pulumi/kubernetes/rbac/v1/clusterRole:ClusterRole",
    clusterRoleBinding: "@pulumi/kubernetes/rbac/v1/clusterRoleBinding:ClusterRoleBinding",
    release: "@pulumi/kubernetes/helm/v3/release:Release",
    cluster: "@pulumi/aws/eks/cluster:Cluster",
    addOn: "@pulumi/aws/eks/addon:Addon",
    nodeGroup: "@pulumi/aws/eks/nodeGroup:NodeGroup",
    launchTemplate: "@pulumi/aws/ec2/launchTemplate:LaunchTemplate",
    podIdentity: "@pulumi/aws/eks/podIdentityAssociation:PodIdentityAssociation",
    image: "@pulumi/docker/image:Image",
    repository: "@pulumi/aws/ecr/repository:Repository",
    repositoryLifecycle: "@pulumi/aws/ecr/lifecyclePolicy:LifecyclePolicy",
    queue: "@pulumi/aws/sqs/queue:Queue",
    queuePolicy: "@pulumi/aws/sqs/queuePolicy:QueuePolicy",
    eventRule: "@pulumi/aws/cloudwatch/eventRule:EventRule",
    eventTarget: "@pulumi/aws/cloudwatch/eventTarget:EventTarget",
  };
  it("are kinds of the SDKs", () => {
    for (const [kind, token] of Object.entries(tokens)) {
      const [path = "", name = ""] = token.split(":");
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const module = require(path) as Record<string, { __pulumiType?: string } | undefined>;
      assert.match(module[name]?.__pulumiType ?? "", kinds[kind as keyof typeof kinds], kind);
    }
    const others = Object.keys(kinds).filter((kind) => !(kind in tokens));
    assert.deepEqual(others, ["nodePool", "nodeClass", "nodeOverlay"]);
    for (const kind of others)
      assert.ok(
        Object.values(compliantStack()).some(({ type }) => kinds[kind as keyof typeof kinds].test(type)),
        kind,
      );
  });

  it("are the words that the components write", () => {
    assert.equal(chainSettings.label.default, names.classLabel);
    assert.equal(chainSettings.container.default, names.bootstrapContainer);
    assert.deepEqual(chainSettings.classes.default, [names.defaultClass]);
    assert.equal(noProvisioner, names.noProvisioner);
    assert.equal(labels.localNvme, names.localNvmeLabel);
    assert.equal(labels.nodePool, names.nodePoolLabel);
    assert.equal(names.karpenterServiceAccount, "karpenter");
    const folders = policies.find(({ name }) => name === "provisioner-folder")?.configSchema?.properties.folders
      ?.default;
    assert.ok((folders as string[]).some((folder) => names.folder.startsWith(folder)));
    const files = readdirSync("components/manifests").map((file) => `components/manifests/${file}`);
    const written = [...files, "catalogue/requirements.ts"].map((file) => readFileSync(file, "utf8")).join("\n");
    for (const key of [labels.arch, labels.capacityType, labels.instanceType]) assert.ok(written.includes(key), key);
    assert.match(written, /instance-family/);
    const events = readFileSync("policies/event-pattern.ts", "utf8");
    for (const pattern of Object.values(interruptionPatternsOf(OnMaintenance.replace)))
      for (const type of pattern["detail-type"]) assert.ok(events.includes(type), type);
  });

  it("are keys that the charts and the SDKs read", () => {
    const chart = JSON.parse(readFileSync("test/data/local-static-provisioner-2.9.0.json", "utf8")) as {
      values: object;
      class: object;
    };
    for (const key of ["classes", "image", "nodeSelector", "affinity", "removeNodeNotReadyTaint"])
      assert.ok(Object.hasOwn(chart.values, key), key);
    for (const key of ["name", "hostDir", "blockCleanerCommand", "storageClass"])
      assert.ok(Object.hasOwn(chart.class, key), key);
    const arguments_ = {
      "ec2/launchTemplate": ["imageId", "userData", "metadataOptions", "blockDeviceMappings"],
      "eks/nodeGroup": ["amiType", "releaseVersion", "launchTemplate", "labels", "taints", "nodeGroupName"].concat([
        "instanceTypes",
        "forceUpdateVersion",
        "nodeRepairConfig",
      ]),
      "eks/cluster": ["accessConfig", "enabledClusterLogTypes", "vpcConfig"],
      "eks/addon": ["addonName", "configurationValues"],
      "eks/podIdentityAssociation": ["serviceAccount", "namespace"],
      "ecr/repository": ["name", "imageTagMutability", "imageScanningConfiguration", "encryptionConfigurations"],
      "ecr/lifecyclePolicy": ["policy", "repository"],
      "sqs/queue": ["name", "sqsManagedSseEnabled", "kmsMasterKeyId", "policy"],
      "sqs/queuePolicy": ["policy", "queueUrl"],
      "cloudwatch/eventRule": ["name", "eventPattern"],
      "cloudwatch/eventTarget": ["arn", "rule"],
    };
    for (const [path, keys] of Object.entries(arguments_)) {
      const types = readFileSync(`node_modules/@pulumi/aws/${path}.d.ts`, "utf8");
      for (const key of keys)
        assert.match(types, new RegExp(`^ {4}${key}\\??: pulumi\\.Input<`, "m"), `${path}: ${key}`);
    }
    const inputs = readFileSync("node_modules/@pulumi/aws/types/input.d.ts", "utf8");
    const nested = ["httpTokens", "httpPutResponseHopLimit", "endpointPrivateAccess", "endpointPublicAccess"];
    const more = ["publicAccessCidrs", "authenticationMode", "scanOnPush", "encryptionType", "encrypted", "volumeType"];
    for (const key of [...nested, ...more]) assert.match(inputs, new RegExp(`\\b${key}\\??: pulumi.Input<`), key);
    const release = readFileSync("node_modules/@pulumi/kubernetes/helm/v3/release.d.ts", "utf8");
    for (const key of ["chart", "version", "namespace", "values", "valueYamlFiles"])
      assert.match(release, new RegExp(`^ {4}${key}\\??: pulumi\\.Input<`, "m"), key);
  });

  it("are the marks by which the SDK tells unknown values", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const sdk = require("@pulumi/policy/proxy") as Record<string, unknown>;
    const theirs = Object.keys(sdk).filter((key) => /^unknown\w+Value$/.test(key));
    assert.deepEqual(theirs.map((key) => sdk[key]).sort(), [...marks].sort());
    for (const mark of marks) assert.equal(reveal(mark), pending);
  });
});
