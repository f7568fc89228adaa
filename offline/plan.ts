import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { filesOf, writeFiles } from "./files";
import { recordGraph } from "./graph";
import type { Graph } from "./graph";
import { renderReport, reportOf } from "./report";
import { Placeholders } from "./placeholders";

const usage = "usage: npm start [-- STACK] [--out DIR] [--json]";

/** Values of a stack file, as Pulumi hands them to the program. */
function readStack(stack: string): Record<string, string> {
  const path = join("stacks", `Pulumi.${stack}.yaml`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`${path}: no such stack file; ${usage}`);
  }
  let config: unknown;
  try {
    config = (parse(text) as { config?: unknown } | null)?.config;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message.trimEnd()}`, { cause: error });
  }
  if (typeof config !== "object" || config === null)
    throw new Error(`${path}: has no config; see stacks/Pulumi.dev.yaml`);
  const region: unknown = Object.entries(config).find(([key]) => key === "aws:region")?.[1];
  if (typeof region !== "string" || !/^[a-z]+(-[a-z]+)+-\d+$/.test(region))
    throw new Error(
      `${path}: aws:region: must be a region such as us-east-1, got ${region === undefined ? "nothing" : JSON.stringify(region)}`,
    );
  return Object.fromEntries(
    Object.entries(config as Record<string, unknown>).map(([key, value]) => {
      if (typeof value === "object" && value !== null && "secure" in value)
        throw new Error(
          `${path}: ${key} is a secret, which only Pulumi's own preview can read; state it in plain text`,
        );
      return [key, typeof value === "string" ? value : JSON.stringify(value)];
    }),
  );
}

/** Plans a stack: runs the program as `pulumi up` would, with placeholder values for what only AWS knows. */
export async function planStack(stack: string): Promise<{ graph: Graph; placeholders: Record<string, string[]> }> {
  const config = readStack(stack);
  const mocks = new Placeholders(config["aws:region"] ?? "");
  const project = (parse(readFileSync("Pulumi.yaml", "utf8")) as { name: string }).name;
  const graph = await recordGraph(() => import("../index"), { project, stack, config, mocks });
  return { graph, placeholders: mocks.used };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { out: { type: "string" }, json: { type: "boolean" } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error(usage);
  const stack = positionals[0] ?? "dev";
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
