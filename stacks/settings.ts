import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type {
  BootstrapCommand,
  BootstrapContainer,
  BottlerocketSettings,
  HostContainer,
  KernelSettings,
  KubernetesSettings,
} from "../components/manifests/bottlerocket";
import { BootstrapMode, validateBottlerocket } from "../components/manifests/bottlerocket";
import type { AddOnVersions, ClusterSpec } from "../components/manifests/cluster";
import { validateCluster } from "../components/manifests/cluster";
import { Discovery, OnMissing } from "../components/manifests/discovery";
import type {
  BootImageSpec,
  BottlerocketSpec,
  FastDisksArgs,
  KarpenterSpec,
  PoolSpec,
} from "../components/manifests/fast-disks";
import { validateBootImage, validateFastDisks, validatePool } from "../components/manifests/fast-disks";
import type { ExistingVpc, NetworkSpec, NewVpc } from "../components/manifests/network";
import { NatGateways, validateNetwork } from "../components/manifests/network";
import type { NodeCleanupSpec } from "../components/manifests/node-cleanup";
import { validateNodeCleanup } from "../components/manifests/node-cleanup";
import { CapacityType, OnDrift, validateNodePool } from "../components/manifests/node-pool";
import type { Requirement } from "../catalogue/requirements";
import type { SelectorTerm } from "../components/manifests/selector-term";
import type { StorageClassSpec } from "../components/manifests/storage-class";
import {
  FileSystem,
  ReclaimPolicy,
  validateStorageClass,
  VolumeMode,
  Wipe,
} from "../components/manifests/storage-class";
import type { SystemNodesSpec } from "../components/manifests/system-nodes";
import { validateSystemNodes } from "../components/manifests/system-nodes";

/** The compiler holds each schema to the spec: a missing, misspelt or mistyped key does not compile. */
type Shape<T> = { [K in keyof T]-?: z.ZodType<T[K]> };

const text = z.string();
const texts = z.array(text).optional();
const textMap = z.record(text, text).optional();
const flag = z.boolean().optional();
const count = z.number().optional();
const sizes = { rootVolumeGiB: count, dataVolumeGiB: count };
const maybe = text.optional();

const terms = z.array(z.strictObject({ id: maybe, tags: textMap } satisfies Shape<SelectorTerm>));
const newVpc = z.strictObject({
  cidrBlock: maybe,
  zones: count,
  natGateways: z.enum(NatGateways).optional(),
} satisfies Shape<NewVpc>);
const network = z
  .strictObject({
    newVpc: newVpc.optional(),
    existingVpc: z.strictObject({ vpcId: text, subnets: terms } satisfies Shape<ExistingVpc>).optional(),
  } satisfies Shape<NetworkSpec>)
  .superRefine(rules(validateNetwork));

const addOns = z.strictObject({
  vpcCni: maybe,
  kubeProxy: maybe,
  podIdentityAgent: maybe,
  coredns: maybe,
} satisfies Shape<AddOnVersions>);
const cluster = z
  .strictObject({
    name: text,
    kubernetesVersion: text,
    publicAccessCidrs: texts,
    privateOnly: flag,
    admins: texts,
    logTypes: texts,
    deletionProtection: flag,
    addOns: addOns.optional(),
  } satisfies Shape<ClusterSpec>)
  .superRefine(rules(validateCluster));

const mode = z.enum(BootstrapMode);
const hostContainer = z.strictObject({
  enabled: flag,
  source: maybe,
  superpowered: flag,
  userData: maybe,
} satisfies Shape<HostContainer>);
const bootstrapContainer = z.strictObject({
  source: text,
  mode,
  essential: z.boolean(),
  userData: maybe,
} satisfies Shape<BootstrapContainer>);
const bootstrapCommand = z.strictObject({
  commands: z.array(z.array(text)),
  mode,
  essential: z.boolean(),
} satisfies Shape<BootstrapCommand>);
const kubernetes = z.strictObject({
  nodeLabels: textMap,
  nodeTaints: z.record(text, z.array(text)).optional(),
  evictionHard: textMap,
  evictionSoft: textMap,
  evictionSoftGracePeriod: textMap,
  kubeReserved: textMap,
  systemReserved: textMap,
  podPidsLimit: count,
  containerLogMaxSize: maybe,
  containerLogMaxFiles: count,
  allowedUnsafeSysctls: texts,
} satisfies Shape<KubernetesSettings>);
const bottlerocketSettings = z
  .strictObject({
    hostContainers: z.record(text, hostContainer).optional(),
    bootstrapContainers: z.record(text, bootstrapContainer).optional(),
    bootstrapCommands: z.record(text, bootstrapCommand).optional(),
    kubernetes: kubernetes.optional(),
    kernel: z.strictObject({ lockdown: maybe, sysctl: textMap } satisfies Shape<KernelSettings>).optional(),
    further: z.record(text, z.json()).optional(),
  } satisfies Shape<BottlerocketSettings>)
  .superRefine(rules(validateBottlerocket))
  .optional();

