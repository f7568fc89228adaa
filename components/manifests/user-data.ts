import * as toml from "@iarna/toml";
import { renderBottlerocket, validateConsumer, validateTable } from "./bottlerocket";
import type { BottlerocketSettings, Consumer, Table, Value } from "./bottlerocket";

/**
 * EC2 takes 16 KiB before base64 (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html);
 * 3 KiB of it stay free for what EKS and Karpenter add: endpoint, certificate, labels and taints.
 */
const maximumBytes = 13 * 1024;

/** What the OS's own defaults get from us on every node. */
const defaults: BottlerocketSettings = { hostContainers: { control: { enabled: true } } };

/** Faults of the merged layers for one consumer. */
export function validateUserData(layers: BottlerocketSettings[], consumer: Consumer): string[] {
  const table = renderBottlerocket([defaults, ...layers]);
  const faults = [
    ...validateTable(table),
    ...validateConsumer(table, consumer),
    ...validateHostContainers(table),
    ...validateEvictions(table),
  ];
  if (consumer === "eks") faults.push(...validateForEks([], table));
  if (faults.length > 0) return faults;
  const bytes = Buffer.byteLength(renderUserData(layers));
  return bytes > maximumBytes
    ? [`user data: is ${bytes} bytes, at most ${maximumBytes} fit beside what EC2's 16 KiB must also hold; shorten it`]
    : [];
}

/** User data in TOML of the defaults and the given layers, later ones win. */
export function renderUserData(layers: BottlerocketSettings[]): string {
  return toml.stringify({ settings: renderBottlerocket([defaults, ...layers]) });
}

function validateHostContainers(table: Table): string[] {
  return Object.entries((table["host-containers"] ?? {}) as Record<string, Table>).flatMap(([name, container]) =>
    name === "admin" || name === "control" || ["enabled", "source", "superpowered"].every((key) => key in container)
      ? []
      : [`host-containers.${name}: is not one of Bottlerocket's own and needs enabled, source and superpowered`],
  );
}

// Kubelet does not start otherwise. Layers may each state a part of it.
function validateEvictions(table: Table): string[] {
  const kubernetes = (table.kubernetes ?? {}) as Table;
  const graces = (kubernetes["eviction-soft-grace-period"] ?? {}) as Table;
  return Object.keys((kubernetes["eviction-soft"] ?? {}) as Table).flatMap((signal) =>
    Object.hasOwn(graces, signal)
      ? []
      : [`kubernetes.eviction-soft.${signal}: needs a time in evictionSoftGracePeriod, for example 1m30s`],
  );
}

// EKS merges with a parser of its own (facts found by users: aws/containers-roadmap, eksctl): no bracketed header with a
// quoted key, no quotes in quoted keys, no escapes in values.
function validateForEks(path: string[], value: Value): string[] {
  const here = path.join(".");
  if (typeof value === "string")
    return /["\\\p{Cc}]/u.test(value)
      ? [`${here}: has a quote, backslash or control character, which EKS refuses`]
      : [];
  if (Array.isArray(value)) return value.flatMap((item) => validateForEks(path, item));
  if (!isPlainTable(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const header = isPlainTable(item) || (Array.isArray(item) && isPlainTable(item[0]));
    if (/["\\\p{Cc}]/u.test(key)) return [`${here}: key ${JSON.stringify(key)} has a quote, which EKS refuses`];
    if (header && !/^[A-Za-z0-9_-]+$/.test(key))
      return [`${here}: table ${JSON.stringify(key)} needs a quoted header, which EKS refuses; rename it`];
    return validateForEks([...path, key], item);
  });
}

function isPlainTable(value: Value | undefined): value is Table {
  return typeof value === "object" && !Array.isArray(value) && (value as Value | null) !== null;
}
export function validateMergedSettings(layers: BottlerocketSettings[], path: string, consumer: Consumer): string[] {
  return validateUserData(layers, consumer).map((one) => `${path}.${one}`);
}
