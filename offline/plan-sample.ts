import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");
/** Parts of the plan of dev that the README shows, by their first words. */
const shown = ["pools", "reached from the internet", "what destroys data"];

/** The README's sample of a plan: parts of the golden one. Lists of instance types are cut. */
export function renderSample(plan: string): string {
  const parts = plan.trimEnd().split("\n\n");
  const chosen = shown.map((words) => {
    const part = parts.find((one) => one.startsWith(words));
    if (part === undefined) throw new Error(`the plan has no part "${words}"`);
    return part;
  });
  const cut = chosen.join("\n\n").replaceAll(/^( {2}[\w-]+: \S+ \S+ \S+) .{60,}$/gm, "$1 …");
  return `<!-- Written by \`npm run goldens\`. -->\n\n\`\`\`text\n${cut}\n\`\`\``;
}

/** The sample in a README. */
export const samplePattern = /<!-- Written by `npm run goldens`\. -->\n\n```text\n[^`]*```/;

export function readSample(): string {
  return renderSample(readFileSync(join(root, "test", "goldens", "dev", "plan.txt"), "utf8"));
}

function main(): void {
  const path = join(root, "README.md");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(samplePattern, () => readSample()),
  );
}

if (require.main === module) main();
