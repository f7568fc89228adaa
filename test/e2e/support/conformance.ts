import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planOf, stacks } from "./plan";
import { root } from "./process";

interface Verdict {
  artifact: string;
  judge: string;
  verdict: string;
}

/** What is made of other resources, and is seen as these. */
const components = /^(eks-fast-disks:|pulumi:)/;
const verdicts: Verdict[] = [];
const notes: string[] = [];

/** The key of the one resource of a name, or of a key where resources of two types share a name. */
function keyOf(stack: string, nameOrKey: string): string {
  const found = planOf(stack).resources.filter(
    ({ key, name, type }) => key === nameOrKey || (name === nameOrKey && !components.test(type)),
  );
  if (found.length !== 1 || !found[0]) throw new Error(`${stack}: ${found.length} resources are called ${nameOrKey}`);
  return found[0].key;
}

/** Lets a judge look at artifacts of a stack, by the names or keys of their resources, and notes what it says. */
export async function judge<T>(stack: string, names: string[], by: string, hearing: () => Promise<T> | T): Promise<T> {
  const artifacts = names.map((name) => `${stack}: ${keyOf(stack, name)}`);
  const note = (verdict: string): void => {
    for (const artifact of artifacts) verdicts.push({ artifact, judge: by, verdict });
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
  const unseen = stacks.flatMap((stack) =>
    planOf(stack)
      .resources.filter(({ type, key }) => !components.test(type) && !seen.has(`${stack}: ${key}`))
      .map(({ key }) => `- ${stack}: ${key}`),
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
