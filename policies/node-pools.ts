import { matchingTypes, permits } from "../catalogue/requirements";
import { be, expectAt } from "./expect";
import type { Expectation } from "./expect";
import { isPatch, isServed } from "./karpenter-object";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { givesLabel, labels, listedValues, permitted, startsSpot, withoutNvme } from "./pool";
import type { Pool } from "./pool";
import { setting } from "./settings";
import { at, isUnset, isWhole, listOf, pending, secondsOf, show, tableOf, textOf, textsOf } from "./value";

const onPools = rulesOn(({ fastPools }) => fastPools);
const onObjects = rulesOn((chain) => [...chain.all("nodePool"), ...chain.all("nodeClass")], "resource");

/** Policies on NodePools. */
export const nodePools: Rules = {
  "karpenter-api-version": onObjects({
    severity: "high",
    description: "Karpenter's objects have API version v1: no release since 1.1 serves v1beta1 or v1alpha5.",
    remedy: "write it as a NodePool of karpenter.sh/v1 or an EC2NodeClass of karpenter.k8s.aws/v1",
    problems: (resource) => {
      const [, version = ""] = /\/([^/:]+):[^:]*$/.exec(resource.type) ?? [];
      const got = version === "v1" ? show(resource.props.apiVersion) : version;
      return isServed(resource) ? [] : [`its API version must be v1, got ${got}`];
    },
  }),
  "node-pool-arm64": onPools({
    severity: "medium",
    description:
      "A NodePool with fast disks starts arm64 nodes only: the boot image is built for arm64, and an amd64 node would not link its disks.",
    remedy: `require ${labels.arch} In [arm64], or disable node-pool-arm64 if the boot image supports both`,
    problems: (pool, { settings }) => {
      const values = permitted(pool, labels.arch, ["arm64", "amd64"]);
      // Pools without the chain's label may use other boot images.
      if (!pool.whole || !givesLabel(pool, settings.label) || values.join() === "arm64") return [];
      return [`its requirements on ${labels.arch} must allow only arm64, got ${values.join(" and ") || "none"}`];
    },
  }),
  "node-pool-consolidation": onPools({
    severity: "critical",
    description:
      "Consolidation removes only nodes of a NodePool with fast disks that have been empty for some time: a cheaper node does not justify the loss of a used node's data.",
    remedy:
      "set spec.disruption to consolidationPolicy WhenEmpty and consolidateAfter 5m, or add the policy to node-pool-consolidation.allowed",
    settings: {
      allowed: setting.texts(["WhenEmpty"], "consolidation policies that a pool may have"),
      minimumSeconds: setting.count(60, "minimum seconds that a node must be empty"),
    },
    problems: (pool, _, { allowed, minimumSeconds }) => {
      if (!isDynamic(pool) || (blocks(pool, "Underutilized") && blocks(pool, "Empty"))) return [];
      const longEnough: Expectation = {
        words: `be at least ${minimumSeconds}s, or Never`,
        holds: (value) => value === "Never" || (secondsOf(value) ?? -1) >= minimumSeconds,
      };
      return [
        ...expectAt(pool.props, "spec.disruption.consolidationPolicy", be(...allowed)),
        ...(at(pool.props, "spec.disruption") === undefined
          ? []
          : expectAt(pool.props, "spec.disruption.consolidateAfter", longEnough)),
      ];
    },
  }),
  "node-pool-drift": onPools({
    severity: "critical",
    description:
      "Drift does not replace nodes with fast disks unless the stack allows it: each new boot image or Bottlerocket version is drift, and replaces all nodes and deletes their data.",
    remedy:
      'add the budget {nodes: "0", reasons: [Drifted]} to spec.disruption.budgets, or set node-pool-drift.allowed',
    settings: { allowed: setting.flag(false, "whether drift may replace nodes that hold data") },
    problems: (pool, _, { allowed }) => {
      const budgets = at(pool.props, "spec.disruption.budgets");
      if (allowed || blocks(pool, "Drifted") || !isWhole(budgets)) return [];
      return [`spec.disruption.budgets must block drift, got ${show(budgets)}`];
    },
  }),
  "node-pool-expiry": onPools({
    severity: "high",
    description:
      "A NodePool with fast disks sets when its nodes expire: the default is 720h, after which Karpenter forcibly replaces a node, even with data.",
    remedy: "set spec.template.spec.expireAfter to Never, or to a duration after which the data may be lost",
    problems: ({ props }) =>
      expectAt(props, "spec.template.spec.expireAfter", {
        words: "be Never or a duration",
        holds: (value) => value === "Never" || secondsOf(value) !== undefined,
      }),
  }),
  "node-pool-instance-types": onPools({
    severity: "high",
    description:
      "Every arm64 type that a NodePool with fast disks lists has local NVMe, unless a requirement demands it: Karpenter starts the cheapest type, which is the one without a disk.",
    remedy: `list types such as c8gd.xlarge, or require ${labels.localNvme} Gt [0]`,
    problems: (pool) => {
      if (!permits(pool.requirements, labels.localNvme, undefined)) return [];
      const without = [labels.instanceType, labels.instanceFamily].flatMap((label) =>
        withoutNvme(listedValues(pool, label) ?? []),
      );
      return without.length > 0 ? [`its types must have local NVMe, got ${without.join(", ")}`] : [];
    },
  }),
  "node-pool-limits": onPools({
    severity: "high",
    advisory: true,
    description:
      "A NodePool with fast disks has a limit of cpu or memory: without one, a faulty Deployment can start, and cost, any number of nodes.",
    remedy: 'set spec.limits, such as {cpu: "100"}',
    problems: (pool) =>
      expectAt(pool.props, "spec.limits", {
        words: "limit cpu or memory",
        holds: (limits) => !isDynamic(pool) || !isUnset(at(limits, "cpu")) || !isUnset(at(limits, "memory")),
      }),
  }),
  "node-pool-local-nvme": onPools({
    severity: "high",
    description:
      "A NodePool with fast disks requires local NVMe: otherwise Karpenter starts nodes without a disk, and pods stay Pending.",
    remedy: `require ${labels.localNvme} Gt [0], or list instance types that have it`,
    problems: (pool) => {
      const named = listedValues(pool, labels.instanceType) ?? listedValues(pool, labels.instanceFamily);
      if (!pool.whole || named || !permits(pool.requirements, labels.localNvme, undefined)) return [];
      const stated = pool.requirements.filter(({ key }) => key === labels.localNvme);
      const got = stated.map(({ operator, values = [] }) => `${operator} [${values.join(", ")}]`).join(", ");
      return [`its requirements on ${labels.localNvme} must exclude types without it, got ${got || "none"}`];
    },
  }),
  "node-pool-spot": onPools({
    severity: "low",
    advisory: true,
    description:
      "A NodePool with fast disks starts spot nodes, and others only if the configuration allows the fallback: on-demand nodes with local disks cost about three times as much.",
    remedy: `require ${labels.capacityType} In [spot], or set node-pool-spot.onDemandFallback`,
    settings: { onDemandFallback: setting.flag(false, "whether a pool may allow on-demand besides spot") },
    problems: (pool, _, { onDemandFallback }) => {
      const values = permitted(pool, labels.capacityType, ["spot", "on-demand", "reserved"]);
      if (!pool.whole || (values.includes("spot") && (onDemandFallback || values.length === 1))) return [];
      const rule = onDemandFallback ? "include spot" : "allow only spot";
      return [`its requirements on ${labels.capacityType} must ${rule}, got ${values.join(" and ") || "none"}`];
    },
  }),
  "node-pool-width": onPools({
    severity: "low",
    advisory: true,
    description:
      "A NodePool with fast disks matches many instance types: with few types its nodes are interrupted more often, and each interruption loses data.",
    remedy: "add families, generations or sizes, or lower node-pool-width.minimum",
    settings: { minimum: setting.count(10, "minimum number of arm64 types with local NVMe that a spot pool matches") },
    problems: (pool, _, { minimum }) => {
      const least = startsSpot(pool) ? minimum : 1;
      const types = matchingTypes(pool.requirements).map(({ name }) => name);
      const arm64 = permitted(pool, labels.arch, ["arm64"]).length > 0;
      if (!pool.whole || !arm64 || types.length >= least) return [];
      const names = types.length > 0 ? `: ${types.slice(0, 12).join(", ")}` : "";
      return [`its requirements must match ${least} instance types, got ${types.length}${names}`];
    },
  }),
};

/** Whether Karpenter scales the pool by its pods; a patch without replicas does not change that. */
function isDynamic(pool: Pool): boolean {
  const replicas = at(pool.props, "spec.replicas");
  return isUnset(replicas) || (replicas === pending && isPatch(pool));
}

/** Whether nodes of the pool are never disrupted for that reason, by a budget of zero or do-not-disrupt. */
function blocks(pool: Pool, reason: string): boolean {
  const annotation = at(pool.props, "spec.template.metadata.annotations.karpenter~sh/do-not-disrupt");
  if (annotation === "true" || (annotation === pending && !isPatch(pool))) return true;
  return listOf(pool.props, "spec.disruption.budgets").some((budget) => {
    const { nodes, reasons, schedule } = tableOf(budget);
    const always = isUnset(schedule) && (isUnset(reasons) || !isWhole(reasons) || textsOf(reasons).includes(reason));
    return always && (nodes === pending || ["0", "0%"].includes(textOf(nodes)));
  });
}
