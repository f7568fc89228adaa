import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diskControllerRules, leaseRules } from "../../../components/manifests/disk-controller";
import type { ControlPlane } from "./control-plane";
import { eventually } from "./eventually";
import type { KubernetesObject } from "./kubernetes-api";
import { cache, freePort, root, run, serve } from "./process";
import type { Server } from "./process";

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** What the program is allowed: in the whole cluster, and in the namespace of its Lease. */
export interface Rules {
  cluster: Rule[];
  namespace: Rule[];
}

export const rules: Rules = { cluster: diskControllerRules, namespace: leaseRules };

export interface DiskController extends Server {
  metrics: () => Promise<string>;
  ready: () => Promise<boolean>;
}

/** Path of the program in one file, as its image has it. */
export async function bundleDiskController(): Promise<string> {
  await run(process.execPath, [join(root, "disk-controller", "bundle.js")]);
  return join(root, "disk-controller", "dist", "main.js");
}

const account = "disk-controller";
export const namespace = "kube-system";

/** What the Deployment of the plan tells the program, but for what `startDiskController` states itself. */
export function diskControllerFlagsOf(deployment: KubernetesObject): string[] {
  const { containers } = (deployment.spec as { template: { spec: { containers: { args: string[] }[] } } }).template
    .spec;
  return containers.flatMap(({ args }) => args).filter((flag) => !/^--(lease-namespace|metrics-port)=/.test(flag));
}

/** Allows the program's service account what these rules say and nothing else, and gives a token for it. */
export async function createDiskControllerAccount({ api }: ControlPlane, allowed: Rules = rules): Promise<string> {
  const metadata = { name: account, namespace };
  const rbac = "rbac.authorization.k8s.io";
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  await api.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name: account },
    rules: allowed.cluster,
  });
  await api.apply({ apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules: allowed.namespace });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: account },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: account },
    subjects,
  });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: rbac, kind: "Role", name: account },
    subjects,
  });
  const { status } = await api.send<{ status: { token: string } }>(
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  );
  return status.token;
}

/** Whether the server lets the program's service account do something; it learns of changed roles a little later. */
export async function mayDiskController(
  { api }: ControlPlane,
  verb: string,
  { group, resource: kind }: { group: string; resource: string },
): Promise<boolean> {
  const [resource = "", subresource = ""] = kind.split("/");
  const within = resource === "leases" ? { namespace, name: verb === "create" ? "" : "eks-fast-disks-controller" } : {};
  const { status } = await api.send<{ status: { allowed: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user: `system:serviceaccount:${namespace}:${account}`,
        resourceAttributes: { verb, group, resource, subresource, ...within },
      },
    },
  );
  return status.allowed;
}

/** Node's options in the image. */
function nodeOptions(): string[] {
  const dockerfile = readFileSync(join(root, "disk-controller", "Dockerfile"), "utf8");
  const [, entrypoint = ""] = /^ENTRYPOINT (.+)$/m.exec(dockerfile) ?? [];
  return (JSON.parse(entrypoint) as string[]).slice(1, -1);
}

/** Starts a replica as the program's service account, with Node's options of the image. */
export async function startDiskController(
  name: string,
  cluster: Pick<ControlPlane, "kubeconfigFor">,
  token: string,
  flags: string[],
): Promise<DiskController> {
  const kubeconfig = join(cache, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, cluster.kubeconfigFor(token));
  const port = await freePort();
  const program = join(root, "disk-controller", "dist", "main.js");
  const server = serve(
    name,
    process.execPath,
    [
      ...[...nodeOptions(), program],
      ...["--storage-classes=fast-disks", `--lease-namespace=${namespace}`, `--metrics-port=${port}`, ...flags],
    ],
    { KUBECONFIG: kubeconfig },
  );
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await eventually(`${name} answers; see ${server.log}`, async () => (await ask("/livez")).ok);
  return {
    ...server,
    metrics: async () => (await ask("/metrics")).text(),
    ready: async () => (await ask("/readyz")).ok,
  };
}

/** A node as a pool of class fast-disks makes it. */
export function diskNode(name: string, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "eks-fast-disks/class": "fast-disks", ...labels } },
    spec: { providerID: `aws:///zone/${name}` },
  };
}

export function diskVolume(name: string, node: string, storageClassName = "fast-disks"): KubernetesObject {
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values: [node] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": "local-volume-provisioner" } },
    spec: {
      storageClassName,
      persistentVolumeReclaimPolicy: "Delete",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "100G" },
      local: { path: `/mnt/fast-disks/${name}` },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  };
}

export function diskClaim(name: string, volumeName: string, storageClassName = "fast-disks"): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { storageClassName, volumeName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1G" } } },
  };
}

export function diskPod(
  name: string,
  claimName: string,
  { nodeName, requests = 0 }: { nodeName?: string; requests?: number } = {},
): KubernetesObject {
  const amount = { "eks-fast-disks/disk": String(requests) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      nodeName,
      containers: [
        { name: "main", image: "busybox", resources: requests > 0 ? { requests: amount, limits: amount } : {} },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
    },
  };
}
