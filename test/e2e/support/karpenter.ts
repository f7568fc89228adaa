import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { credentials, region } from "./aws";
import type { PlannedCluster } from "./cluster";
import { karpenterChart, renderChart } from "./helm";
import { eventually } from "./eventually";
import { cache, freePort, serve } from "./process";
import type { Server } from "./process";

interface Container {
  env: {
    name: string;
    value?: string;
    valueFrom?: { fieldRef?: { fieldPath: string }; resourceFieldRef?: { resource: string; divisor: string } };
  }[];
  resources: Record<string, Record<string, string>>;
}

export interface KarpenterServer extends Server {
  /** How often it has looked for nodes for waiting pods. */
  simulations: () => Promise<number>;
}

/**
 * Starts the controller with the environment of the Deployment that helm rendered, as the Deployment's service account.
 * Added are what a pod gets from elsewhere: credentials, the cluster's address, and ports that are free here.
 */
export async function startKarpenter(
  name: string,
  program: string,
  { plan, cluster, aws }: PlannedCluster,
  /** With prices it is Karpenter's own build for kwok, which makes Node objects instead of instances. */
  { kwokPrices }: { kwokPrices?: string } = {},
): Promise<KarpenterServer> {
  const release = plan.releases["fast-disks-karpenter-controller"];
  if (!release) throw new Error(`${plan.stack}: the plan has no release of Karpenter`);
  const objects = await renderChart(karpenterChart(release.chart), release);
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const pod = (deployment?.spec as { template: { spec: { serviceAccountName: string; containers: Container[] } } })
    .template.spec;
  const [container] = pod.containers;
  if (!container) throw new Error("the Deployment has no container");
  const { status } = await cluster.api.send<{ status: { token: string } }>(
    "POST",
    `/api/v1/namespaces/${release.namespace}/serviceaccounts/${pod.serviceAccountName}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  );
  const kubeconfig = join(cache, `${name}.kubeconfig`);
  // The kwok build makes nodes, which no real controller may.
  writeFileSync(
    kubeconfig,
    kwokPrices === undefined ? cluster.kubeconfigFor(status.token) : readFileSync(cluster.kubeconfig),
  );
  const [metrics, health] = await Promise.all([freePort(), freePort()]);
  const server = serve(name, program, [], {
    ...environmentOf(container, release.namespace),
    KUBECONFIG: kubeconfig,
    // A leader is elected in a pod's own namespace, and this is no pod.
    DISABLE_LEADER_ELECTION: "true",
    METRICS_PORT: String(metrics),
    HEALTH_PROBE_PORT: String(health),
    AWS_ENDPOINT_URL: aws.endpoint,
    ...(kwokPrices !== undefined && { AWS_ENDPOINT_URL_PRICING: kwokPrices }),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const answers = async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok;
  await eventually(`Karpenter answers; see ${server.log}`, answers);
  const simulations = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    const [, count = "0"] =
      /^karpenter_scheduler_scheduling_duration_seconds_count\{controller="provisioner"\} (\d+)/m.exec(text) ?? [];
    return Number(count);
  };
  return { ...server, simulations };
}

function environmentOf({ env, resources }: Container, namespace: string): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      if (value !== undefined) return [name, value];
      if (valueFrom?.fieldRef?.fieldPath === "metadata.namespace") return [name, namespace];
      const { resource = "", divisor = "" } = valueFrom?.resourceFieldRef ?? {};
      const [kind = "", what = ""] = resource.split(".");
      const quantity = resources[kind]?.[what];
      if (quantity === undefined) throw new Error(`${name}: the Deployment states no ${resource}`);
      return [name, String(amountOf(quantity) / (divisor === "1m" ? 0.001 : 1))];
    }),
  );
}

function amountOf(quantity: string): number {
  const [, number = "", unit = ""] = /^(\d+)(\D*)$/.exec(quantity) ?? [];
  const units: Record<string, number> = { "": 1, m: 0.001, Mi: 2 ** 20, Gi: 2 ** 30 };
  const scale = units[unit];
  if (scale === undefined) throw new Error(`${quantity}: no quantity that is understood here`);
  return Math.round(Number(number) * scale * 1000) / 1000;
}