const systemNodes = z
  .strictObject({
    ...sizes,
    instanceTypes: texts,
    minSize: count,
    maxSize: count,
    bottlerocket: bottlerocketSettings,
  } satisfies Shape<SystemNodesSpec>)
  .superRefine(rules(validateSystemNodes));

const requirement = z.strictObject({ key: text, operator: text, values: texts } satisfies Shape<Requirement>);
const pool = z
  .strictObject({
    ...sizes,
    requirements: z.array(requirement).optional(),
    instanceTypes: texts,
    capacityTypes: z.array(z.enum(CapacityType)).optional(),
    limits: textMap,
    storageClass: maybe,
    labels: textMap,
    taint: flag,
    consolidateAfter: maybe,
    expireAfter: maybe,
    terminationGracePeriod: maybe,
    onDrift: z.enum(OnDrift).optional(),
    discovery: z.enum(Discovery).optional(),
    onMissing: z.enum(OnMissing).optional(),
    instanceProfile: maybe,
    bottlerocket: bottlerocketSettings,
  } satisfies Shape<PoolSpec>)
  .superRefine(rules(validateNodePool))
  .superRefine(rules(validatePool));

const storageClass = z.strictObject({
  reclaimPolicy: z.enum(ReclaimPolicy).optional(),
  volumeMode: z.enum(VolumeMode).optional(),
  fileSystem: z.enum(FileSystem).optional(),
  mountOptions: texts,
  namePattern: maybe,
  wipe: z.enum(Wipe).optional(),
} satisfies Shape<StorageClassSpec>);
const storageClasses = z
  .record(text, storageClass)
  .superRefine(
    rules((classes) =>
      Object.entries(classes).flatMap(([name, spec]) => validateStorageClass(name, spec).map((it) => `${name}.${it}`)),
    ),
  );

/** Every setting there is; the types hold it to the components. */
export const schema = z
  .strictObject({
    network,
    cluster,
    bottlerocket: z.strictObject({ version: text, settings: bottlerocketSettings } satisfies Shape<BottlerocketSpec>),
    systemNodes: systemNodes.optional(),
    bootImage: z
      .strictObject({ reference: maybe, forceDelete: flag } satisfies Shape<BootImageSpec>)
      .superRefine(rules(validateBootImage))
      .optional(),
    karpenter: z.strictObject({ version: text, createSpotRole: flag } satisfies Shape<KarpenterSpec>),
    pools: z.record(text, pool),
    storageClasses: storageClasses.optional(),
    nodeCleanup: z
      .strictObject({ claimDeletionDelay: maybe, discoveryInterval: maybe } satisfies Shape<NodeCleanupSpec>)
      .superRefine(rules(validateNodeCleanup))
      .optional(),
    tags: textMap,
  } satisfies Shape<FastDisksArgs>)
  .superRefine(rules(validateFastDisks));

/** All faults of a stack's settings, each with path, rule, what was got and the likely fix. */
export class SettingsError extends Error {
  constructor(readonly faults: string[]) {
    super(
      `the stack's settings have ${faults.length} ${faults.length === 1 ? "fault" : "faults"}:\n  ${faults.join("\n  ")}`,
    );
    this.name = "SettingsError";
  }
}

/** Settings of a stack from the values of its configuration. Throws a `SettingsError`. */
export function parseSettings(values: Record<string, unknown>): FastDisksArgs {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  // A part's rules and those between parts may find the same fault.
  const faults = [...new Set(result.error.issues.map(describe))];
  if (result.error.issues.some((issue) => issue.code !== "custom"))
    faults.push("rules between parts are checked once these are mended");
  throw new SettingsError(faults);
}

/** Settings of the stack that Pulumi runs: every key of the project's own namespace. */
export function readSettings(): FastDisksArgs {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return parseSettings(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), parseValue(value)])));
}

// Pulumi hands structured values over as JSON, and plain text as it is.
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function rules<T>(validate: (spec: T) => string[]) {
  return (spec: T, context: z.RefinementCtx<T>): void => {
    for (const message of validate(spec)) context.addIssue({ code: "custom", message });
  };
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  const at = path === "" ? "" : `${path}.`;
  const got = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  switch (issue.code) {
    case "custom":
      return `${at}${issue.message}`;
    case "unrecognized_keys":
      return issue.keys.map((key) => `${at}${key}: no such setting; see the README's table of settings`).join("\n  ");
    case "invalid_type":
      return `${path}: must be ${article(issue.expected)}, got ${got}${hint(issue.expected, issue.input)}`;
    case "invalid_value":
      return `${path}: must be one of ${issue.values.map(String).join(", ")}, got ${got}`;
    default:
      return `${path}: ${issue.message}, got ${got}`;
  }
}

function article(type: string): string {
  return { string: "a string", number: "a number", boolean: "true or false", array: "a list" }[type] ?? "a table";
}

function hint(expected: string, input: unknown): string {
  if (input === undefined) return "; state it";
  return expected === "string" && ["number", "boolean"].includes(typeof input) ? "; put it in quotes" : "";
}
