import type { Consumer, Value } from "./bottlerocket";

/** Paths of the `settings` table, what their values must be, and whether one is. */
type ScalarRule = [at: RegExp, rule: string, holds: (value: Value) => boolean];

const text = (pattern: RegExp) => (value: Value) => typeof value === "string" && pattern.test(value);
const keys = (pattern: RegExp) => (value: Value) =>
  typeof value === "object" && !Array.isArray(value) && Object.keys(value).every((key) => pattern.test(key));
const list = (holds: (value: Value) => boolean) => (value: Value) => Array.isArray(value) && value.every(holds);
const is = (type: string) => (value: Value) => typeof value === type;
const whole = (value: Value) => Number.isSafeInteger(value) && (value as number) >= 0;

const name = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const labelKey = new RegExp(`^([A-Za-z0-9.-]{1,253}/)?${name}$`);
const quantity = "[0-9]+(\\.[0-9]+)?([KMGTPE]i|[numkMGTPE])?";
const threshold = new RegExp(`^(${quantity}|([0-9]|[1-9][0-9])(\\.[0-9]+)?%)$`);
const signal = /^(memory\.available|(nodefs|imagefs)\.(available|inodesFree)|pid\.available)$/;
const taint = text(new RegExp(`^(${name})?:(NoSchedule|PreferNoSchedule|NoExecute)$`));
const sysctlKey = /^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}$/;
const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const apiclient = list((line) => Array.isArray(line) && line[0] === "apiclient" && line.every(is("string")));
const command = (value: Value) => ["commands", "mode", "essential"].every((key) => Object.hasOwn(value as object, key));

/** Rules that Bottlerocket applies when it reads user data; a node that breaks one never starts kubelet. */
export const scalarRules: ScalarRule[] = [
  [/^(host-containers|bootstrap-(containers|commands))\.[^.]+$/, "a table", keys(/^/)],
  [/^(kubernetes|kernel)$/, "a table", keys(/^/)],
  [
    /^(host-containers|bootstrap-(containers|commands))$/,
    "a table of names of 1 to 76 letters, digits and hyphens",
    keys(/^[A-Za-z0-9-]{1,76}$/),
  ],
  [/^\w+-containers\.[^.]+\.source$/, "an image reference in ASCII without white space", text(/^[!-~]+$/)],
  [/^\w+-containers\.[^.]+\.user-data$/, "padded base64 on one line", text(base64)],
  [/^host-containers\.[^.]+\.(enabled|superpowered)$/, "true or false", is("boolean")],
  [/^bootstrap-\w+\.[^.]+\.essential$/, "true or false", is("boolean")],
  [/^bootstrap-\w+\.[^.]+\.mode$/, '"off", "once" or "always"', text(/^(off|once|always)$/)],
  [/^bootstrap-commands\.[^.]+\.commands$/, 'a list of lists of strings that each start with "apiclient"', apiclient],
  [
    /^bootstrap-commands\.[^.]+$/,
    "a table with commands, mode and essential (Karpenter empties a missing one)",
    command,
  ],
  [/^kernel\.lockdown$/, '"none", "integrity" or "confidentiality"', text(/^(none|integrity|confidentiality)$/)],
  [
    /^kernel\.sysctl$/,
    'a table of sysctl names (letters, digits, "._-/", no "..", no leading "." or "/")',
    keys(sysctlKey),
  ],
  [/^kernel\.sysctl\../, 'a string, as in "1"', is("string")],
  [/^kernel\.modules$/, 'a table of module names (letters, digits, "_-")', keys(/^[\w-]{1,56}$/)],
  [/^kubernetes\.node-(labels|taints)$/, "a table of Kubernetes label keys", keys(labelKey)],
  [/^kubernetes\.node-labels\../, "empty or a Kubernetes label value", text(new RegExp(`^(${name})?$`))],
  [
    /^kubernetes\.node-taints\../,
    'a list of "value:Effect" with NoSchedule, PreferNoSchedule or NoExecute',
    list(taint),
  ],
  [
    /^kubernetes\.eviction-(hard|soft|soft-grace-period)$/,
    "a table of eviction signals such as memory.available",
    keys(signal),
  ],
  [/^kubernetes\.eviction-(hard|soft)\../, "a quantity or a percentage below 100%", text(threshold)],
  [/^kubernetes\.eviction-soft-grace-period\../, "a duration such as 1m30s", text(/^(\d+(\.\d+)?(ms|h|m|s))+$/)],
  [
    /^kubernetes\.(kube|system)-reserved$/,
    "a table of cpu, memory, ephemeral-storage and pid",
    keys(/^(cpu|memory|ephemeral-storage|pid)$/),
  ],
  [/^kubernetes\.(kube|system)-reserved\../, "a quantity as a string", text(new RegExp(`^${quantity}$`))],
  [/^kubernetes\.container-log-max-files$/, "a whole number", whole],
  [/^kubernetes\.pod-pids-limit$/, "a whole number or -1", (value) => value === -1 || whole(value)],
  [/^kubernetes\.image-gc-\w+-threshold-percent$/, 'a string from "0" to "100"', text(/^([0-9]|[1-9][0-9]|100)$/)],
  [/^kubernetes\.cpu-manager-policy$/, '"none" or "static"', text(/^(none|static)$/)],
  [
    /^kubernetes\.topology-manager-policy$/,
    '"none", "restricted", "best-effort" or "single-numa-node"',
    text(/^(none|restricted|best-effort|single-numa-node)$/),
  ],
];

/** Keys of `settings.kubernetes` that a consumer takes away from us, and why. */
type KubernetesRule = [consumers: Consumer[], keys: string[], reason: string];

export const kubernetesRules: KubernetesRule[] = [
  [
    ["eks", "karpenter"],
    ["cluster-name", "api-server", "cluster-certificate"],
    "EKS and Karpenter write what joins the node to its cluster",
  ],
  [["karpenter"], ["max-pods"], "Karpenter overwrites it with what it computed for the instance type"],
  [["karpenter"], ["node-taints"], "Karpenter overwrites it with the NodePool's taints"],
  [
    ["karpenter"],
    // pkg/providers/amifamily/bootstrap/bottlerocketsettings.go lists the keys that it knows; others are lost.
    [
      ...["authentication-mode", "bootstrap-token", "standalone-mode", "provider-id", "server-certificate"],
      ...["server-key", "node-ip", "hostname-override", "hostname-override-source", "reserved-cpus"],
      ...["memory-swap-behavior", "static-pods-enabled", "image-minimum-gc-age", "image-maximum-gc-age"],
      ...["max-parallel-image-pulls", "pod-infra-container-image"],
    ],
    "Karpenter drops it in silence",
  ],
];
