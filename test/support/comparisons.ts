import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planChanges } from "../../offline/change-table";
import type { PlannedChange } from "../../offline/change-table";
import { comparePlans } from "../../offline/comparison";
import type { Comparison } from "../../offline/comparison";
import { renderMarkdown } from "../../offline/comparison-markdown";

/** The comparisons of which `npm run goldens` writes the comment, by file. */
export const goldens: Record<string, (change: PlannedChange) => boolean> = {
  "drift.md": ({ setting }) => setting === "pools.<name>.requirements",
  "pool-removed.md": ({ setting, what }) => setting === "pools.<name>" && what === "renamed or removed",
  "group-updated.md": ({ setting }) => setting === "nodeGroups.<name>.dataVolumeGiB",
  "access.md": ({ setting }) => setting === "cluster.publicAccessCidrs",
};
export const folder = "test/goldens/comparisons";

export function compareChange({ before, after }: PlannedChange): Comparison {
  const plan = { stack: "dev", resources: after.resources, policies: [], warnings: [], dataLossAllowed: false };
  return comparePlans("main", before.resources, plan);
}

/** The comment on each golden change, by file. */
export function renderGoldens(changes: PlannedChange[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(goldens).map(([file, isIt]) => {
      const [change] = changes.filter(isIt);
      if (!change) throw new Error(`${file}: no such change of a setting`);
      return [file, renderMarkdown(compareChange(change))];
    }),
  );
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(renderGoldens(await planChanges())))
    writeFileSync(join(folder, file), text);
}

if (require.main === module) void main();
