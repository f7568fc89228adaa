import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { names } from "../names";
import { karpenterVersionError } from "../versions";
import { DiskCapacity } from "./disk-capacity";
import { text } from "./example";
import { OnMaintenance } from "./interruption";
import { systemNodesOnly } from "./placement";
import { check, validateBy } from "./validation";
import type { Shape } from "./validation";

/** Settings of the chain's Karpenter. */
export interface KarpenterSettingsArgs {
  /** X.Y.Z of both charts. */
  version: pulumi.Input<string>;
  /**
   * What Karpenter does for AWS maintenance. `replace`: it drains and terminates a node for every Health event and scheduled
   * event, including a reboot, and terminates it by force when its status checks fail for two minutes. `hold`: it
   * receives none of these events, and a node runs until AWS stops it. @default "replace"
   */
  onMaintenance?: OnMaintenance;
}
export type KarpenterSettingsSpec = pulumi.Unwrap<KarpenterSettingsArgs>;

/** Karpenter's two releases for one cluster. */
export interface KarpenterArgs {
  /** X.Y.Z of both charts. */
  version: pulumi.Input<string>;
  /** Cluster whose nodes it starts and ends. */
  clusterName: pulumi.Input<string>;
  /** Name of the queue. */
  interruptionQueue: pulumi.Input<string>;
  /** `counted` turns on the feature gate for NodeOverlays. @default "exclusive" */
  capacity?: pulumi.Input<DiskCapacity>;
}

export const karpenterSettingsSchema = z.strictObject({
  version: text("1.14.0"),
  onMaintenance: z.enum(OnMaintenance).optional(),
} satisfies Shape<KarpenterSettingsSpec>);

const karpenterSchema = z.strictObject({
  version: text("1.14.0"),
  clusterName: z.string(),
  interruptionQueue: z.string(),
  capacity: z.enum(DiskCapacity).optional(),
} satisfies Shape<pulumi.Unwrap<KarpenterArgs>>);

export function validateKarpenterArgs(args: unknown): string[] {
  return validateBy(karpenterSchema, validateKarpenter, args);
}

export function validateKarpenter(spec: { version: string }, path: string): string[] {
  return check(path, [
    () => {
      const error = karpenterVersionError(spec.version);
      return error !== undefined && `version: ${error}`;
    },
  ]);
}

/** Values of Karpenter's controller chart (https://github.com/aws/karpenter-provider-aws/tree/v1.14.0/charts/karpenter). */
export function renderKarpenterValues(clusterName: string, interruptionQueue: string, capacity?: DiskCapacity): object {
  return {
    settings: {
      clusterName,
      interruptionQueue,
      ...(capacity === DiskCapacity.counted && { featureGates: { nodeOverlay: true } }),
    },
    serviceAccount: { name: names.karpenterServiceAccount },
    replicas: 2,
    affinity: {
      nodeAffinity: systemNodesOnly,
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }] },
    },
    controller: { resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } } },
  };
}
