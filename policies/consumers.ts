import { chainRule } from "./policy";
import type { Rule } from "./policy";
import { placementOf, selects } from "./pool";
import type { Pool } from "./pool";
import type { Consumer } from "./scope";
import { at, expectAt, isUnset, isWhole, listOf, oneOf, show, tableOf, textOf } from "./value";
import type { Value } from "./value";

/** Policies on workloads that claim fast disks. */
export const consumers: Rule[] = [
  chainRule({
    name: "consumer-claims",
    severity: "high",
    description:
      "Claims of a StatefulSet on fast disks go with their pods: the claim of a pod that was scaled away keeps a disk that Karpenter believes to be free, and the next pod waits without end.",
    remedy: "set spec.persistentVolumeClaimRetentionPolicy to whenDeleted Delete and whenScaled Delete",
    subjects: ({ consumers }) =>
      consumers.filter(
        ({ type, props }) => type.endsWith(":StatefulSet") && !isUnset(at(props, "spec.volumeClaimTemplates")),
      ),
    problems: ({ props }) => {
      const path = "spec.persistentVolumeClaimRetentionPolicy";
      if (isUnset(at(props, path))) return [`${path} must be Delete and Delete, got nothing, which is Retain`];
      return ["whenDeleted", "whenScaled"].flatMap((key) =>
        expectAt(props, `${path}.${key}`, "be Delete", oneOf("Delete")),
      );
    },
  }),
  chainRule({
    name: "consumer-placement",
    severity: "high",
    description:
      "Each consumer of fast disks chooses their nodes, tolerates their taints and takes a disk of its own: otherwise it lands where no disk is free, and waits without end.",
    remedy: "take nodeSelector, tolerations and affinity from the output placements, or request a counted disk",
    subjects: ({ consumers }) => consumers,
    problems: (consumer, chain) => {
      const pod = at(consumer.props, consumer.path);
      const placement = placementOf(pod);
      const pools = [...chain.fastPools, ...chain.nodeGroups];
      const chosen = pools.filter((pool) => selects(placement, pool));
      const named = placement.terms.every((term) => term.some(({ key }) => key === chain.settings.label));
      const known =
        placement.whole &&
        chain.pools.every((pool) => pool.whole && isWhole(at(pool.props, "metadata.name"))) &&
        chain.nodeGroups.every((group) => group.whole);
      const problems: string[] = [];
      if (known && chosen.length === 0 && !(named && pools.length === 0))
        problems.push(
          `${consumer.path}.nodeSelector must choose nodes with fast disks, got ${show(at(pod, "nodeSelector"))}`,
        );
      const untolerated = chosen.filter((pool) => !tolerates(pod, pool));
      if (chosen.length > 0 && untolerated.length === chosen.length)
        problems.push(
          `${consumer.path}.tolerations must tolerate the taints of ${untolerated.map(({ name }) => name).join(", ")}`,
        );
      if (!isApart(pod, consumer))
        problems.push(
          `${consumer.path} must keep its pods on hosts of their own, or request a counted disk, got neither`,
        );
      return problems;
    },
  }),
];

function tolerates(pod: Value, pool: Pool): boolean {
  const taints = at(pool.props, "spec.template.spec.taints") ?? at(pool.props, "taints");
  const tolerations = at(pod, "tolerations");
  if (!isWhole(taints) || !isWhole(tolerations)) return true;
  return listOf(taints).every((taint) => {
    const { key, value, effect } = tableOf(taint);
    // EKS writes NO_SCHEDULE for what Kubernetes calls NoSchedule.
    const named = ["NoSchedule", "NoExecute"].find(
      (one) => one.toLowerCase() === textOf(effect).replace("_", "").toLowerCase(),
    );
    if (named === undefined) return true;
    return listOf(tolerations).some((one) => {
      const { key: itsKey, operator, value: itsValue, effect: itsEffect } = tableOf(one);
      const sameEffect = isUnset(itsEffect) || itsEffect === named;
      const sameKey = itsKey === key || (isUnset(itsKey) && operator === "Exists");
      return sameEffect && sameKey && (operator === "Exists" || (itsValue ?? "") === (value ?? ""));
    });
  });
}

/** Whether no two of its pods meet on a host unless disks are counted; a single pod meets none of its own. */
function isApart(pod: Value, { props, type }: Consumer): boolean {
  const host = "kubernetes.io/hostname";
  const rules = at(pod, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  const spreads = at(pod, "topologySpreadConstraints");
  const counted = listOf(at(pod, "containers")).some((one) =>
    ["requests", "limits"].some((key) =>
      Object.keys(tableOf(at(one, `resources.${key}`))).some(
        (name) => name.includes("/") && !name.startsWith("hugepages"),
      ),
    ),
  );
  const replicas = at(props, type.endsWith("Job") ? "spec.parallelism" : "spec.replicas");
  const alone = type.endsWith(":Pod") || isUnset(replicas) || replicas === 1 || typeof replicas !== "number";
  return (
    alone ||
    counted ||
    !isWhole(rules) ||
    !isWhole(spreads) ||
    listOf(rules).some((rule) => at(rule, "topologyKey") === host) ||
    listOf(spreads).some((one) => at(one, "topologyKey") === host && at(one, "whenUnsatisfiable") === "DoNotSchedule")
  );
}
