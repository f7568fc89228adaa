import type { Change } from "./changes";
import { Section } from "./disk-nodes";
import { Effect } from "./effects";
import { inputsOf, isSizedElsewhere } from "./planned-group";
import type { PlannedGroup } from "./planned-group";
import { endOfAllNodes } from "./pool-outcome";
import type { NodesOutcome, Outcome } from "./pool-outcome";

const lostWithAll = "lost with the nodes, after a drain of at most 5 minutes";

/** What happens to each node group between two plans, in order of name. */
export function groupOutcomesOf(before: PlannedGroup[], after: PlannedGroup[], changes: Change[]): NodesOutcome[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names.map((name) => {
    const [was, is] = [before, after].map((groups) => groups.find((group) => group.name === name));
    return { section: Section.nodeGroups, pool: name, ...outcomeOf(was, is, changes) };
  });
}

function outcomeOf(before: PlannedGroup | undefined, after: PlannedGroup | undefined, changes: Change[]): Outcome {
  if (!before) return { nodes: "new node group", reasons: [], data: "none yet", atRisk: false };
  const ending = endOfAllNodes(changes);
  if (ending.length > 0) return { nodes: "all are removed", reasons: ending, data: "lost", atRisk: true };
  if (!after)
    return {
      nodes: "all are removed",
      reasons: ["the node group is removed or renamed"],
      data: lostWithAll,
      atRisk: true,
    };
  const own = changes.filter(({ key }) => key === after.nodeGroup.key || key === after.template.key);
  const replaced = own.filter(({ effect }) => effect === Effect.replaced).flatMap(reasonsOf);
  if (before.nodeGroup.key !== after.nodeGroup.key) replaced.push("the node group has another name");
  if (replaced.length > 0) return { nodes: "all are removed", reasons: replaced, data: lostWithAll, atRisk: true };
  return outcomeOfUpdate(after, own) ?? outcomeOfSize(before, after);
}

/** An update replaces nodes even if they hold data; a change without a known effect counts as an update. */
function outcomeOfUpdate(group: PlannedGroup, changes: Change[]): Outcome | undefined {
  const reasons = changes
    .filter(({ effect }) => effect === Effect.rollsNodes || effect === Effect.unknown)
    .flatMap(reasonsOf);
  if (reasons.length === 0) return undefined;
  const rolled = changes.filter(({ effect }) => effect === Effect.rollsNodes);
  // The provider sends the release only if it changes: docs/upgrade.md.
  if (rolled.length > 0 && !rolled.some(({ paths }) => paths.includes("releaseVersion")))
    reasons.push("EKS takes the latest Bottlerocket release, because bottlerocket.version does not change");
  const atATime = inputsOf(group).updateConfig?.maxUnavailable ?? 1;
  return {
    nodes: "all are replaced",
    reasons,
    data: `lost with each replaced node, ${atATime} at a time`,
    atRisk: true,
  };
}

function outcomeOfSize(before: PlannedGroup, after: PlannedGroup): Outcome {
  const [was, is] = [before, after].map((group) => inputsOf(group).scalingConfig);
  const stays = { nodes: "none replaced", reasons: [], data: "stays", atRisk: false };
  if (!was || !is) return stays;
  const unknown = isSizedElsewhere(before) && (was.minSize !== is.minSize || was.maxSize !== is.maxSize);
  if (unknown || (isSizedElsewhere(before) && !isSizedElsewhere(after)))
    return {
      nodes: "some may be removed",
      reasons: [`EKS gets a size from ${is.minSize} to ${is.maxSize}, and a number of nodes that may be outdated`],
      data: "lost with nodes beyond that number; run pulumi refresh first",
      atRisk: true,
    };
  if (!isSizedElsewhere(after) && is.desiredSize < was.desiredSize)
    return {
      nodes: `${was.desiredSize - is.desiredSize} of ${was.desiredSize} are removed`,
      reasons: ["minSize is lower"],
      data: "lost with the nodes that EKS chooses",
      atRisk: true,
    };
  return stays;
}

function reasonsOf({ type, paths }: Change): string[] {
  return paths.map((path) => `${type.split(":").at(-1) ?? ""} ${path}`);
}
