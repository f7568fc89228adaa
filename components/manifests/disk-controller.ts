import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { DiskCapacity } from "./disk-capacity";
import { imageSourceShape, validateImageSource } from "./image";
import type { ImageSourceArgs } from "./image";
import { systemNodesOnly } from "./placement";
import { tagsSchema, validateTags } from "./tags";
import { check, checkPart, join, validateBy } from "./validation";
import type { Shape } from "./validation";

/** The disk controller and its StorageClasses. */
export interface DiskControllerArgs extends ImageSourceArgs {
  /** StorageClasses whose disks it manages. */
  storageClasses: pulumi.Input<pulumi.Input<string>[]>;
  /** How many consumers run on a node. @default "exclusive" */
  capacity?: pulumi.Input<DiskCapacity>;
  /** Tags of its image's repository. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
export type DiskControllerSpec = pulumi.Unwrap<DiskControllerArgs>;

const diskControllerSchema = z.strictObject({
  ...imageSourceShape,
  storageClasses: z.array(z.string()),
  capacity: z.enum(DiskCapacity).optional(),
  tags: tagsSchema.optional(),
} satisfies Shape<DiskControllerSpec>);

/** The program's own name of its Lease. */
const lease = "eks-fast-disks-controller";
const port = 8080;
const labels = { "app.kubernetes.io/name": "disk-controller" };

export function validateDiskControllerArgs(args: unknown): string[] {
  return validateBy(
    diskControllerSchema,
    (spec, path) => [
      ...validateImageSource(spec, path),
      ...check(path, [
        () => spec.storageClasses.length === 0 && "storageClasses: must list at least one class, got none",
      ]),
      ...checkPart(() => spec.tags, validateTags, join(path, "tags")),
    ],
    args,
  );
}

/** The controller's permissions in the whole cluster; events of nodes are not in its own namespace. */
export const diskControllerRules = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "patch"] },
  { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch", "delete"] },
  { apiGroups: ["karpenter.sh"], resources: ["nodeclaims"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create"] },
];

/** Its permissions in its namespace, to elect the replica that writes. A resource name cannot restrict `create`. */
export const leaseRules = [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [lease], verbs: ["get", "update"] },
];

/** A drain of system nodes leaves one replica. */
export function renderDisruptionBudget() {
  return { maxUnavailable: 1, selector: { matchLabels: labels } };
}

export function renderDiskControllerService() {
  return { selector: labels, ports: [{ name: "metrics", port, targetPort: "metrics" }] };
}

/** Deployment's `spec`. */
export function renderDiskController(
  spec: DiskControllerSpec,
  image: string,
  namespace: string,
  serviceAccount: string,
) {
  return {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: serviceAccount,
        priorityClassName: "system-cluster-critical",
        nodeSelector: {
          "kubernetes.io/os": "linux",
          // The image that is built here is for arm64; a ready-made one may support more.
          ...(spec.reference === undefined && { "kubernetes.io/arch": "arm64" }),
        },
        affinity: { nodeAffinity: systemNodesOnly },
        topologySpreadConstraints: [
          {
            topologyKey: "kubernetes.io/hostname",
            maxSkew: 1,
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: labels },
            // Without this key an update would wait for a third node.
            matchLabelKeys: ["pod-template-hash"],
          },
        ],
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "disk-controller",
            image,
            args: [
              // `exclusive` is the program's default and is left out, so that existing Deployments do not change.
              ...(spec.capacity === DiskCapacity.counted ? ["--capacity=counted"] : []),
              `--storage-classes=${spec.storageClasses.join(",")}`,
              `--lease-namespace=${namespace}`,
              `--metrics-port=${port}`,
            ],
            ports: [{ name: "metrics", containerPort: port }],
            readinessProbe: { httpGet: { path: "/readyz", port: "metrics" } },
            livenessProbe: { httpGet: { path: "/livez", port: "metrics" }, initialDelaySeconds: 30 },
            resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "256Mi" } },
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
