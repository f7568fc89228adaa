import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { storageClassesSchema, validateStorageClasses } from "./local-volumes";
import { prometheusShape, validatePrometheus } from "./prometheus";
import type { PrometheusArgs } from "./prometheus";
import type { StorageClassArgs } from "./storage-class";
import { join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The monitored parts, and how a Prometheus operator and Grafana find them. Omitted parts have no monitor and no alerts. */
export interface MonitoringArgs extends PrometheusArgs {
  /** StorageClasses by name, as for `LocalVolumes`. */
  storageClasses: Record<string, StorageClassArgs>;
  /** Names of the NodePools in Kubernetes. @default - none, and no alerts on nodes of Karpenter */
  nodePools?: pulumi.Input<pulumi.Input<string>[]>;
  /** Namespace of `LocalVolumes`. @default - left out */
  localVolumesNamespace?: pulumi.Input<string>;
  /** Namespace of `NodeCleanup`. @default - left out */
  nodeCleanupNamespace?: pulumi.Input<string>;
  /** Namespace of `DiskController`. @default - left out */
  diskControllerNamespace?: pulumi.Input<string>;
  /** Namespace of a Karpenter without its own ServiceMonitor. @default - it has one */
  karpenterNamespace?: pulumi.Input<string>;
}
export type MonitoringSpec = pulumi.Unwrap<MonitoringArgs>;

const monitoringSchema = z.strictObject({
  ...prometheusShape,
  storageClasses: storageClassesSchema,
  nodePools: z.array(z.string()).optional(),
  localVolumesNamespace: z.string().optional(),
  nodeCleanupNamespace: z.string().optional(),
  diskControllerNamespace: z.string().optional(),
  karpenterNamespace: z.string().optional(),
} satisfies Shape<MonitoringSpec>);

export function validateMonitoringArgs(args: unknown): string[] {
  return validateBy(
    monitoringSchema,
    (spec, path) => [
      ...validatePrometheus(spec, path),
      ...validateStorageClasses(spec.storageClasses, join(path, "storageClasses")),
    ],
    args,
  );
}
