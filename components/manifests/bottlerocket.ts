import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { text } from "./example";
import type { Shape } from "./validation";

/** When a bootstrap container or command runs. `once` turns to `off` after it succeeded, `always` is at every boot. */
export const BootstrapMode = {
  /** Never. */
  off: "off",
  /** At the first boot, until it succeeded. */
  once: "once",
  /** At every boot. */
  always: "always",
} as const;
export type BootstrapMode = (typeof BootstrapMode)[keyof typeof BootstrapMode];

/** A host container (https://bottlerocket.dev/en/os/latest/#/api/settings/host-containers/). */
export interface HostContainerArgs {
  /** Whether it runs. @default - the OS's: `control` runs, `admin` does not */
  enabled?: pulumi.Input<boolean>;
  /** Image. A container that is not the OS's own (`admin`, `control`) needs `enabled`, `source` and `superpowered`. */
  source?: pulumi.Input<string>;
  /** Whether it has root's permissions on the host. */
  superpowered?: pulumi.Input<boolean>;
  /** Padded base64 on one line. @default - none */
  userData?: pulumi.Input<string>;
  /** Command and arguments in place of the image's own; Bottlerocket 1.47.0 or newer. @default - the image's own */
  command?: pulumi.Input<pulumi.Input<string>[]>;
}
export type HostContainerSpec = pulumi.Unwrap<HostContainerArgs>;

/** A bootstrap container (https://bottlerocket.dev/en/os/latest/#/api/settings/bootstrap-containers/). */
export interface BootstrapContainerArgs {
  /** Image; it is pulled at every boot. */
  source: pulumi.Input<string>;
  /** When it runs. */
  mode: pulumi.Input<BootstrapMode>;
  /** Whether a failure stops the boot. */
  essential: pulumi.Input<boolean>;
  /** Padded base64 on one line. @default - none */
  userData?: pulumi.Input<string>;
  /** Command and arguments in place of the image's own; Bottlerocket 1.47.0 or newer. @default - the image's own */
  command?: pulumi.Input<pulumi.Input<string>[]>;
}
export type BootstrapContainerSpec = pulumi.Unwrap<BootstrapContainerArgs>;

/**
 * Commands that run before the bootstrap containers, in order of name; Karpenter empties a field that is left out
 * (https://bottlerocket.dev/en/os/latest/#/api/settings/bootstrap-commands/).
 */
export interface BootstrapCommandArgs {
  /** Each one a list that starts with `apiclient`. */
  commands: pulumi.Input<pulumi.Input<pulumi.Input<string>[]>[]>;
  /** When it runs. */
  mode: pulumi.Input<BootstrapMode>;
  /** Whether a failure stops the boot. */
  essential: pulumi.Input<boolean>;
}
export type BootstrapCommandSpec = pulumi.Unwrap<BootstrapCommandArgs>;

