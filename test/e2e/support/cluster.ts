import { startAws } from "./aws";
import type { Aws } from "./aws";
import { startControlPlane } from "./control-plane";
import type { ControlPlane } from "./control-plane";
import { eventually } from "./eventually";
import { karpenterChart, renderChart } from "./helm";
import type { KubernetesObject } from "./kubernetes-api";
import type { Plan } from "./plan";
import { createCluster, createIdentities, createInterruption, withIds } from "./planned-aws";
import type { stopsAfter } from "./process";
import { versionsOf } from "./settings";

interface Condition {
  type: string;
  status: string;
}

type Stopped = ReturnType<typeof stopsAfter>;

/** A control plane with Karpenter's kinds, which takes these objects already; nothing of them is made. */
export async function startWithKarpenterKinds(
  name: string,
  stopped: Stopped,
  objects: KubernetesObject[],
): Promise<ControlPlane> {
  const cluster = stopped(await startControlPlane(name));
  const chart = karpenterChart("karpenter-crd");
  for (const crd of await renderChart(chart, { name: "crds", chart, version: "", namespace: "default" }))
    await cluster.api.apply(crd);
  await eventually("the server takes Karpenter's kinds", async () => {
    for (const object of objects) await cluster.api.apply(object, { dryRun: true });
    return true;
  });
  return cluster;
}

/** A control plane and an AWS API as a plan's `up` has them when Karpenter's controller starts. */
export interface PlannedCluster {
  /** With the ids of the AWS API. */
  plan: Plan;
  cluster: ControlPlane;
  aws: Aws;
}

export async function startPlanned(
  name: string,
  plan: Plan,
  stopped: Stopped,
  { instanceTypes, requestsPerSecond }: { instanceTypes?: string[]; requestsPerSecond?: number } = {},
): Promise<PlannedCluster> {
  const cluster = stopped(await startControlPlane(name, { requestsPerSecond }));
  const aws = stopped(await startAws(name, versionsOf(plan.stack), instanceTypes));
  await createIdentities(aws, plan);
  await createInterruption(aws, plan);
  const ids = await createCluster(aws, plan);
  for (const release of ["fast-disks-karpenter-crds", "fast-disks-karpenter-controller"].map(
    (it) => plan.releases[it],
  )) {
    if (!release) throw new Error(`${plan.stack}: the plan has no release of Karpenter`);
    for (const object of await renderChart(karpenterChart(release.chart), release)) await cluster.api.apply(object);
  }
  return { plan: withIds(plan, ids), cluster, aws };
}

/** Makes objects of the plan as soon as the server serves their kinds. */
export async function applyPlanned({ plan, cluster }: PlannedCluster, kinds: string[]): Promise<void> {
  for (const object of Object.values(plan.objects))
    if (kinds.includes(object.kind))
      await eventually(`${object.kind} ${object.metadata.name} is applied`, () => cluster.api.apply(object));
}

/** Waits for the condition Ready; an error has the conditions of the last look. */
export async function ready(cluster: ControlPlane, object: KubernetesObject): Promise<void> {
  let conditions: Condition[] = [];
  await eventually(`${object.kind} ${object.metadata.name} is ready`, async () => {
    const { status } = (await cluster.api.get(object)) as KubernetesObject & { status?: { conditions?: Condition[] } };
    conditions = status?.conditions ?? [];
    return conditions.find(({ type }) => type === "Ready")?.status === "True";
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(conditions)}`);
  });
}
