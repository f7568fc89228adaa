import { kubernetesRules, scalarRules } from "./bottlerocket-rules";

/** A host container (https://bottlerocket.dev/en/os/latest/#/api/settings/host-containers/). */
export interface HostContainer {
  enabled?: boolean;
  /** Image; a container that Bottlerocket does not bring (`admin`, `control`) needs all of the first three. */
  source?: string;
  superpowered?: boolean;
  /** Base64. */
  userData?: string;
}

/** When a bootstrap container or command runs. */
export const BootstrapMode = { off: "off", once: "once", always: "always" } as const;
export type BootstrapMode = (typeof BootstrapMode)[keyof typeof BootstrapMode];

/** A bootstrap container (https://bottlerocket.dev/en/os/latest/#/api/settings/bootstrap-containers/). */
export interface BootstrapContainer {
  source: string;
  mode: BootstrapMode;
  /** Whether a failure stops the boot. */
  essential: boolean;
  /** Base64. */
  userData?: string;
}

/** Commands before the bootstrap containers, in order of name; Karpenter needs all three fields. */
export interface BootstrapCommand {
  /** Each one a list that starts with `apiclient`. */
  commands: string[][];
  mode: BootstrapMode;
  essential: boolean;
}

/** Kernel settings (https://bottlerocket.dev/en/os/latest/#/api/settings/kernel/). */
export interface KernelSettings {
  /** `none`, `integrity` or `confidentiality`. */
  lockdown?: string;
  /** Values are strings, also where they are numbers. */
  sysctl?: Record<string, string>;
}

/** Kubelet settings (https://bottlerocket.dev/en/os/latest/#/api/settings/kubernetes/). */
export interface KubernetesSettings {
  nodeLabels?: Record<string, string>;
  /** Key to `value:Effect`; only for managed node groups, Karpenter writes a pool's taints itself. */
  nodeTaints?: Record<string, string[]>;
  evictionHard?: Record<string, string>;
  evictionSoft?: Record<string, string>;
  evictionSoftGracePeriod?: Record<string, string>;
  kubeReserved?: Record<string, string>;
  systemReserved?: Record<string, string>;
  podPidsLimit?: number;
  containerLogMaxSize?: string;
  containerLogMaxFiles?: number;
  allowedUnsafeSysctls?: string[];
}

/** Bottlerocket settings: a documented subset, and everything else under `further`. */
export interface BottlerocketSettings {
  /**
   * `admin` (a root shell, reached from `control`) and `control` (SSM sessions) come with the OS.
   * @default - `control` on, `admin` off
   */
  hostContainers?: Record<string, HostContainer>;
  bootstrapContainers?: Record<string, BootstrapContainer>;
  bootstrapCommands?: Record<string, BootstrapCommand>;
  kubernetes?: KubernetesSettings;
  kernel?: KernelSettings;
  /** Any other setting, in Bottlerocket's own kebab-case, of any TOML type. */
  further?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A table of TOML. */
export interface Table {
  [key: string]: Value;
}
export type Value = string | number | boolean | Value[] | Table;

/** Who merges its own settings into ours. */
export type Consumer = "eks" | "karpenter";

/** Faults of one layer of settings, each with its path. */
export function validateBottlerocket(settings: BottlerocketSettings): string[] {
  return validateTable(renderBottlerocket([settings]));
}

/** Merges layers, later ones win, into Bottlerocket's `settings` table. Lists are replaced, tables merged. */
export function renderBottlerocket(layers: BottlerocketSettings[]): Table {
  return layers.map(renderLayer).reduce(merge, {});
}

/** Faults of a whole `settings` table by Bottlerocket's own rules. */
export function validateTable(table: Table): string[] {
  return walk("", table).flatMap(([path, value]) => {
    if (!isToml(value)) return [`${path}: must be a TOML value, got ${JSON.stringify(value)}; leave the key out`];
    if (Array.isArray(value) && new Set(value.map((item) => typeof item)).size > 1)
      return [`${path}: mixes types in one list, which EKS refuses; make them one type`];
    return scalarRules.flatMap(([at, rule, holds]) =>
      at.test(path) && !holds(value) ? [`${path}: must be ${rule}, got ${JSON.stringify(value)}`] : [],
    );
  });
}

/** Faults of what is not ours to set, because the consumer overwrites or drops it. */
export function validateConsumer(table: Table, consumer: Consumer): string[] {
  const kubernetes = Object.keys((table.kubernetes ?? {}) as Table);
  return kubernetesRules
    .filter(([consumers]) => consumers.includes(consumer))
    .flatMap(([, keys, reason]) =>
      kubernetes.filter((key) => keys.includes(key)).map((key) => `kubernetes.${key}: ${reason}; leave it out`),
    );
}

function renderLayer(settings: BottlerocketSettings): Table {
  const { further, ...typed } = settings;
  return merge(kebabTable(typed as Table, 2), (further ?? {}) as Table);
}

// Keys of the maps (label keys, container names …) stay as they are: only the names of our own fields are translated.
const maps = /^(hostContainers|bootstrapContainers|bootstrapCommands|sysctl|node[LT]|eviction|(kube|system)Reserved)/;

function kebabTable(table: Table, depth: number): Table {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => (value as Value | undefined) !== undefined)
      .map(([key, value]) => [kebab(key), isTable(value) && depth > 0 ? kebabInside(key, value, depth) : value]),
  );
}

