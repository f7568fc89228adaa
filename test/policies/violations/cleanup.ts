import { compliantStack } from "../chain";
import { foundBy } from "./mutation";

const spec = "cleanup.spec";
const container = `${spec}.template.spec.containers.0`;
const args = (...more: string[]) => ({ [`${container}.args`]: ["--storageclass-names=fast-disks,raw-disks", ...more] });
const rule = (change: object) => ({
  "role.rules": [{ apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"], ...change }],
});
const stack = compliantStack();
const second = { cleanup2: stack.cleanup };
const sidecar = { name: "sidecar", image: "x:1.0.0" };
const own = {
  name: "cleanup",
  image: "registry.k8s.io/sig-storage/local-volume-node-cleanup:v2.9.0",
  args: ["--storageclass-names=fast-disks,raw-disks"],
};

export const cleanup = [
  ...foundBy(
    "cleanup-coverage",
    ['must cover "raw-disks", got ["fast-disks"]', { [`${container}.args.1`]: "fast-disks" }],
    [
      'must cover "fast-disks", got ["raw-disks"]',
      { [`${container}.args`]: ["--storageclass-names=fast-disks", "--storageclass-names=raw-disks"] },
    ],
    [
      'must cover "raw-disks"',
      { [`${container}.args`]: ["--storageclass-names=fast-disks", "--pvc-deletion-delay=60s"] },
    ],
  ),
  ...foundBy(
    "cleanup-single",
    ["must not cover the classes of cleanup, got fast-disks, raw-disks in both", second],
    [
      "got raw-disks in both",
      {
        cleanup2: {
          ...stack.cleanup,
          props: {
            ...stack.cleanup?.props,
            spec: {
              replicas: 1,
              strategy: { type: "Recreate" },
              template: {
                spec: {
                  serviceAccountName: "cleanup",
                  containers: [{ ...own, args: ["--storageclass-names=raw-disks"] }],
                },
              },
            },
          },
        },
      },
    ],
  ),
  ...foundBy(
    "cleanup-delay",
    ['--pvc-deletion-delay must be longer than the interval "10s", got "5s"', args("--pvc-deletion-delay=5s")],
    ['got "10s"', args("--pvc-deletion-delay", "10s")],
    ['got "1s"', args("--pvc-deletion-delay=60s", "--pvc-deletion-delay=1s")],
    ['the interval "2m", got "60s"', args("--stale-pv-discovery-interval=2m")],
    ['got "sixty"', args("--pvc-deletion-delay=sixty")],
    [
      'got "1s"',
      { [`${spec}.template.spec.containers`]: [sidecar, { ...own, args: [...own.args, "-pvc-deletion-delay=1s"] }] },
    ],
  ),
  ...foundBy(
    "cleanup-image",
    [
      "image must be a release",
      { [`${container}.image`]: "gcr.io/k8s-staging-sig-storage/local-volume-node-cleanup:canary" },
    ],
    [
      "image must be a release",
      { [`${container}.image`]: "registry.k8s.io/sig-storage/local-volume-node-cleanup:latest" },
    ],
    [
      "image must be a release",
      { [`${spec}.template.spec.containers`]: [sidecar, { ...own, image: "x/local-volume-node-cleanup" }] },
    ],
    ["image must be a release, got nothing", { [`${container}.image`]: undefined }],
  ),
  ...foundBy(
    "cleanup-replica",
    ["spec.replicas must be 1, got 2", { [`${spec}.replicas`]: 2 }],
    ["spec.replicas must be 1, got 0", { [`${spec}.replicas`]: 0 }],
    ['spec.strategy.type must be Recreate, got "RollingUpdate"', { [`${spec}.strategy.type`]: "RollingUpdate" }],
    ["spec.strategy.type must be Recreate, got nothing", { [`${spec}.strategy`]: undefined }],
    [
      "spec.strategy.type must be Recreate",
      { [`${spec}.strategy`]: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
    ],
  ),
  ...foundBy(
    "cleanup-permissions",
    [
      'must be allowed to list and watch nodes, got "cleanup" without this permission',
      { "role.rules.0.resources": ["persistentvolumes"] },
    ],
    ["without", { "role.rules.0.verbs": ["get", "watch"] }],
    ["without", { "role.rules.0.verbs": ["get", "list"] }],
    ["without", { "role.rules": [] }],
    ["without", { "role.rules": null }],
    ["without", rule({ apiGroups: ["apps"] })],
    ["without", rule({ apiGroups: [] })],
    ["without", rule({ resourceNames: ["node-1"] })],
    ["without", rule({ nonResourceURLs: ["/nodes"], resources: undefined })],
    ["without", { "binding.type": "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding" }],
    ["without", { "binding.subjects.0.kind": "User" }],
    ["without", { "binding.subjects": [{ kind: "Group", name: "system:serviceaccounts:kube-system" }] }],
    ["without", { "binding.subjects.0.namespace": "kube-system" }],
    ["without", { "binding.roleRef.kind": "Role" }],
    ["without", { "binding.subjects": [] }],
    ["without", { binding: undefined }],
    ['got "other" without this permission', { [`${spec}.template.spec.serviceAccountName`]: "other" }],
  ),
];
