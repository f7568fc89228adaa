import * as toml from "@iarna/toml";
import assert from "node:assert/strict";
import type { BottlerocketSettingsSpec } from "../../../components/manifests/bottlerocket";
import type { Consumer } from "../../../components/manifests/bottlerocket-checks";
import { checks } from "../../../components/manifests/bottlerocket-keys";
import { takenAway } from "../../../components/manifests/bottlerocket-kubernetes";
import { validateBottlerocketSettings } from "../../../components/manifests/bottlerocket-validation";

const both: Consumer[] = ["eks", "karpenter"];
const container = { source: "registry/image:1", mode: "always", essential: true } as const;
const kubernetes = (settings: object): BottlerocketSettingsSpec => ({ further: { kubernetes: settings } });
const errorsOf = (settings: BottlerocketSettingsSpec, consumers = both, version = "1.66.0") =>
  validateBottlerocketSettings(settings, "b", { consumers, version: () => version });

describe("validateBottlerocketSettings", () => {
  const refused: [what: string, settings: BottlerocketSettingsSpec, error: string][] = [
    [
      "a label that kubelet does not set",
      { kubernetes: { nodeLabels: { "node-role.kubernetes.io/worker": "" } } },
      "b.kubernetes.nodeLabels.node-role.kubernetes.io/worker: key must be outside kubernetes.io and k8s.io, whose labels kubelet refuses to set; use your own domain or node.kubernetes.io, or label the Node with kubectl after it has joined",
    ],
    [
      "a container name with an underscore",
      { hostContainers: { my_name: { enabled: true, source: "a", superpowered: false } } },
      "b.hostContainers.my_name: key must be 1 to 76 letters, digits and hyphens",
    ],
    [
      "a source with a quote",
      { bootstrapContainers: { a: { ...container, source: "a\\b" } } },
      'b.bootstrapContainers.a.source: has a quote, backslash or control character, which EKS refuses, got "a\\\\b"',
    ],
    [
      "loose bits in base64",
      { hostContainers: { admin: { userData: "e31=" } } },
      'b.hostContainers.admin.userData: must be padded base64 on one line, got "e31="',
    ],
    [
      "a threshold of 100%",
      {
        kubernetes: {
          evictionSoft: { "memory.available": "100%" },
          evictionSoftGracePeriod: { "memory.available": "1m" },
        },
      },
      'b.kubernetes.evictionSoft.memory.available: must be a quantity above 0 such as "100Mi" or a percentage below 100%, got "100%"',
    ],
    [
      "an unknown signal",
      { kubernetes: { evictionSoftGracePeriod: { memory: "1m" } } },
      "b.kubernetes.evictionSoftGracePeriod.memory: key must be an eviction signal, one of memory.available, nodefs.available, nodefs.inodesFree, imagefs.available, imagefs.inodesFree, pid.available",
    ],
    [
      "half a byte of logs",
      { kubernetes: { containerLogMaxSize: "100m" } },
      'b.kubernetes.containerLogMaxSize: must be a quantity of whole bytes such as "10Mi", got "100m"',
    ],
    [
      "one log file",
      { kubernetes: { containerLogMaxFiles: 1 } },
      "b.kubernetes.containerLogMaxFiles: must be a whole number from 2, got 1",
    ],
    [
      "an unknown lockdown",
      { kernel: { lockdown: "full" } },
      'b.kernel.lockdown: must be "none", "integrity" or "confidentiality", got "full"',
    ],
    [
      "a sysctl with two dots",
      { kernel: { sysctl: { "a..b": "1" } } },
      'b.kernel.sysctl.a..b: key must be a sysctl (letters, digits and "._-/", no "..", no leading "." or "/")',
    ],
    [
      "a sysctl as number below further",
      { further: { kernel: { sysctl: { a: 1 } } } },
      "b.further.kernel.sysctl.a: must be a string, got 1; write it in quotes",
    ],
    ["a table that is none", kubernetes([]), "b.further.kubernetes: must be a table, got []"],
    ["null", { further: { motd: null } }, "b.further.motd: must be a TOML value, got null; leave the key out"],
    [
      "a number beyond whole numbers",
      { further: { aws: { a: 2 ** 60 } } },
      "b.further.aws.a: must be a TOML value, got 1152921504606847000; leave the key out",
    ],
    [
      "a misspelt table",
      { further: { "host-container": { a: 1 } } },
      'b.further.host-container: no such setting; did you mean "host-containers"?',
    ],
    [
      "our own key below further",
      { further: { hostContainers: {} } },
      'b.further.hostContainers: no such setting; did you mean "host-containers"?',
    ],
    [
      "a key of another table",
      { further: { "registry-qps": 1 } },
      'b.further.registry-qps: no such setting; did you mean "kubernetes.registry-qps"?',
    ],
    [
      "a misspelt kubernetes key",
      kubernetes({ "registry-qsp": 1 }),
      'b.further.kubernetes.registry-qsp: no such setting; did you mean "registry-qps"?',
    ],
    [
      "an unknown table",
      { further: { ecs: {} } },
      "b.further.ecs: no such setting; if a newer Bottlerocket has it, set allowUnknownSettings",
    ],
    [
      "an unknown resource",
      kubernetes({ "kube-reserved": { nvidia: "1" } }),
      "b.further.kubernetes.kube-reserved.nvidia: no such setting; known are cpu, ephemeral-storage, memory, pid; if a newer Bottlerocket has it, set allowUnknownSettings",
    ],
    [
      "text for a number",
      kubernetes({ "registry-qps": "5" }),
      'b.further.kubernetes.registry-qps: must be a whole number from 0, got "5"',
    ],
    [
      "a fraction for a number",
      kubernetes({ "registry-qps": 1.5 }),
      "b.further.kubernetes.registry-qps: must be a whole number from 0, got 1.5",
    ],
    [
      "text for a flag",
      kubernetes({ "seccomp-default": "true" }),
      'b.further.kubernetes.seccomp-default: must be true or false, got "true"',
    ],
    [
      "an unknown cpu manager",
      kubernetes({ "cpu-manager-policy": "dynamic" }),
      'b.further.kubernetes.cpu-manager-policy: must be "none" or "static", got "dynamic"',
    ],
    [
      "a list of DNS servers for Karpenter",
      kubernetes({ "cluster-dns-ip": ["10.0.0.1"] }),
      'b.further.kubernetes.cluster-dns-ip: must be a string for Karpenter, got ["10.0.0.1"]; write it in quotes',
    ],
    [
      "a percentage as number for Karpenter",
      kubernetes({ "image-gc-low-threshold-percent": 50 }),
      "b.further.kubernetes.image-gc-low-threshold-percent: must be a string for Karpenter, got 50; write it in quotes",
    ],
    [
      "image-gc in the wrong order",
      kubernetes({ "image-gc-high-threshold-percent": "80" }),
      "b.further.kubernetes.image-gc-high-threshold-percent: high must be above low, got 80 and 80 (without a value 85 and 80); raise high or lower low",
    ],
    [
      "a cluster name",
      kubernetes({ "cluster-name": 1 }),
      "b.further.kubernetes.cluster-name: EKS and Karpenter write the settings with which a node joins its cluster; leave it out",
    ],
    [
      "taints, once",
      { kubernetes: { nodeTaints: { "a b": [] } } },
      "b.kubernetes.nodeTaints: Karpenter overwrites it with the NodePool's taints; leave it out",
    ],
    [
      "max-pods",
      kubernetes({ "max-pods": 9 }),
      "b.further.kubernetes.max-pods: Karpenter overwrites it with the number that it computes for the instance type; leave it out",
    ],
    [
      "what Karpenter drops",
      kubernetes({ "reserved-cpus": "0" }),
      "b.further.kubernetes.reserved-cpus: Karpenter drops it and only logs this; leave it out",
    ],
    [
      "mixed types in an inner list for EKS",
      { further: { network: { hosts: [["10.0.0.0", ["a"]]] } } },
      "b.further.network.hosts: mixes types in one list, which EKS refuses; make them one type",
    ],
    [
      "a quote for EKS",
      { further: { motd: 'a"b' } },
      'b.further.motd: has a quote, backslash or control character, which EKS refuses, got "a\\"b"',
    ],
    [
      "a quoted header for EKS",
      { further: { pki: { "my.bundle": { trusted: true } } } },
      "b.further.pki.my.bundle: table needs a quoted header, which EKS refuses; rename it",
    ],
    [
      "tables among other values",
      { further: { dns: { a: [{ b: 1 }, 2] } } },
      "b.further.dns.a: mixes tables with other values in one list; make them one type",
    ],
  ];
  for (const [what, settings, error] of refused)
    it(`refuses ${what}`, () => {
      assert.deepEqual(errorsOf(settings), [error]);
    });

  it("refuses an empty list of taints and an unknown effect for EKS", () => {
    const errors = errorsOf(
      { kubernetes: { nodeTaints: { a: [], b: ["x:NoSchedul"], "node-role.kubernetes.io/x": ["y:NoExecute"] } } },
      ["eks"],
    );
    const must = 'must be a list of at least one "value:Effect" with NoSchedule, PreferNoSchedule or NoExecute';
    assert.deepEqual(errors, [
      `b.kubernetes.nodeTaints.a: ${must}, got []; leave the key out for no taint`,
      `b.kubernetes.nodeTaints.b: ${must}, got ["x:NoSchedul"]; leave the key out for no taint`,
    ]);
  });

  it("lets each consumer have what only the other refuses", () => {
    const forKarpenter = {
      further: { motd: 'a"b\nc', pki: { "a.b": { trusted: true } }, network: { hosts: [["10.0.0.0", ["a"]]] } },
    };
    assert.deepEqual(errorsOf(forKarpenter, ["karpenter"]), []);
    const forEks = {
      kubernetes: { nodeTaints: { "example.com/a": ["b:NoSchedule"] } },
      further: {
        kubernetes: {
          ...{ "max-pods": 9, "reserved-cpus": "0,3-5,8", "cluster-dns-ip": ["10.0.0.1", "10.0.0.2"] },
          ...{ "image-gc-high-threshold-percent": 85, "image-gc-low-threshold-percent": 80 },
        },
        "bootstrap-commands": { a: { commands: [] } },
      },
    };
    assert.deepEqual(errorsOf(forEks, ["eks"]), []);
  });

  it("keeps hostname-override-source, which Karpenter has since 1.9", () => {
    assert.deepEqual(errorsOf(kubernetes({ "hostname-override-source": "instance-id" })), []);
  });

  it("takes what it does not know on demand, and checks the rest of it still", () => {
    const further = { newer: { a: 1 }, kubernetes: { "new-key": true, "registry-qps": "5" } };
    assert.deepEqual(errorsOf({ further, allowUnknownSettings: true }), [
      'b.further.kubernetes.registry-qps: must be a whole number from 0, got "5"',
    ]);
  });

  const sinces: [settings: BottlerocketSettingsSpec, first: string, before: string][] = [
    [{ kubernetes: { kubeReserved: { pid: "100" } } }, "1.50.0", "1.49.9"],
    [{ kubernetes: { systemReserved: { pid: "100" } } }, "1.50.0", "1.49.0"],
    [{ bootstrapContainers: { a: { ...container, command: ["x"] } } }, "1.47.0", "1.46.0"],
    [{ hostContainers: { admin: { command: ["x"] } } }, "1.47.0", "1.9.0"],
  ];
  for (const [settings, first, before] of sinces)
    it(`takes ${JSON.stringify(settings)} from Bottlerocket ${first}`, () => {
      assert.deepEqual(errorsOf(settings, both, first), []);
      assert.deepEqual(errorsOf(settings, both, "latest"), []);
      const errors = errorsOf(settings, both, before);
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? "", new RegExp(`needs Bottlerocket ${first} or newer, got ${before}; raise`));
    });

  it("takes the edges of each rule", () => {
    assert.deepEqual(
      errorsOf({
        hostContainers: { ["x".repeat(76)]: { enabled: false, source: "a", superpowered: false, userData: "" } },
        bootstrapCommands: { a: { commands: [["apiclient"]], mode: "off", essential: false } },
        kernel: { lockdown: "confidentiality", sysctl: { "net/ipv4.a-b_c": "" } },
        kubernetes: {
          nodeLabels: { "example.com/a": "", a: "x".repeat(63) },
          evictionSoft: { "imagefs.inodesFree": "99.9%" },
          evictionSoftGracePeriod: { "imagefs.inodesFree": "1h30m" },
          systemReserved: { cpu: "0.5", memory: "500Mi", "ephemeral-storage": "1Gi", pid: "100" },
          podPidsLimit: -1,
          containerLogMaxFiles: 2 ** 31 - 1,
        },
      }),
      [],
    );
  });

  it("leaves what another layer may state to the merged layers", () => {
    const settings = { kubernetes: { evictionHard: { "memory.available": "5%" } } };
    const context = { consumers: both };
    assert.match(validateBottlerocketSettings(settings, "b", context)[0] ?? "", /^b.kubernetes.evictionHard: must set/);
    assert.deepEqual(validateBottlerocketSettings(settings, "b", { ...context, overrides: true }), []);
  });

  it("takes away only what it knows", () => {
    const names = Object.keys(checks);
    for (const key of takenAway.flatMap(({ keys }) => keys)) assert.ok(names.includes(`kubernetes.${key}`), key);
  });
});

