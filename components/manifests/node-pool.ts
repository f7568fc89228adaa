import { names } from "../names";
import { capacityOf } from "./capacity";
import type { Capacity } from "./capacity";
import { isLabelKey, isLabelValue, isReservedLabel } from "./label";
import type { Requirement } from "../../catalogue/requirements";
import { validateInstanceTypes, validateRequirements } from "./requirements";

/** What drift (a new user data, boot image or Bottlerocket version) may do to nodes that hold data. */
export const OnDrift = { hold: "hold", replace: "replace" } as const;
export type OnDrift = (typeof OnDrift)[keyof typeof OnDrift];

/** How EC2 sells a node. */
export const CapacityType = { spot: "spot", onDemand: "on-demand" } as const;
export type CapacityType = (typeof CapacityType)[keyof typeof CapacityType];

/** Which nodes a pool starts and when it gives them up (https://karpenter.sh/docs/concepts/nodepools/). */
export interface NodePoolSpec {
  /** Requirements beside arm64, capacity type and local NVMe. Excludes `instanceTypes`. */
  requirements?: Requirement[];
  /** Exact instance types. Excludes `requirements`. */
  instanceTypes?: string[];
  /**
   * `on-demand` beside `spot` is the fallback for times without spot capacity.
   * @default ["spot"]
   */
  capacityTypes?: CapacityType[];
  /**
   * Most that all nodes of the pool may have together: `cpu`, `memory`, `nodes`.
   * @default {"cpu": "100"}
   */
  limits?: Record<string, string>;
  /** StorageClass that the nodes' disks feed. @default "fast-disks" */
  storageClass?: string;
  /** Further node labels. @default - only the StorageClass's */
  labels?: Record<string, string>;
  /** Whether pods without the placement's toleration are kept off. @default true */
  taint?: boolean;
  /** How long a node stays empty before it goes, as a duration. @default "5m" */
  consolidateAfter?: string;
  /** Age at which a node goes, forcefully and whatever it holds: a duration or `Never`. @default "Never" */
  expireAfter?: string;
  /** Longest drain; it overrides disruption budgets of pods. @default "30m" */
  terminationGracePeriod?: string;
  /** `hold` keeps drifted nodes until they go for another reason. @default "hold" */
  onDrift?: OnDrift;
}

export const defaultGracePeriod = "30m";
const durationPattern = /^(\d+h)?(\d+m)?(\d+s)?$/;
/** A century: Go's durations end after 292 years, and Karpenter could not read the object. */
const longestSeconds = 100 * 365 * 24 * 3600;
/** Karpenter's definitions take 100 labels; some of them are its own. */
const mostLabels = 90;

export function validateNodePool(spec: NodePoolSpec): string[] {
  const faults: string[] = [];
  if ((spec.requirements === undefined) === (spec.instanceTypes === undefined))
    faults.push("requirements: state exactly one of requirements and instanceTypes");
  else if (spec.instanceTypes?.length === 0) faults.push("instanceTypes: must name at least one type, got none");
  else
    faults.push(...validateInstanceTypes(spec.instanceTypes ?? []), ...validateRequirements(spec.requirements ?? []));
  const { capacityTypes } = spec;
  if (capacityTypes && !capacityTypes.includes("spot"))
    faults.push(`capacityTypes: must include spot, on-demand is its fallback, got [${capacityTypes.join(", ")}]`);
  for (const [resource, limit] of Object.entries(spec.limits ?? {}))
    if (!["cpu", "memory", "nodes"].includes(resource) || !/^\d+([KMGT]i|m)?$/.test(limit))
      faults.push(`limits.${resource}: must be a quantity of cpu, memory or nodes, got "${limit}"`);
  if (spec.limits && !("cpu" in spec.limits || "memory" in spec.limits))
    faults.push("limits: must bound cpu or memory, or a fault elsewhere costs without end");
  for (const [key, value] of Object.entries(spec.labels ?? {})) faults.push(...validateLabel(key, value));
  const labels = Object.keys(spec.labels ?? {}).length;
  if (labels > mostLabels) faults.push(`labels: at most ${mostLabels}, got ${labels}`);
  for (const field of ["consolidateAfter", "terminationGracePeriod", "expireAfter"] as const) {
    const value = spec[field];
    if (value === undefined || (field === "expireAfter" && value === "Never")) continue;
    if (!durationPattern.test(value) || secondsOf(value) === 0 || secondsOf(value) > longestSeconds)
      faults.push(
        `${field}: must be a duration such as 1h30m${field === "expireAfter" ? " or Never" : ""}, got "${value}"`,
      );
  }
  return faults;
}

/** The StorageClass that the pool's disks feed. */
export function classOf(spec: NodePoolSpec): string {
  return spec.storageClass ?? names.defaultClass;
}

/** The pool's requirements, ours first. */
export function renderRequirements(spec: NodePoolSpec): Requirement[] {
  return [
    { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
    { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
    { key: "karpenter.sh/capacity-type", operator: "In", values: capacityTypesOf(spec) },
    { key: names.localNvmeLabel, operator: "Gt", values: ["0"] },
    ...(spec.instanceTypes
      ? [{ key: "node.kubernetes.io/instance-type", operator: "In", values: spec.instanceTypes }]
      : (spec.requirements ?? [])),
  ];
}

/** What a node of the pool can hold. */
export function capacityOfPool(spec: NodePoolSpec): Capacity {
  return capacityOf(renderRequirements(spec), capacityTypesOf(spec).includes("spot"));
}

/** NodePool as Karpenter 1.14 takes it. */
export function renderNodePool(spec: NodePoolSpec, nodeClass: string) {
  const storageClass = classOf(spec);
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    spec: {
      template: {
        metadata: { labels: { ...spec.labels, [names.classLabel]: storageClass } },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: nodeClass },
          requirements: renderRequirements(spec),
          ...(spec.taint !== false && {
            taints: [{ key: names.classLabel, value: storageClass, effect: "NoSchedule" }],
          }),
          expireAfter: spec.expireAfter ?? "Never",
          terminationGracePeriod: spec.terminationGracePeriod ?? defaultGracePeriod,
        },
      },
      disruption: {
        consolidationPolicy: "WhenEmpty",
        consolidateAfter: spec.consolidateAfter ?? "5m",
        budgets: [...(spec.onDrift === "replace" ? [] : [{ nodes: "0", reasons: ["Drifted"] }]), { nodes: "10%" }],
      },
      limits: spec.limits ?? { cpu: "100" },
    },
  };
}

/** A duration such as `1h30m` in seconds. */
export function secondsOf(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

function capacityTypesOf(spec: NodePoolSpec): CapacityType[] {
  return spec.capacityTypes ?? [CapacityType.spot];
}

function validateLabel(key: string, value: string): string[] {
  if (key === names.classLabel) return [`labels: "${key}" is set by storageClass; leave it out`];
  if (isReservedLabel(key))
    return [`labels: "${key}" is in a domain that Karpenter keeps to itself; take one of your own`];
  return isLabelKey(key) && isLabelValue(value) ? [] : [`labels: must be Kubernetes labels, got "${key}: ${value}"`];
}