/** Kernel settings (https://bottlerocket.dev/en/os/latest/#/api/settings/kernel/). */
export interface KernelSettingsArgs {
  /** `none`, `integrity` or `confidentiality`. @default - the OS's: "integrity" */
  lockdown?: pulumi.Input<string>;
  /** Values by name, always as strings, numbers too. @default - the OS's */
  sysctl?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type KernelSettingsSpec = pulumi.Unwrap<KernelSettingsArgs>;

/** Settings of kubelet (https://bottlerocket.dev/en/os/latest/#/api/settings/kubernetes/). */
export interface KubernetesSettingsArgs {
  /**
   * Kubelet refuses labels of `kubernetes.io` and `k8s.io` except its own; Karpenter's labels override these.
   * @default - none
   */
  nodeLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Key to `value:Effect`; only for managed node groups, Karpenter writes a pool's taints itself. @default - none */
  nodeTaints?: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  /**
   * Quantity or percentage by signal. It replaces all of kubelet's defaults, so set every signal.
   * @default - kubelet's: 100Mi of memory, 10% of nodefs, 5% of its inodes, 15% of imagefs
   */
  evictionHard?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Quantity or percentage by signal; each needs a time in `evictionSoftGracePeriod`. @default - none */
  evictionSoft?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Duration such as 1m30s by signal. @default - none */
  evictionSoftGracePeriod?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Quantity by resource: cpu, memory, ephemeral-storage, and pid from Bottlerocket 1.50.0. @default - the OS's */
  kubeReserved?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Quantity by resource, as for `kubeReserved`. @default - none */
  systemReserved?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Maximum number of processes of a pod; -1 for kubelet's limit. @default - the OS's */
  podPidsLimit?: pulumi.Input<number>;
  /** Quantity of whole bytes such as 10Mi. @default - kubelet's: "10Mi" */
  containerLogMaxSize?: pulumi.Input<string>;
  /** Two or more. @default - kubelet's: 5 */
  containerLogMaxFiles?: pulumi.Input<number>;
  /** Names or globs of sysctls that pods may set. @default - none */
  allowedUnsafeSysctls?: pulumi.Input<pulumi.Input<string>[]>;
}
export type KubernetesSettingsSpec = pulumi.Unwrap<KubernetesSettingsArgs>;

/** Bottlerocket settings: a documented subset, and everything else under `further`. */
export interface BottlerocketSettingsArgs {
  /**
   * Containers by name; `admin` (a root shell, reached from `control`) and `control` (SSM sessions) come with the OS.
   * @default - `control` on, `admin` off
   */
  hostContainers?: pulumi.Input<Record<string, pulumi.Input<HostContainerArgs>>>;
  /** Containers by name. @default - only this package's container, which finds the disks */
  bootstrapContainers?: pulumi.Input<Record<string, pulumi.Input<BootstrapContainerArgs>>>;
  /** Commands by name. @default - none */
  bootstrapCommands?: pulumi.Input<Record<string, pulumi.Input<BootstrapCommandArgs>>>;
  /** Settings of kubelet. @default - those of the OS and kubelet */
  kubernetes?: pulumi.Input<KubernetesSettingsArgs>;
  /** Settings of the kernel. @default - the OS's */
  kernel?: pulumi.Input<KernelSettingsArgs>;
  /** Any other setting, in Bottlerocket's kebab-case, of any TOML type. @default - none */
  further?: pulumi.Input<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Accepts settings below `further` that this package does not know, for example for a newer Bottlerocket. @default - false */
  allowUnknownSettings?: pulumi.Input<boolean>;
}
export type BottlerocketSettingsSpec = pulumi.Unwrap<BottlerocketSettingsArgs>;

/** Bottlerocket on every node. */
export interface BottlerocketArgs {
  /** X.Y.Z of the release that all nodes run. */
  version: pulumi.Input<string>;
  /** Settings of every node; a pool's own settings override them. @default - the OS's, with the control container on */
  settings?: pulumi.Input<BottlerocketSettingsArgs>;
}
export type BottlerocketSpec = pulumi.Unwrap<BottlerocketArgs>;

const command = z.array(z.string());

const hostContainer = z.strictObject({
  enabled: z.boolean().optional(),
  source: text("public.ecr.aws/bottlerocket/bottlerocket-admin:v0.12.0").optional(),
  superpowered: z.boolean().optional(),
  userData: text("e30=").optional(),
  command: command.optional(),
} satisfies Shape<HostContainerSpec>);

const bootstrapContainer = z.strictObject({
  source: text("public.ecr.aws/bottlerocket/bottlerocket-bootstrap:v0.2.4"),
  mode: z.enum(BootstrapMode),
  essential: z.boolean(),
  userData: text("e30=").optional(),
  command: command.optional(),
} satisfies Shape<BootstrapContainerSpec>);

const bootstrapCommand = z.strictObject({
  commands: z.array(command),
  mode: z.enum(BootstrapMode),
  essential: z.boolean(),
} satisfies Shape<BootstrapCommandSpec>);

const kernel = z.strictObject({
  lockdown: text("integrity").optional(),
  sysctl: z.record(z.string(), text("16777216")).optional(),
} satisfies Shape<KernelSettingsSpec>);

const kubernetes = z.strictObject({
  nodeLabels: z.record(z.string(), text("true")).optional(),
  nodeTaints: z.record(z.string(), z.array(text("true:NoSchedule"))).optional(),
  evictionHard: z.record(z.string(), text("5%")).optional(),
  evictionSoft: z.record(z.string(), text("10%")).optional(),
  evictionSoftGracePeriod: z.record(z.string(), text("1m30s")).optional(),
  kubeReserved: z.record(z.string(), text("100m")).optional(),
  systemReserved: z.record(z.string(), text("100m")).optional(),
  podPidsLimit: z.number().optional(),
  containerLogMaxSize: text("10Mi").optional(),
  containerLogMaxFiles: z.number().optional(),
  allowedUnsafeSysctls: z.array(text("net.core.somaxconn")).optional(),
} satisfies Shape<KubernetesSettingsSpec>);

export const bottlerocketSettingsSchema = z.strictObject({
  hostContainers: z.record(z.string(), hostContainer).optional(),
  bootstrapContainers: z.record(z.string(), bootstrapContainer).optional(),
  bootstrapCommands: z.record(z.string(), bootstrapCommand).optional(),
  kubernetes: kubernetes.optional(),
  kernel: kernel.optional(),
  further: z.record(z.string(), z.any()).optional(),
  allowUnknownSettings: z.boolean().optional(),
} satisfies Shape<BottlerocketSettingsSpec>);

export const bottlerocketSchema = z.strictObject({
  version: text("1.66.0"),
  settings: bottlerocketSettingsSchema.optional(),
} satisfies Shape<BottlerocketSpec>);
