import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { versions } from "../versions";
import { durationError, isDuration, secondsOf } from "./duration";
import { text } from "./example";
import { systemNodesOnly } from "./placement";
import { check, validateBy } from "./validation";
import type { Shape } from "./validation";

/** When claims and volumes of lost nodes are deleted. */
export interface CleanupTimesArgs {
  /**
   * Time from the loss of a node to the deletion of its claims. Karpenter deletes a Node object only after its instance has
   * ended, so the node never returns. With one or two seconds, new claims were deleted. @default "15s"
   */
  claimDeletionDelay?: pulumi.Input<string>;
  /** How often the controller looks for volumes of lost nodes. @default "10s" */
  discoveryInterval?: pulumi.Input<string>;
}
export type CleanupTimesSpec = pulumi.Unwrap<CleanupTimesArgs>;

/** The cleanup controller and its StorageClasses. */
export interface NodeCleanupArgs extends CleanupTimesArgs {
  /** StorageClasses whose claims and volumes are deleted with their node. */
  storageClasses: pulumi.Input<pulumi.Input<string>[]>;
}
export type NodeCleanupSpec = pulumi.Unwrap<NodeCleanupArgs>;

const shape = {
  claimDeletionDelay: text("15s").optional(),
  discoveryInterval: text("10s").optional(),
} satisfies Shape<CleanupTimesSpec>;

export const cleanupTimesSchema = z.strictObject(shape);

const nodeCleanupSchema = z.strictObject({
  ...shape,
  storageClasses: z.array(z.string()),
} satisfies Shape<NodeCleanupSpec>);

const defaultDelay = "15s";
const defaultInterval = "10s";
/** With 1 s, claims of new volumes were deleted (sig-storage-local-static-provisioner#405). */
const shortestDelay = 5;

export const metricsPort = 8080;
const labels = { "app.kubernetes.io/name": "node-cleanup" };

export function validateNodeCleanupArgs(args: unknown): string[] {
  return validateBy(
    nodeCleanupSchema,
    (spec, path) => [
      ...validateCleanupTimes(spec, path),
      ...check(path, [
        () => spec.storageClasses.length === 0 && "storageClasses: must list at least one class, got none",
      ]),
    ],
    args,
  );
}

export function validateCleanupTimes(spec: CleanupTimesSpec, path: string): string[] {
  const delay = () => spec.claimDeletionDelay ?? defaultDelay;
  const interval = () => spec.discoveryInterval ?? defaultInterval;
  return check(path, [
    () => {
      const error = durationError(delay(), defaultDelay);
      return error !== undefined && `claimDeletionDelay: ${error}`;
    },
    () => {
      const error = durationError(interval(), defaultInterval);
      return error !== undefined && `discoveryInterval: ${error}`;
    },
    () =>
      isDuration(delay()) &&
      secondsOf(delay()) < shortestDelay &&
      `claimDeletionDelay: must be ${shortestDelay}s or longer, or new claims are lost, got "${delay()}"`,
    () =>
      isDuration(delay()) &&
      isDuration(interval()) &&
      secondsOf(delay()) >= shortestDelay &&
      secondsOf(delay()) <= secondsOf(interval()) &&
      `claimDeletionDelay: must be longer than discoveryInterval ${interval()}, got "${delay()}"`,
  ]);
}

/** The controller's permissions: without `nodes` it would treat every volume as one of a lost node. */
export const cleanupRules = [
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["list", "watch", "delete"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["list", "watch", "delete"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

export function renderCleanupService() {
  return { selector: labels, ports: [{ name: "metrics", port: metricsPort, targetPort: "metrics" }] };
}

/** Deployment's `spec`; never more than one replica, because the controller has no leader election. */
export function renderCleanupDeployment(spec: NodeCleanupSpec, serviceAccount: string) {
  return {
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: serviceAccount,
        priorityClassName: "system-cluster-critical",
        nodeSelector: { "kubernetes.io/os": "linux" },
        affinity: { nodeAffinity: systemNodesOnly },
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "node-cleanup",
            image: versions.nodeCleanupImage,
            args: [
              `--storageclass-names=${spec.storageClasses.join(",")}`,
              `--pvc-deletion-delay=${spec.claimDeletionDelay ?? defaultDelay}`,
              `--stale-pv-discovery-interval=${spec.discoveryInterval ?? defaultInterval}`,
              `--listen-address=:${metricsPort}`,
            ],
            ports: [{ name: "metrics", containerPort: metricsPort }],
            resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      },
    },
  };
}
