import { nameOf } from "./resource";
import type { Resource } from "./resource";
import { at, isSame, isUnset, isWhole, listOf, tableOf, textOf } from "./value";
import type { Value } from "./value";

/** A resource that creates pods. */
export interface Workload extends Resource {
  /** Path of the pod's spec. */
  path: string;
  pod: Value;
}

export function workloadOf(resource: Resource): Workload {
  const inJob = resource.type.endsWith(":CronJob") ? "spec.jobTemplate." : "";
  const path = resource.type.endsWith(":Pod") ? "spec" : `${inJob}spec.template.spec`;
  return { ...resource, path, pod: at(resource.props, path) };
}

/** Names of the StorageClasses of a workload's claims, inline or by name. */
export function classNamesOf({ props, pod }: Workload, claims: Resource[]): string[] {
  const volumes = listOf(pod, "volumes");
  const named = claims.filter((claim) =>
    volumes.some((volume) => isSame(at(volume, "persistentVolumeClaim.claimName"), nameOf(claim))),
  );
  return [
    ...listOf(props, "spec.volumeClaimTemplates").map((one) => textOf(one, "spec.storageClassName")),
    ...volumes.map((one) => textOf(one, "ephemeral.volumeClaimTemplate.spec.storageClassName")),
    ...named.map((one) => textOf(one.props, "spec.storageClassName")),
  ];
}

/** Whether its pods tolerate the taints; pending values count as yes. */
export function tolerates({ pod }: Workload, taints: Value): boolean {
  const tolerations = at(pod, "tolerations");
  if (!isWhole(taints) || !isWhole(tolerations)) return true;
  return listOf(taints).every((taint) => {
    const { key, value, effect } = tableOf(taint);
    // EKS writes NO_SCHEDULE for what Kubernetes calls NoSchedule.
    const plain = (name: Value) => textOf(name).replace("_", "").toLowerCase();
    if (!plain(effect).startsWith("no")) return true;
    return listOf(tolerations).some((toleration) => {
      const its = tableOf(toleration);
      const sameEffect = isUnset(its.effect) || plain(its.effect) === plain(effect);
      const any = its.operator === "Exists";
      return (
        sameEffect && (its.key === key || (any && isUnset(its.key))) && (any || (its.value ?? "") === (value ?? ""))
      );
    });
  });
}

/** Whether its pods use separate hosts or request counted disks; true for a single pod. */
export function isApart({ props, type, pod }: Workload): boolean {
  const host = "kubernetes.io/hostname";
  const rules = at(pod, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  const spreads = at(pod, "topologySpreadConstraints");
  const replicas = at(props, type.endsWith("Job") ? "spec.parallelism" : "spec.replicas");
  const alone = type.endsWith(":Pod") || typeof replicas !== "number" || replicas === 1;
  if (alone || !isWhole(rules) || !isWhole(spreads)) return true;
  const requested = listOf(pod, "containers").flatMap((one) => [
    ...Object.keys(tableOf(one, "resources.requests")),
    ...Object.keys(tableOf(one, "resources.limits")),
  ]);
  return (
    requested.some((name) => name.includes("/") && !name.startsWith("hugepages")) ||
    listOf(rules).some((rule) => at(rule, "topologyKey") === host) ||
    listOf(spreads).some((one) => at(one, "topologyKey") === host && at(one, "whenUnsatisfiable") === "DoNotSchedule")
  );
}
