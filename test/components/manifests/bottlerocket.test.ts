import assert from "node:assert/strict";
import type { BottlerocketSettings } from "../../../components/manifests/bottlerocket";
import { renderBottlerocket, validateBottlerocket } from "../../../components/manifests/bottlerocket";
import { renderUserData, validateUserData } from "../../../components/manifests/user-data";

const container = { source: "registry/image:1", mode: "always", essential: true } as const;

describe("renderBottlerocket", () => {
  it("translates the names of our fields and keeps those of users", () => {
    const settings: BottlerocketSettings = {
      hostContainers: { admin: { enabled: true, userData: "e30=" }, camelCase: { enabled: false } },
      bootstrapContainers: { fastDisks: { ...container, userData: "" } },
      bootstrapCommands: { "01-set": { commands: [["apiclient", "set", "motd=x"]], mode: "once", essential: false } },
      kubernetes: {
        nodeLabels: { "example.com/camelCase": "Value" },
        nodeTaints: { dedicatedTo: ["x:NoSchedule"] },
        evictionHard: { "memory.available": "5%" },
        evictionSoftGracePeriod: { "nodefs.inodesFree": "1m" },
        kubeReserved: { cpu: "100m" },
        podPidsLimit: 4096,
      },
      kernel: { lockdown: "integrity", sysctl: { "net.core.rmem_max": "16777216" } },
      further: {
        "oci-defaults": { "resource-limits": { "max-open-files": { hard: 1 } } },
        ntp: { "time-servers": ["a"] },
      },
    };
    assert.deepEqual(renderBottlerocket([settings]), {
      "host-containers": { admin: { enabled: true, "user-data": "e30=" }, camelCase: { enabled: false } },
      "bootstrap-containers": { fastDisks: { ...container, "user-data": "" } },
      "bootstrap-commands": {
        "01-set": { commands: [["apiclient", "set", "motd=x"]], mode: "once", essential: false },
      },
      kubernetes: {
        "node-labels": { "example.com/camelCase": "Value" },
        "node-taints": { dedicatedTo: ["x:NoSchedule"] },
        "eviction-hard": { "memory.available": "5%" },
        "eviction-soft-grace-period": { "nodefs.inodesFree": "1m" },
        "kube-reserved": { cpu: "100m" },
        "pod-pids-limit": 4096,
      },
      kernel: { lockdown: "integrity", sysctl: { "net.core.rmem_max": "16777216" } },
      "oci-defaults": { "resource-limits": { "max-open-files": { hard: 1 } } },
      ntp: { "time-servers": ["a"] },
    });
  });

  it("merges tables deeply, replaces lists, and lets the later layer win", () => {
    const base: BottlerocketSettings = {
      hostContainers: { admin: { enabled: false, userData: "e30=" } },
      further: { motd: "one", ntp: { "time-servers": ["a", "b"] } },
    };
    const over: BottlerocketSettings = {
      hostContainers: { admin: { enabled: true }, control: { enabled: false } },
      further: { motd: "two", ntp: { "time-servers": ["c"] } },
    };
    assert.deepEqual(renderBottlerocket([base, over]), {
      "host-containers": { admin: { enabled: true, "user-data": "e30=" }, control: { enabled: false } },
      motd: "two",
      ntp: { "time-servers": ["c"] },
    });
    assert.equal(base.hostContainers?.admin?.enabled, false);
  });
});

