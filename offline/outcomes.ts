import type { Change } from "./changes";
import type { Resource } from "./graph";
import { groupOutcomesOf } from "./group-outcome";
import { groupsOf } from "./planned-group";
import { poolsOf } from "./planned-pool";
import { poolOutcomesOf } from "./pool-outcome";
import type { NodesOutcome } from "./pool-outcome";

/** The resources of a plan. */
interface Planned {
  resources: Resource[];
}

/** What happens to all pools and node groups from one plan to another. */
export function outcomesOf(before: Planned, after: Planned, changes: Change[]): NodesOutcome[] {
  return [
    ...poolOutcomesOf(poolsOf(before), poolsOf(after), changes),
    ...groupOutcomesOf(groupsOf(before), groupsOf(after), changes),
  ];
}
