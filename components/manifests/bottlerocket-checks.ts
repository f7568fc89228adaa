import type { Value } from "./bottlerocket-table";
import { isTable } from "./bottlerocket-table";

/** The program that merges its own settings into ours. */
export type Consumer = "eks" | "karpenter";

/** A requirement on the value of a setting, or on the last part of its key. */
export interface Check {
  /** The text after "must be" in an error. */
  must: string;
  holds: (value: Value, name: string) => boolean;
  /** Whether the rule checks the key instead of the value. */
  ofName?: boolean;
  /** The only consumer that needs it. @default - Bottlerocket or kubelet need it */
  consumer?: Consumer;
  fix?: string;
}

export const flag: Check = { must: "true or false", holds: (value) => typeof value === "boolean" };
export const text: Check = { must: "a string", holds: isText, fix: "write it in quotes" };
export const table: Check = { must: "a table", holds: isTable };
export const list: Check = { must: "a list", holds: Array.isArray };
export const texts: Check = { must: "a list of strings", holds: isTexts };
export const lines: Check = {
  must: "a list of strings of one line each",
  holds: (value) => isTexts(value) && value.every((item) => !/[\p{Cc}\u2028\u2029]/u.test(item)),
};

/** A whole number, of 32 bits unless other bounds are given. */
export function whole(least = -(2 ** 31), most = 2 ** 31 - 1, must?: string): Check {
  const plain = most === 2 ** 31 - 1;
  const range = least === -(2 ** 31) && plain ? "of 32 bits" : plain ? `from ${least}` : `from ${least} to ${most}`;
  return {
    must: must ?? `a whole number ${range}`,
    holds: (value) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
  };
}

/** A string of a pattern. */
export function matches(pattern: RegExp, must: string, fix?: string): Check {
  return { must, holds: (value) => isText(value) && pattern.test(value), fix };
}

/** One of a few strings. */
export function oneOf(...values: string[]): Check {
  const quoted = values.map((value) => `"${value}"`);
  const must = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
  return { must, holds: (value) => isText(value) && values.includes(value) };
}

/** A key of a pattern. */
export function named(pattern: RegExp, must: string, fix?: string): Check {
  return { must, holds: (_, name) => pattern.test(name), ofName: true, fix };
}

const name = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const domainPart = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

export const identifier = named(/^[A-Za-z0-9-]{1,76}$/, "1 to 76 letters, digits and hyphens");

/** At most 253 characters for the domain (Kubernetes), 255 for the whole key (Bottlerocket's data store). */
export const labelKey: Check = {
  must: "a Kubernetes label key of 255 characters at most, whose prefix is a DNS name in lower case",
  holds: (_, key) =>
    new RegExp(`^((${domainPart})(\\.${domainPart})*/)?${name}$`).test(key) &&
    key.lastIndexOf("/") <= 253 &&
    key.length <= 255,
  ofName: true,
};

// https://github.com/kubernetes/kubernetes/blob/v1.35.4/staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go
const kubeletsLabels = [
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
];

/** Kubelet exits on other labels of these domains, https://github.com/kubernetes/kubernetes/issues/84912. */
export const kubeletTakes: Check = {
  must: "outside kubernetes.io and k8s.io, whose labels kubelet refuses to set",
  holds: (_, key) =>
    !/^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key) ||
    kubeletsLabels.includes(key) ||
    /^([^/]*\.)?(kubelet|node)\.kubernetes\.io\//.test(key),
  ofName: true,
  fix: "use your own domain or node.kubernetes.io, or label the Node with kubectl after it has joined",
};

export const labelValue = matches(new RegExp(`^(${name})?$`), "empty or a Kubernetes label value");

const taint = new RegExp(`^(${name})?:(NoSchedule|PreferNoSchedule|NoExecute)$`);
export const taints: Check = {
  must: 'a list of at least one "value:Effect" with NoSchedule, PreferNoSchedule or NoExecute',
  holds: (value) => isTexts(value) && value.length > 0 && value.every((item) => taint.test(item)),
  fix: "leave the key out for no taint",
};

/** Base64 with unused bits that are not zero is refused too. */
export const base64: Check = {
  must: "padded base64 on one line",
  holds: (value) => isText(value) && Buffer.from(value, "base64").toString("base64") === value,
};

/** Bottlerocket writes it into a file between quotes. */
export const image = matches(/^[!#-[\]-~]+$/, "an image reference in ASCII without white space, quote and backslash");

// Accepted by both Bottlerocket's pattern and Kubernetes' parser.
const quantityPattern = /^[0-9]+(\.[0-9]+)?([KMGTPE]i|[numkMGTPE]|e[0-9]{1,2})?$/;
export const quantity = matches(quantityPattern, 'a quantity such as "100m" or "1Gi"');

/** Bottlerocket reads a percentage as a 32-bit float; kubelet treats 0% as "off", and refuses a quantity of 0. */
export const threshold: Check = {
  must: 'a quantity above 0 such as "100Mi" or a percentage below 100%',
  holds: (value) => {
    if (!isText(value)) return false;
    if (/^[0-9]+(\.[0-9]+)?%$/.test(value)) return Math.fround(parseFloat(value)) < 100;
    return quantityPattern.test(value) && parseFloat(value) > 0;
  },
};

const scales: Record<string, number> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
/** Kubelet needs a quantity that is a whole number of bytes. */
export const bytes: Check = {
  must: 'a quantity of whole bytes such as "10Mi"',
  holds: (value) => {
    const [, number, scale, binary] =
      (isText(value) && /^([0-9]+|[0-9]+\.[0-9]{1,3}(?=[kMGTP]$))(([KMGTP])i|[kMGTP])?$/.exec(value)) || [];
    if (number === undefined) return false;
    const most = 2 ** 63 / (binary ? 1024 ** ("KMGTP".indexOf(binary) + 1) : (scales[scale ?? ""] ?? 1));
    return Number(number) < most;
  },
};

export const duration = matches(
  /^(?=.)(([0-9]+\.)?[0-9]+h)?(([0-9]+\.)?[0-9]+m)?(([0-9]+\.)?[0-9]+s)?(([0-9]+\.)?[0-9]+ms)?$/,
  "a duration of hours, minutes, seconds and milliseconds in this order, each once, such as 1m30s",
);

/** Bottlerocket accepts numbers too, Karpenter does not. */
export const percent: Check = {
  must: 'a whole percentage from "0" to "100"',
  holds: (value) => /^(\d|[1-9]\d|100)$/.test(isText(value) ? value : JSON.stringify(value)),
};

/** For Karpenter, which cannot read any user data if one value has another type. */
export function inKarpenter(check: Check): Check {
  return { ...check, must: `${check.must} for Karpenter`, consumer: "karpenter" };
}

export const commands: Check = {
  must: 'a list of lists of strings that each start with "apiclient"',
  holds: (value) => Array.isArray(value) && value.every((line) => isTexts(line) && line[0] === "apiclient"),
};

function isText(value: Value): value is string {
  return typeof value === "string";
}

function isTexts(value: Value): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