function kebabInside(key: string, value: Table, depth: number): Table {
  if (!maps.test(key)) return kebabTable(value, depth - 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isTable(item) ? kebabTable(item, 0) : item]),
  );
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function merge(base: Table, over: Table): Table {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => {
      if (!Object.hasOwn(over, key)) return [key, base[key] as Value];
      const [below, above] = [Object.hasOwn(base, key) ? base[key] : undefined, over[key] as Value];
      return [key, isTable(below) && isTable(above) ? merge(below, above) : above];
    }),
  );
}

function isTable(value: Value | null | undefined): value is Table {
  return typeof value === "object" && !Array.isArray(value) && value !== null;
}

function isToml(value: Value | null | undefined): boolean {
  if (value === null || value === undefined) return false;
  // The renderer breaks numbers with an exponent, and whole ones beyond what JavaScript counts are not what was meant.
  if (typeof value === "number") return /^-?\d+(\.\d+)?$/.test(String(value)) && Math.abs(value) < 2 ** 53;
  if (Array.isArray(value)) return value.every(isToml);
  return ["string", "boolean", "object"].includes(typeof value);
}

function walk(path: string, table: Table): [string, Value][] {
  return Object.entries(table).flatMap(([key, value]) => {
    const own = /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
    const here = path === "" ? own : `${path}.${own}`;
    return [[here, value] as [string, Value], ...(isTable(value) ? walk(here, value) : [])];
  });
}

// STUB until the branch bottlerocket is merged.
import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
export type BottlerocketSettingsArgs = BottlerocketSettings;
export type BottlerocketSettingsSpec = BottlerocketSettings;
export type HostContainerArgs = HostContainer;
export type BootstrapContainerArgs = BootstrapContainer;
export type BootstrapCommandArgs = BootstrapCommand;
export type KernelSettingsArgs = KernelSettings;
export type KubernetesSettingsArgs = KubernetesSettings;
export interface BottlerocketArgs {
  version: pulumi.Input<string>;
  settings?: pulumi.Input<BottlerocketSettingsArgs>;
}
export const bottlerocketSettingsSchema = z.custom<BottlerocketSettings>();
export const bottlerocketSchema = z.strictObject({
  version: z.string(),
  settings: bottlerocketSettingsSchema.optional(),
});
export function validateBottlerocketSettings(
  spec: BottlerocketSettings,
  path: string,
  context: { consumers: Consumer[]; version?: string },
): string[] {
  void context;
  return validateBottlerocket(spec).map((one) => `${path}.${one}`);
}
