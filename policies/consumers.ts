import { be, expectAt } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { placementOf, selects } from "./pool";
import { nameOf } from "./resource";
import { at, isUnset, isWhole, show } from "./value";
import { isApart, tolerates } from "./workload";

const onConsumers = rulesOn(({ consumers }) => consumers);

/** Policies on workloads that claim fast disks. */
export const consumers: Rules = {
  "consumer-claims": onConsumers({
    severity: "high",
    description:
      "Claims of a StatefulSet on fast disks are deleted with their pods: a claim that remains after scaling down keeps a disk that Karpenter regards as free, and the next pod stays Pending.",
    remedy: "set spec.persistentVolumeClaimRetentionPolicy to whenDeleted Delete and whenScaled Delete",
    problems: ({ props, type }) => {
      const path = "spec.persistentVolumeClaimRetentionPolicy";
      if (!type.endsWith(":StatefulSet") || isUnset(at(props, "spec.volumeClaimTemplates"))) return [];
      if (isUnset(at(props, path)))
        return [`${path} must set whenDeleted and whenScaled to Delete, got nothing, which means Retain`];
      return ["whenDeleted", "whenScaled"].flatMap((key) => expectAt(props, `${path}.${key}`, be("Delete")));
    },
  }),
  "consumer-placement": onConsumers({
    severity: "high",
    description:
      "Each consumer of fast disks selects their nodes, tolerates their taints and does not share a node unless disks are counted: otherwise a pod is assigned to a node without a free disk, and stays Pending.",
    remedy: "use nodeSelector, tolerations and affinity of the output placements, or request a counted disk",
    problems: (consumer, chain) => {
      const { pod, path } = consumer;
      const placement = placementOf(pod);
      const pools = [...chain.fastPools, ...chain.nodeGroups];
      const chosen = pools.filter((pool) => selects(placement, pool));
      const tolerated = chosen.filter(({ props }) =>
        tolerates(consumer, at(props, "spec.template.spec.taints") ?? props.taints),
      );
      const labelled = placement.terms.every((term) => term.some(({ key }) => key === chain.settings.label));
      const isElsewhere = labelled && pools.length === 0;
      const isKnown =
        placement.whole &&
        chain.pools.every((pool) => pool.whole && isWhole(nameOf(pool))) &&
        chain.nodeGroups.every(({ whole }) => whole);
      const problems: string[] = [];
      if (isKnown && chosen.length === 0 && !isElsewhere)
        problems.push(`${path}.nodeSelector must select nodes with fast disks, got ${show(at(pod, "nodeSelector"))}`);
      if (chosen.length > 0 && tolerated.length === 0)
        problems.push(`${path}.tolerations must tolerate the taints of ${chosen.map(({ name }) => name).join(", ")}`);
      if (!isApart(consumer))
        problems.push(`${path} must keep its pods on separate hosts, or request a counted disk, got neither`);
      return problems;
    },
  }),
};
