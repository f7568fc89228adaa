import type { Consumer, Value } from "./bottlerocket";

/** A rule on the value at some paths of the `settings` table. */
interface ScalarRule {
  at: RegExp;
  /** What the value must be. */
  rule: string;
  holds: (value: Value) => boolean;
}

const text = (pattern: RegExp) => (value: Value) => typeof value === "string" && pattern.test(value);
const oneOf = (...choices: string[]) => text(new RegExp(`^(${choices.join("|")})$`));
const keys = (pattern: RegExp) => (value: Value) =>
  typeof value === "object" && !Array.isArray(value) && Object.keys(value).every((key) => pattern.test(key));
const is = (type: string) => (value: Value) => typeof value === type;
const wholeNumber = (value: Value) => Number.isSafeInteger(value) && (value as number) >= 0;

const labelName = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const labelKey = new RegExp(`^([A-Za-z0-9.-]{1,253}/)?${labelName}$`);
const quantity = "[0-9]+(\\.[0-9]+)?([KMGTPE]i|[numkMGTPE])?";
const percent = "([0-9]|[1-9][0-9])(\\.[0-9]+)?%";
const evictionSignal = /^(memory\.available|(nodefs|imagefs)\.(available|inodesFree)|pid\.available)$/;
const container = "(host-containers|bootstrap-containers)";
const bootstrap = "bootstrap-(containers|commands)";

/** Rules that Bottlerocket applies when it reads user data; a node that breaks one never starts kubelet. */
export const scalarRules: ScalarRule[] = [
  {
    at: new RegExp(`^(${container}|bootstrap-commands)$`),
    rule: "a table of names of 1 to 76 letters, digits and hyphens",
    holds: keys(/^[A-Za-z0-9-]{1,76}$/),
  },
  {
    at: /^((host-containers|bootstrap-containers|bootstrap-commands)\.[^.]+|kubernetes|kernel)$/,
    rule: "a table",
    holds: keys(/^/),
  },
  {
    at: new RegExp(`^${container}\\.[^.]+\\.source$`),
    rule: "an image reference in ASCII without white space",
    holds: text(/^[!-~]+$/),
  },
  {
    at: new RegExp(`^${container}\\.[^.]+\\.user-data$`),
    rule: "padded base64 on one line",
    holds: text(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  },
  { at: /^host-containers\.[^.]+\.(enabled|superpowered)$/, rule: "true or false", holds: is("boolean") },
  { at: new RegExp(`^${bootstrap}\\.[^.]+\\.essential$`), rule: "true or false", holds: is("boolean") },
  {
    at: new RegExp(`^${bootstrap}\\.[^.]+\\.mode$`),
    rule: '"off", "once" or "always"',
    holds: oneOf("off", "once", "always"),
  },
  {
    at: /^bootstrap-commands\.[^.]+\.commands$/,
    rule: 'a list of lists of strings that each start with "apiclient"',
    holds: (value) =>
      Array.isArray(value) &&
      value.every((line) => Array.isArray(line) && line[0] === "apiclient" && line.every(is("string"))),
  },
  {
    at: /^bootstrap-commands\.[^.]+$/,
    rule: "a table with commands, mode and essential, all three (Karpenter empties a missing one)",
    holds: (value) => ["commands", "mode", "essential"].every((key) => Object.hasOwn(value as object, key)),
  },
  {
    at: /^kernel\.lockdown$/,
    rule: '"none", "integrity" or "confidentiality"',
    holds: oneOf("none", "integrity", "confidentiality"),
  },
  {
    at: /^kernel\.sysctl$/,
    rule: 'a table of sysctl names (letters, digits, "._-/", no "..", no leading "." or "/")',
    holds: keys(/^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}$/),
  },
  { at: /^kernel\.sysctl\../, rule: 'a string, as in "1"', holds: is("string") },
  {
    at: /^kernel\.modules$/,
    rule: 'a table of module names (letters, digits, "_-")',
    holds: keys(/^[\w-]{1,56}$/),
  },
  { at: /^kubernetes\.node-(labels|taints)$/, rule: "a table of Kubernetes label keys", holds: keys(labelKey) },
  {
    at: /^kubernetes\.node-labels\../,
    rule: "empty or a Kubernetes label value",
    holds: text(new RegExp(`^(${labelName})?$`)),
  },
  {
    at: /^kubernetes\.node-taints\../,
    rule: 'a list of "value:Effect" with NoSchedule, PreferNoSchedule or NoExecute',
    holds: (value) =>
      Array.isArray(value) &&
      value.every(text(new RegExp(`^(${labelName})?:(NoSchedule|PreferNoSchedule|NoExecute)$`))),
  },
  {
    at: /^kubernetes\.eviction-(hard|soft|soft-grace-period)$/,
    rule: "a table of eviction signals such as memory.available",
    holds: keys(evictionSignal),
  },
  {
    at: /^kubernetes\.eviction-(hard|soft)\../,
    rule: "a quantity or a percentage below 100%",
    holds: text(new RegExp(`^(${quantity}|${percent})$`)),
  },
  {
    at: /^kubernetes\.eviction-soft-grace-period\../,
    rule: "a duration such as 1m30s",
    holds: text(/^([0-9]+(\.[0-9]+)?(ms|h|m|s))+$/),
  },
  {
    at: /^kubernetes\.(kube|system)-reserved$/,
    rule: "a table of cpu, memory, ephemeral-storage and pid",
    holds: keys(/^(cpu|memory|ephemeral-storage|pid)$/),
  },
  {
    at: /^kubernetes\.(kube|system)-reserved\../,
    rule: "a quantity as a string",
    holds: text(new RegExp(`^${quantity}$`)),
  },
  { at: /^kubernetes\.container-log-max-files$/, rule: "a whole number", holds: wholeNumber },
  {
    at: /^kubernetes\.pod-pids-limit$/,
    rule: "a whole number or -1",
    holds: (value) => value === -1 || wholeNumber(value),
  },
  {
    at: /^kubernetes\.image-gc-(high|low)-threshold-percent$/,
    rule: 'a string from "0" to "100"',
    holds: text(/^([0-9]|[1-9][0-9]|100)$/),
  },
  { at: /^kubernetes\.cpu-manager-policy$/, rule: '"none" or "static"', holds: oneOf("none", "static") },
  {
    at: /^kubernetes\.topology-manager-policy$/,
    rule: '"none", "restricted", "best-effort" or "single-numa-node"',
    holds: oneOf("none", "restricted", "best-effort", "single-numa-node"),
  },
];