describe("validateBottlerocket", () => {
  const faulty: [string, BottlerocketSettings, RegExp][] = [
    [
      "a container name with an underscore",
      { hostContainers: { my_name: { enabled: true } } },
      /^host-containers: must be a table of names/,
    ],
    [
      "a bootstrap name with a dot",
      { bootstrapContainers: { "a.b": container } },
      /^bootstrap-containers: must be a table of names/,
    ],
    [
      "a command name of 77 letters",
      { bootstrapCommands: { ["x".repeat(77)]: { commands: [], mode: "off", essential: true } } },
      /^bootstrap-commands: must/,
    ],
    [
      "a source with a space",
      { bootstrapContainers: { a: { ...container, source: "a b" } } },
      /source: must be an image reference/,
    ],
    [
      "an empty source",
      { bootstrapContainers: { a: { ...container, source: "" } } },
      /source: must be an image reference/,
    ],
    [
      "user data that is no base64",
      { hostContainers: { admin: { userData: "{}" } } },
      /user-data: must be padded base64/,
    ],
    [
      "user data without padding",
      { hostContainers: { admin: { userData: "e30" } } },
      /user-data: must be padded base64/,
    ],
    [
      "an unknown mode",
      { bootstrapContainers: { a: { ...container, mode: "daily" as "off" } } },
      /mode: must be "off", "once" or "always", got "daily"/,
    ],
    [
      "essential as text",
      { bootstrapContainers: { a: { ...container, essential: "yes" as unknown as boolean } } },
      /essential: must be true or false/,
    ],
    [
      "enabled as text",
      { hostContainers: { admin: { enabled: "yes" as unknown as boolean } } },
      /enabled: must be true or false/,
    ],
    [
      "a command that is not apiclient",
      { bootstrapCommands: { a: { commands: [["rm"]], mode: "off", essential: true } } },
      /commands: must be a list of lists/,
    ],
    [
      "a command without its mode",
      { further: { "bootstrap-commands": { a: { commands: [], essential: true } } } },
      /bootstrap-commands.a: must be a table with commands, mode and essential/,
    ],
    ["an unknown lockdown", { kernel: { lockdown: "full" } }, /kernel.lockdown: must be "none"/],
    ["a sysctl with two dots", { kernel: { sysctl: { "a..b": "1" } } }, /kernel.sysctl: must/],
    ["a sysctl with a leading slash", { kernel: { sysctl: { "/a": "1" } } }, /kernel.sysctl: must/],
    [
      "a sysctl as number",
      { kernel: { sysctl: { a: 1 as unknown as string } } },
      /kernel.sysctl.a: must be a string, as in "1", got 1/,
    ],
    [
      "a module name with a dot",
      { further: { kernel: { modules: { "a.b": { allowed: true } } } } },
      /kernel.modules: must/,
    ],
    [
      "a label key with a space",
      { kubernetes: { nodeLabels: { "a b": "" } } },
      /node-labels: must be a table of Kubernetes label keys/,
    ],
    [
      "a label value with a slash",
      { kubernetes: { nodeLabels: { a: "b/c" } } },
      /node-labels.a: must be empty or a Kubernetes label value/,
    ],
    ["a label value over 63 letters", { kubernetes: { nodeLabels: { a: "x".repeat(64) } } }, /node-labels.a: must/],
    [
      "a taint with an unknown effect",
      { kubernetes: { nodeTaints: { a: ["b:NoSchedul"] } } },
      /node-taints.a: must be a list of "value:Effect"/,
    ],
    ["a taint key with a space", { kubernetes: { nodeTaints: { "a b": ["x:NoExecute"] } } }, /node-taints: must/],
    [
      "an unknown eviction signal",
      { kubernetes: { evictionHard: { memory: "5%" } } },
      /eviction-hard: must be a table of eviction signals/,
    ],
    [
      "an eviction threshold of 100%",
      { kubernetes: { evictionSoft: { "memory.available": "100%" } } },
      /eviction-soft."memory.available": must be a quantity or a percentage/,
    ],
    [
      "a grace period without unit",
      { kubernetes: { evictionSoftGracePeriod: { "memory.available": "30" } } },
      /grace-period."memory.available": must be a duration/,
    ],
    [
      "an unknown reserved resource",
      { kubernetes: { kubeReserved: { gpu: "1" } } },
      /kube-reserved: must be a table of cpu/,
    ],
    [
      "a reserved quantity with a wrong unit",
      { kubernetes: { systemReserved: { memory: "1GB" } } },
      /system-reserved.memory: must be a quantity/,
    ],
    [
      "negative log files",
      { kubernetes: { containerLogMaxFiles: -1 } },
      /container-log-max-files: must be a whole number/,
    ],
    ["a broken pid limit", { kubernetes: { podPidsLimit: 1.5 } }, /pod-pids-limit: must be a whole number or -1/],
    [
      "an image threshold over 100",
      { further: { kubernetes: { "image-gc-high-threshold-percent": "101" } } },
      /threshold-percent: must be a string from/,
    ],
    [
      "an unknown cpu manager",
      { further: { kubernetes: { "cpu-manager-policy": "dynamic" } } },
      /cpu-manager-policy: must be "none" or "static"/,
    ],
    [
      "an unknown topology manager",
      { further: { kubernetes: { "topology-manager-policy": "all" } } },
      /topology-manager-policy: must be/,
    ],
    ["kubernetes that is no table", { further: { kubernetes: "x" } }, /^kubernetes: must be a table/],
    [
      "a list of mixed types",
      { further: { ntp: { "time-servers": ["a", 1] } } },
      /ntp.time-servers: mixes types in one list/,
    ],
    ["null", { further: { motd: null } }, /^motd: must be a TOML value, got null; leave the key out/],
    ["a number beyond whole numbers", { further: { a: 2 ** 60 } }, /^a: must be a TOML value/],
  ];
  for (const [what, settings, message] of faulty)
    it(`refuses ${what}`, () => {
      const faults = validateBottlerocket(settings);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", message);
    });

  it("takes the edges of each rule", () => {
    assert.deepEqual(
      validateBottlerocket({
        hostContainers: { ["x".repeat(76)]: { enabled: false, source: "a", superpowered: false, userData: "" } },
        bootstrapCommands: { a: { commands: [["apiclient"]], mode: "off", essential: false } },
        kernel: { lockdown: "confidentiality", sysctl: { "net/ipv4.a-b_c": "" } },
        kubernetes: {
          nodeLabels: { "example.com/a": "", a: "x".repeat(63) },
          nodeTaints: { a: [":NoSchedule", "b:PreferNoSchedule", "c:NoExecute"] },
          evictionHard: { "memory.available": "0%", "nodefs.available": "1.5Gi", "pid.available": "99.9%" },
          evictionSoftGracePeriod: { "imagefs.inodesFree": "1h30m" },
          systemReserved: { cpu: "0.5", memory: "500Mi", "ephemeral-storage": "1Gi", pid: "100" },
          podPidsLimit: -1,
        },
      }),
      [],
    );
  });
});

