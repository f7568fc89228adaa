import { existsSync } from "node:fs";
import type { Resource } from "./graph";
import { commitOf, withPlanOf } from "./revision";
import { isPlan, readPlan } from "./saved-plan";

/** Resources of the plan that `--against` names: a folder that `--out` wrote, or a revision of git. */
export function readEarlierPlan(against: string, stack: string, file: string): Resource[] {
  if (isPlan(against)) return readPlan(against, stack);
  const commit = commitOf(against);
  if (commit === undefined)
    throw new Error(
      existsSync(against)
        ? `--against ${against}: the folder has no plan; write one with --out`
        : `--against ${against}: must be a folder with a plan or a revision that git knows; run git fetch if it is missing`,
    );
  console.error(`planning ${stack} of ${against} …`);
  return withPlanOf({ name: against, commit }, file, stack, (folder) => readPlan(folder, stack, against)) ?? [];
}
