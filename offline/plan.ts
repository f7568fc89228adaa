import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { allowsDataLoss, listErrors, validateConfig } from "../stacks/settings";
import { comparePlans } from "./comparison";
import { renderMarkdown } from "./comparison-markdown";
import { renderComparison } from "./comparison-text";
import { readEarlierPlan } from "./earlier-plan";
import { filesOf, writeFiles } from "./files";
import { recordGraph } from "./graph";
import type { Graph, Resource } from "./graph";
import { Placeholders } from "./placeholders";
import { renderReport, reportOf } from "./report";
import type { Report } from "./report";
import { rememberedBy } from "./saved-plan";
import { pathOf, readStackFile, stackOf } from "./stack-file";
import type { StackFile } from "./stack-file";

const usage =
  "usage: npm start [-- STACK] [--out DIR] [--json]\n" +
  "       npm start -- STACK --against DIR|GITREF [--out DIR] [--json | --markdown]";
/** The exit code of a comparison by which data may be lost although the stack does not allow it. */
const dataAtRisk = 3;
const regionMissing = 'aws:region: must be a region of AWS, got nothing; state it, for example "us-east-1"';

/** A stack as its file states it. */
interface Stack extends StackFile {
  name: string;
  project: string;
}

function readStack(name: string): Stack {
  const project = (parse(readFileSync("Pulumi.yaml", "utf8")) as { name: string }).name;
  return { name, project, ...readStackFile(name, project) };
}

/**
 * Plans a stack: runs the program as `pulumi up` would, with placeholder values for what only AWS knows. What an earlier
 * plan remembers cannot change.
 */
async function planStack({ name, project, config, secrets }: Stack, earlier: Resource[]): Promise<Planned> {
  const region = config["aws:region"];
  if (region === undefined)
    throw new Error(listErrors([regionMissing, ...validateConfig(config, project)], pathOf(name)));
  const mocks = new Placeholders(region, rememberedBy(earlier));
  const graph = await recordGraph(() => import("../index"), { project, stack: name, config, mocks });
  const used = mocks.used;
  if (secrets.length > 0) used["examples in the place of secrets"] = secrets.sort();
  return { graph, report: reportOf(name, graph, used) };
}

interface Planned {
  graph: Graph;
  report: Report;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      out: { type: "string" },
      json: { type: "boolean" },
      against: { type: "string" },
      markdown: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const { against, json, markdown } = values;
  if (positionals.length > 1 || (json && markdown) || (markdown && against === undefined)) throw new Error(usage);
  const stack = readStack(stackOf(positionals[0] ?? "dev"));
  const earlier = against === undefined ? [] : readEarlierPlan(against, stack.name, pathOf(stack.name));
  console.error(`planning ${stack.name} …`);
  const { graph, report } = await planStack(stack, earlier);
  const text = renderReport(report);
  const out = values.out ?? join("plan", stack.name);
  const files = filesOf(graph, report, text);
  writeFiles(out, files);
  console.error(`wrote ${files.size} files to ${out}`);
  const violations = report.policies.flatMap((verdict) => verdict.violations);
  if (violations.some(({ level }) => level === "mandatory")) process.exitCode = 1;
  if (against === undefined) {
    console.log(json ? JSON.stringify(report, null, 2) : text.trimEnd());
    return;
  }
  const comparison = comparePlans(against, earlier, {
    stack: stack.name,
    resources: graph.resources,
    policies: violations,
    warnings: report.warnings,
    dataLossAllowed: allowsDataLoss(stack.config, stack.project),
  });
  const render = markdown ? renderMarkdown : renderComparison;
  console.log(json ? JSON.stringify(comparison, null, 2) : render(comparison).trimEnd());
  if (comparison.dataAtRisk && !comparison.dataLossAllowed) process.exitCode ??= dataAtRisk;
}

process.chdir(join(__dirname, ".."));
main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
