import { names } from "../names";
import { secondsOf } from "./node-pool";

/** When claims and volumes of lost nodes are given up. */
export interface NodeCleanupSpec {
  /**
   * How long after a node's end its claims are deleted. Short loses the race against the pod's own removal (about 49 s
   * without a drain); much shorter has deleted fresh claims.
   * @default "60s"
   */
  claimDeletionDelay?: string;
  /** How often volumes of lost nodes are looked for. @default "10s" */
  discoveryInterval?: string;
}

export const metricsPort = 8080;
const image = "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0";
const labels = { "app.kubernetes.io/name": "node-cleanup" };
const defaults = { claimDeletionDelay: "60s", discoveryInterval: "10s" };

export function validateNodeCleanup(spec: NodeCleanupSpec): string[] {
  const { claimDeletionDelay, discoveryInterval } = { ...defaults, ...definedOf(spec) };
  const faults = Object.entries({ claimDeletionDelay, discoveryInterval }).flatMap(([field, value]) =>
    /^(\d+[hms])+$/.test(value) && secondsOf(value) > 0
      ? []
      : [`${field}: must be a duration such as 60s, got "${value}"`],
  );
  if (faults.length === 0 && secondsOf(claimDeletionDelay) <= secondsOf(discoveryInterval))
    faults.push(
      `claimDeletionDelay: must be longer than discoveryInterval ${discoveryInterval}, got "${claimDeletionDelay}"; fresh claims were lost otherwise`,
    );
  return faults;
}

/** Exactly what the controller uses: without `nodes` it would take every volume for one of a lost node. */
export const cleanupRules = [
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get", "list", "watch", "delete"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "watch", "delete"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create"] },
];

export function renderCleanupService() {
  return { selector: labels, ports: [{ name: "metrics", port: metricsPort, targetPort: "metrics" }] };
}

/** Deployment's `spec`; one replica that never overlaps itself, since the controller elects no leader. */
export function renderCleanupDeployment(spec: NodeCleanupSpec, storageClasses: string[], serviceAccount: string) {
  const { claimDeletionDelay, discoveryInterval } = { ...defaults, ...definedOf(spec) };
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
            image,
            args: [
              `--storageclass-names=${storageClasses.join(",")}`,
              `--pvc-deletion-delay=${claimDeletionDelay}`,
              `--stale-pv-discovery-interval=${discoveryInterval}`,
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

/** Keeps a controller off the nodes that Karpenter makes and takes away. */
export const systemNodesOnly = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: names.nodePoolLabel, operator: "DoesNotExist" }] }],
  },
};

function definedOf(spec: NodeCleanupSpec): Partial<NodeCleanupSpec> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
