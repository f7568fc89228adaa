import { DescribeInstanceTypesCommand } from "@aws-sdk/client-ec2";
import assert from "node:assert/strict";
import { renderKarpenterValues } from "../../../components/manifests/karpenter";
import { applyPlanned, ready, startPlanned } from "./cluster";
import type { ControlPlane } from "./control-plane";
import { startKarpenter } from "./karpenter";
import type { KarpenterServer } from "./karpenter";
import { createKwokNode, kwokFlags } from "./kwok";
import { poolsOf } from "./lanes";
import { objectOf, planOf } from "./plan";
import { startPrices } from "./prices";
import { serve } from "./process";
import type { stopsAfter } from "./process";
import { goProgram } from "./tools";

const karpenter = goProgram("karpenter-kwok");
const kwok = goProgram("kwok");

/** A cluster whose Karpenter reads NodeOverlays, with a node class and no pools yet. */
export interface CountingCluster {
  cluster: ControlPlane;
  karpenter: KarpenterServer;
  /** Name of the EC2NodeClass. */
  nodeClass: string;
}

export async function startCountingCluster(
  name: string,
  stopped: ReturnType<typeof stopsAfter>,
): Promise<CountingCluster> {
  const plan = structuredClone(planOf("dev"));
  const release = plan.releases["fast-disks-karpenter-controller"];
  const { settings } = release?.values as { settings: { clusterName: string; interruptionQueue: string } };
  Object.assign(release ?? {}, {
    values: renderKarpenterValues(settings.clusterName, settings.interruptionQueue, "counted"),
  });
  const prices = stopped(await startPrices());
  const lists = Object.values(poolsOf).flatMap((pools) => pools.flatMap((pool) => pool.types));
  const instanceTypes = [...new Set(lists)].sort();
  // Karpenter goes through all types for each pool and overlay: with 100 pools and all of AWS's types it does little else.
  const planned = await startPlanned(name, plan, stopped, { instanceTypes, requestsPerSecond: 500 });
  const { InstanceTypes: served = [] } = await planned.aws.ec2.send(new DescribeInstanceTypesCommand());
  assert.deepEqual(served.map(({ InstanceType: name }) => name).sort(), instanceTypes);
  await applyPlanned(planned, ["EC2NodeClass"]);
  // Every cluster has one before Karpenter. Without any node the scheduler tries each pod again only after up to 10 s.
  const system = { apiVersion: "v1", kind: "Node", metadata: { name: "system" } };
  await createKwokNode(planned.cluster, system, { cpu: "2", memory: "8Gi", pods: "110" });
  stopped(serve(`${name}-kwok`, kwok, kwokFlags(planned.cluster)));
  const server = stopped(await startKarpenter(`${name}-karpenter`, karpenter, planned, { kwokPrices: prices.url }));
  const nodeClass = objectOf(planned.plan, "fast-disks-fast-class");
  // Without its subnets Karpenter has no instance types to evaluate overlays with, and tries again only after up to a minute.
  await ready(planned.cluster, nodeClass);
  return { cluster: planned.cluster, karpenter: server, nodeClass: nodeClass.metadata.name };
}