describe("validateUserData", () => {
  const overwritten: [string, "eks" | "karpenter", BottlerocketSettings, RegExp][] = [
    [
      "a cluster name",
      "eks",
      { further: { kubernetes: { "cluster-name": "a" } } },
      /kubernetes.cluster-name: EKS and Karpenter write/,
    ],
    [
      "an API server",
      "karpenter",
      { further: { kubernetes: { "api-server": "a" } } },
      /kubernetes.api-server: EKS and Karpenter write/,
    ],
    [
      "max-pods under Karpenter",
      "karpenter",
      { further: { kubernetes: { "max-pods": 10 } } },
      /max-pods: Karpenter overwrites it/,
    ],
    [
      "taints under Karpenter",
      "karpenter",
      { kubernetes: { nodeTaints: { a: ["b:NoSchedule"] } } },
      /node-taints: Karpenter overwrites it with the NodePool's taints; leave it out/,
    ],
    [
      "what Karpenter drops",
      "karpenter",
      { further: { kubernetes: { "reserved-cpus": "0" } } },
      /reserved-cpus: Karpenter drops it in silence; leave it out/,
    ],
    [
      "a new host container without its source",
      "eks",
      { hostContainers: { mine: { enabled: true } } },
      /host-containers.mine: is not one of Bottlerocket's own and needs/,
    ],
    [
      "a quote for EKS",
      "eks",
      { further: { motd: 'a"b' } },
      /motd: has a quote, backslash or control character, which EKS refuses/,
    ],
    ["a line break for EKS", "eks", { further: { motd: "a\nb" } }, /motd: has a quote/],
    [
      "a quoted table header for EKS",
      "eks",
      { further: { pki: { "my.bundle": { trusted: true } } } },
      /pki: table "my.bundle" needs a quoted header/,
    ],
    [
      "a quoted list of tables for EKS",
      "eks",
      { further: { a: { "b.c": [{ d: 1 }] } } },
      /a: table "b.c" needs a quoted header/,
    ],
    ["a quote in a key for EKS", "eks", { further: { a: { 'b"c': 1 } } }, /a: key "b\\"c" has a quote/],
  ];
  for (const [what, consumer, settings, message] of overwritten)
    it(`refuses ${what}`, () => {
      const faults = validateUserData([settings], consumer);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", message);
    });

  it("lets each consumer have what only the other refuses", () => {
    assert.deepEqual(
      validateUserData([{ further: { motd: 'a"b\nc', pki: { "a.b": { trusted: true } } } }], "karpenter"),
      [],
    );
    const taints = {
      kubernetes: { nodeTaints: { "example.com/a": ["b:NoSchedule"] } },
      further: { kubernetes: { "max-pods": 9 } },
    };
    assert.deepEqual(validateUserData([taints], "eks"), []);
  });

  it("checks the size of what is rendered", () => {
    const of = (length: number) => ({ further: { motd: "x".repeat(length) } });
    const empty = Buffer.byteLength(renderUserData([of(0)]));
    assert.deepEqual(validateUserData([of(13 * 1024 - empty)], "karpenter"), []);
    assert.match(
      validateUserData([of(13 * 1024 - empty + 1)], "karpenter")[0] ?? "",
      /user data: is 13313 bytes, at most 13312/,
    );
  });
});

describe("renderUserData", () => {
  it("switches the control container on unless told otherwise", () => {
    assert.equal(renderUserData([]), "[settings.host-containers.control]\nenabled = true\n");
    const off = renderUserData([{ hostContainers: { control: { enabled: false } } }]);
    assert.equal(off, "[settings.host-containers.control]\nenabled = false\n");
  });
});