/** Keys of `settings.kubernetes` that a consumer takes away from us. */
interface KubernetesRule {
  consumers: Consumer[];
  keys: string[];
  reason: string;
}

export const kubernetesRules: KubernetesRule[] = [
  {
    consumers: ["eks", "karpenter"],
    keys: ["cluster-name", "api-server", "cluster-certificate"],
    reason: "EKS and Karpenter write what joins the node to its cluster",
  },
  {
    consumers: ["karpenter"],
    keys: ["max-pods"],
    reason: "Karpenter overwrites it with what it computed for the instance type",
  },
  {
    consumers: ["karpenter"],
    keys: ["node-taints"],
    reason: "Karpenter overwrites it with the NodePool's taints",
  },
  {
    // pkg/providers/amifamily/bootstrap/bottlerocketsettings.go lists the keys that it knows; others are lost.
    consumers: ["karpenter"],
    keys: [
      ...["authentication-mode", "bootstrap-token", "standalone-mode", "provider-id", "server-certificate"],
      ...["server-key", "node-ip", "hostname-override", "hostname-override-source", "reserved-cpus"],
      ...["memory-swap-behavior", "static-pods-enabled", "image-minimum-gc-age", "image-maximum-gc-age"],
      ...["max-parallel-image-pulls", "pod-infra-container-image"],
    ],
    reason: "Karpenter drops it in silence",
  },
];
