import assert from "node:assert/strict";
import type { BottlerocketSettingsSpec } from "../../../components/manifests/bottlerocket";
import { renderBottlerocket, settingsOf } from "../../../components/manifests/bottlerocket-table";

const container = { source: "registry/image:1", mode: "always", essential: true } as const;

describe("renderBottlerocket", () => {
  it("translates the names of our fields and keeps those of users", () => {
    const settings: BottlerocketSettingsSpec = {
      hostContainers: { admin: { enabled: true, userData: "e30=" }, camelCase: { enabled: false } },
      bootstrapContainers: { fastDisks: { ...container, userData: "", command: ["a"] } },
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
      allowUnknownSettings: true,
    };
    assert.deepEqual(renderBottlerocket([settings]), {
      "host-containers": { admin: { enabled: true, "user-data": "e30=" }, camelCase: { enabled: false } },
      "bootstrap-containers": { fastDisks: { ...container, "user-data": "", command: ["a"] } },
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
    const base: BottlerocketSettingsSpec = {
      hostContainers: { admin: { enabled: false, userData: "e30=" } },
      further: { motd: "one", ntp: { "time-servers": ["a", "b"] } },
    };
    const over: BottlerocketSettingsSpec = {
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

describe("settingsOf", () => {
  it("gives each setting its place in Bottlerocket's table and the key that the user wrote", () => {
    const settings = settingsOf({
      kubernetes: { evictionHard: { "memory.available": "5%" }, podPidsLimit: undefined },
      further: { kubernetes: { "eviction-hard": {} }, motd: null },
    });
    assert.deepEqual(settings.slice(1), [
      { at: ["kubernetes", "eviction-hard"], key: "kubernetes.evictionHard", value: { "memory.available": "5%" } },
      {
        at: ["kubernetes", "eviction-hard", "memory.available"],
        key: "kubernetes.evictionHard.memory.available",
        value: "5%",
      },
      { at: ["kubernetes"], key: "further.kubernetes", value: { "eviction-hard": {} } },
      { at: ["kubernetes", "eviction-hard"], key: "further.kubernetes.eviction-hard", value: {} },
      { at: ["motd"], key: "further.motd", value: null },
    ]);
  });
});