// The examples of https://bottlerocket.dev/en/os/latest/#/api/settings/, with values of ours.
const examples = `
motd = "message of the day"
[autoscaling]
should-wait = true
[aws]
profile = "myprofile"
region = "us-west-2"
[boot]
reboot-to-reconcile = true
[boot.init-parameters]
log_level = ["debug"]
splash = []
[boot.kernel-parameters]
console = ["tty0", "ttyS1,115200n8"]
"usbcore.quirks" = ["0781:5580:bk"]
[bootstrap-commands.mybootstrap]
commands = [["apiclient", "ephemeral-storage", "init"], ["apiclient", "ephemeral-storage", "bind"]]
essential = true
mode = "always"
[bootstrap-containers.mybootstrap]
source = "registry.example.com/foo:1.0.0"
mode = "once"
user-data = "dXNlcmRhdGE="
essential = true
command = ["echo", "hello"]
[cloudformation]
should-signal = true
stack-name = "stack"
logical-resource-id = "id"
[[container-registry.mirrors]]
registry = "*"
endpoint = ["https://mirror.example.com"]
[[container-registry.credentials]]
registry = "docker.io"
username = "foo"
password = "bar"
[container-runtime]
max-container-log-line-size = 16384
snapshotter = "soci"
concurrent-download-chunk-size = "32mb"
[container-runtime-plugins.soci-snapshotter]
pull-mode = "parallel-pull-unpack"
[dns]
name-servers = ["1.2.3.4", "5.6.7.8"]
search-list = ["foo.bar"]
[host-containers.mycontainer]
enabled = true
source = "registry.example.com/foo:1.0.0"
superpowered = false
[image-verifier-plugins]
enabled = true
[kernel]
lockdown = "integrity"
[kernel.hugepages.transparent]
enabled = "always"
[kernel.modules.ip_vs_lc]
allowed = true
autoload = true
[kernel.sysctl]
"user.max_user_namespaces" = "16384"
"vm.max_map_count" = "262144"
[kubelet-device-plugins.nvidia]
device-sharing-strategy = "time-slicing"
[kubernetes]
allowed-unsafe-sysctls = ["net.core.somaxconn", "net.ipv4.ip_local_port_range"]
cluster-dns-ip = "10.0.0.1"
cluster-domain = "cluster.local"
container-log-max-files = 5
container-log-max-size = "10Mi"
container-log-max-workers = 3
container-log-monitor-interval = "20s"
cpu-cfs-quota-enforced = true
cpu-manager-policy = "static"
cpu-manager-policy-options = ["full-pcpus-only"]
cpu-manager-reconcile-period = "10s"
device-ownership-from-security-context = true
event-burst = 50
event-qps = 20
eviction-max-pod-grace-period = 40
hostname-override-source = "private-dns-name"
ids-per-pod = 65536
image-gc-high-threshold-percent = "85"
image-gc-low-threshold-percent = "80"
kube-api-burst = 50
kube-api-qps = 20
log-level = 3
memory-manager-policy = "Static"
pod-pids-limit = 1024
registry-burst = 10
registry-qps = 5
seccomp-default = true
server-tls-bootstrap = true
shutdown-grace-period = "2m"
shutdown-grace-period-for-critical-pods = "30s"
single-process-oom-kill = true
topology-manager-policy = "restricted"
topology-manager-scope = "pod"
[kubernetes.credential-providers.ecr-credential-provider]
enabled = true
cache-duration = "30m"
image-patterns = ["*.dkr.ecr.us-east-2.amazonaws.com"]
[kubernetes.credential-providers.ecr-credential-provider.environment]
AWS_PROFILE = "other"
[kubernetes.eviction-soft]
"memory.available" = "12%"
[kubernetes.eviction-soft-grace-period]
"memory.available" = "30s"
[kubernetes.node-labels]
"label1/a" = "foo"
label2 = "bar"
[kubernetes.static-pods.my-pod]
enabled = true
manifest = "dXNlcmRhdGE="
[kubernetes.system-reserved]
cpu = "10m"
memory = "100Mi"
ephemeral-storage = "1Gi"
[kubernetes.topology-manager-policy-options]
prefer-closest-numa-nodes = true
max-allowable-numa-nodes = 8
[metrics]
send-metrics = false
[network]
hostname = "myhostname"
https-proxy = "1.2.3.4:8080"
no-proxy = ["localhost", "127.0.0.1"]
[ntp]
time-servers = ["169.254.169.123", "time.aws.com"]
[nvidia-container-runtime]
visible-devices-as-volume-mounts = true
[oci-defaults.capabilities]
sys-admin = true
[oci-defaults.resource-limits.max-locked-memory]
soft-limit = 100000000
hard-limit = "unlimited"
[oci-hooks]
log4j-hotpatch-enabled = false
[pki.my-trusted-bundle]
data = "W3Nd"
trusted = true
[updates]
metadata-base-url = "https://my-bucket.example.com/metadata/"
version-lock = "latest"
ignore-waves = true
`;

describe("validateBottlerocketSettings, for the documented examples", () => {
  it("takes each of them below further", () => {
    assert.deepEqual(errorsOf({ further: toml.parse(examples) }), []);
  });

  it("takes what is only for managed node groups there", () => {
    const forEks = toml.parse(`
      [kubernetes]
      cluster-dns-ip = ["10.0.0.1", "10.0.0.2"]
      image-gc-high-threshold-percent = 85
      memory-swap-behavior = "LimitedSwap"
      reserved-cpus = "0,3-5,8"
      image-minimum-gc-age = "2m"
      image-maximum-gc-age = "24h"
      max-parallel-image-pulls = 5
      [kubernetes.memory-manager-reserved-memory.0]
      enabled = true
      memory = "674Mi"
      [kubernetes.node-taints]
      dedicated = ["experimental:PreferNoSchedule", "experimental:NoExecute"]
      special = ["true:NoSchedule"]`);
    assert.deepEqual(errorsOf({ further: forEks }, ["eks"]), []);
  });
});
