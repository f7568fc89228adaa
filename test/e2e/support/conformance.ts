import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planOf, stacks } from "./plan";
import { root } from "./tools";

interface Verdict {
  artifact: string;
  judge: string;
  verdict: string;
}

const verdicts: Verdict[] = [];
const notes: string[] = [];

/** Lets a judge look at artifacts of a stack, by the names of their resources, and notes what it says. */
export async function judge<T>(stack: string, names: string[], by: string, hearing: () => Promise<T> | T): Promise<T> {
  const note = (verdict: string): void => {
    for (const name of names) verdicts.push({ artifact: `${stack}: ${name}`, judge: by, verdict });
  };
  try {
    const result = await hearing();
    note("accepted");
    return result;
  } catch (error) {
    note(`refused: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`);
    throw error;
  }
}

/** A figure that belongs below the table. */
export function report(line: string): void {
  notes.push(line);
}

/** Artifact × judge × verdict, and what nobody has looked at. */
export function renderConformance(): string {
  const seen = new Map<string, Map<string, string>>();
  for (const { artifact, judge: by, verdict } of verdicts) {
    const row = seen.get(artifact) ?? new Map<string, string>();
    if (!row.get(by)?.startsWith("refused")) row.set(by, verdict);
    seen.set(artifact, row);
  }
  const components = /^(eks-fast-disks:|pulumi:)/;
  const unseen = stacks.flatMap((stack) =>
    planOf(stack)
      .resources.filter(({ type, name }) => !components.test(type) && !seen.has(`${stack}: ${name}`))
      .map(({ type, name }) => `- ${stack}: ${name} (${type})`),
  );
  const rows = [...seen]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([artifact, row]) =>
      [...row].map(([by, verdict]) => `| ${artifact} | ${by} | ${verdict.replaceAll("|", "\\|")} |`),
    );
  return [
    "# Conformance",
    "",
    "| artifact | judge | verdict |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "## Figures",
    "",
    ...notes.map((line) => `- ${line}`),
    "",
    "## Seen by no judge here",
    "",
    ...unseen,
    "",
  ].join("\n");
}

export function writeConformance(): string {
  const file = join(root, "plan", "conformance.md");
  mkdirSync(join(root, "plan"), { recursive: true });
  writeFileSync(file, renderConformance());
  return file;
}
