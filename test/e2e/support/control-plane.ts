import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi } from "./kubernetes-api";
import { eventually } from "./eventually";
import { kubernetesPrograms } from "./kubernetes-programs";
import type { Part } from "./kubernetes-programs";
import { freePort, serve } from "./process";
import type { Server } from "./process";

/** A Kubernetes control plane of its own: etcd, API server, controller manager, scheduler. */
export interface ControlPlane {
  api: KubernetesApi;
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string;
  /** Text of a kubeconfig for somebody else. */
  kubeconfigFor: (token: string) => string;
  stop: () => Promise<void>;
}

const token = "judge";
const programs = kubernetesPrograms();

export async function startControlPlane(
  name: string,
  /** Of each controller, where Kubernetes' own limits are too slow for many objects. */
  { requestsPerSecond }: { requestsPerSecond?: number } = {},
): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), "fast-disks-e2e-"));
  const [client, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const file = (path: string, content: string): string => {
    writeFileSync(join(folder, path), content);
    return join(folder, path);
  };
  const key = file(
    "service-account.key",
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  );
  const tokens = file("tokens.csv", `${token},judge,judge,system:masters\n`);
  const url = `https://127.0.0.1:${port}`;
  const certificates = join(folder, "certificates");
  const servers: Server[] = [];
  const start = (part: Part, ...flags: string[]) => {
    const [program = "", ...args] = programs[part];
    servers.push(serve(`${name}-${part}`, program, [...args, ...flags]));
  };
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };

  const local = (of: number) => `http://127.0.0.1:${of}`;
  start(
    "etcd",
    ...[`--data-dir=${join(folder, "etcd")}`, "--unsafe-no-fsync", "--log-level=warn", "--name=one"],
    ...[`--listen-client-urls=${local(client)}`, `--advertise-client-urls=${local(client)}`],
    ...[`--listen-peer-urls=${local(peer)}`, `--initial-advertise-peer-urls=${local(peer)}`],
    `--initial-cluster=one=${local(peer)}`,
  );
  start(
    "kube-apiserver",
    ...[`--etcd-servers=${local(client)}`, "--bind-address=127.0.0.1", `--secure-port=${port}`],
    ...[`--cert-dir=${certificates}`, `--token-auth-file=${tokens}`, "--authorization-mode=Node,RBAC"],
    ...["--service-account-issuer=https://kubernetes.default.svc", `--service-account-key-file=${key}`],
    ...[`--service-account-signing-key-file=${key}`, "--service-cluster-ip-range=10.96.0.0/16"],
    ...["--endpoint-reconciler-type=none", "--allow-privileged=true"],
  );
  try {
    const certificate = join(certificates, "apiserver.crt");
    await eventually("the API server's certificate", () => Promise.resolve(existsSync(certificate)));
    const api = new KubernetesApi(url, readFileSync(certificate, "utf8"), token);
    await eventually(`${name}: the API server is ready; see ${cacheLog(servers)}`, () => api.send("GET", "/readyz"));
    const kubeconfigFor = (bearer: string) => renderKubeconfig(url, readFileSync(certificate, "utf8"), bearer);
    const kubeconfig = file("kubeconfig", kubeconfigFor(token));
    const flags = [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
    if (requestsPerSecond !== undefined)
      flags.push(`--kube-api-qps=${requestsPerSecond}`, `--kube-api-burst=${2 * requestsPerSecond}`);
    start(
      "kube-controller-manager",
      ...flags,
      ...[`--service-account-private-key-file=${key}`, `--root-ca-file=${certificate}`],
      // On a loaded machine kwok's heartbeats come late, and a node that is not ready loses its pods.
      "--node-monitor-grace-period=1h",
    );
    start("kube-scheduler", ...flags);
    // The service account controller makes it: without it no pod is admitted.
    await eventually(`${name}: the controller manager works`, () =>
      api.get({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } }),
    );
    return { api, kubeconfig, kubeconfigFor, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function cacheLog(servers: Server[]): string {
  return servers.map(({ log }) => log).join(", ");
}

function renderKubeconfig(server: string, certificate: string, bearer: string): string {
  const name = "judge";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server, "certificate-authority-data": Buffer.from(certificate).toString("base64") } },
    ],
    users: [{ name, user: { token: bearer } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
