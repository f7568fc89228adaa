import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { filesOf, writeFiles } from "./files";
import { recordGraph } from "./graph";
import type { Graph } from "./graph";
import { listErrors, validateConfig } from "../stacks/settings";
import { Placeholders } from "./placeholders";
import { renderReport, reportOf } from "./report";
import { pathOf, readStackFile, stackOf } from "./stack-file";

const usage = "usage: npm start [-- STACK] [--out DIR] [--json]";
const regionMissing = 'aws:region: must be a region of AWS, got nothing; state it, for example "us-east-1"';

/** Plans a stack: runs the program as `pulumi up` would, with placeholder values for what only AWS knows. */
export async function planStack(stack: string): Promise<{ graph: Graph; placeholders: Record<string, string[]> }> {
  const project = (parse(readFileSync("Pulumi.yaml", "utf8")) as { name: string }).name;
  const { config, secrets } = readStackFile(stack, project);
  const region = config["aws:region"];
  if (region === undefined)
    throw new Error(listErrors([regionMissing, ...validateConfig(config, project)], pathOf(stack)));
  const mocks = new Placeholders(region);
  const graph = await recordGraph(() => import("../index"), { project, stack, config, mocks });
  if (secrets.length === 0) return { graph, placeholders: mocks.used };
  return { graph, placeholders: { ...mocks.used, "examples in the place of secrets": secrets.sort() } };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { out: { type: "string" }, json: { type: "boolean" } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error(usage);
  const stack = stackOf(positionals[0] ?? "dev");
  console.error(`planning ${stack} …`);
  const { graph, placeholders } = await planStack(stack);
  const report = reportOf(stack, graph, placeholders);
  const text = renderReport(report);
  const out = values.out ?? join("plan", stack);
  const files = filesOf(graph, report, text);
  writeFiles(out, files);
  console.error(`wrote ${files.size} files to ${out}`);
  console.log(values.json ? JSON.stringify(report, null, 2) : text.trimEnd());
  if (report.policies.some(({ faults }) => faults.some(({ level }) => level === "mandatory"))) process.exitCode = 1;
}

process.chdir(join(__dirname, ".."));
main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
