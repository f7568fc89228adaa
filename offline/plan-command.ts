import { join } from "node:path";
import { parseArgs } from "node:util";
import { allowsDataLoss } from "../stacks/settings";
import { comparePlans } from "./comparison";
import { renderMarkdown } from "./comparison-markdown";
import { renderComparison } from "./comparison-text";
import { filesOf, writeFiles } from "./files";
import type { Program, Resource } from "./graph";
import { renderReport } from "./report";
import { planStack } from "./stack-plan";
import type { Stack } from "./stack-plan";

/** Differences between the clone's command and the package's. */
export interface PlanCommand {
  usage: string;
  /** Finds the stack by the arguments that are not options; undefined if the arguments are wrong. */
  stackOf: (positionals: string[]) => Stack | undefined;
  /** The plan that `--against` names. */
  readEarlier: (against: string, stack: Stack) => Resource[];
  program: Program;
}

/** Exit code if data may be lost and the stack does not allow it. */
const dataAtRisk = 3;

/** Runs the command with the arguments of the process; an error ends it with 1. */
export function runPlanCommand(command: PlanCommand): void {
  plan(command).catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  });
}

async function plan({ usage, stackOf, readEarlier, program }: PlanCommand): Promise<void> {
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
  if ((json && markdown) || (markdown && against === undefined)) throw new Error(usage);
  const stack = stackOf(positionals);
  if (stack === undefined) throw new Error(usage);
  const earlier = against === undefined ? [] : readEarlier(against, stack);
  console.error(`planning ${stack.name} …`);
  const { graph, report } = await planStack(stack, program, earlier);
  const text = renderReport(report);
  const out = values.out ?? join("plan", stack.name);
  const files = filesOf(graph, report, text);
  writeFiles(out, files);
  console.error(`wrote ${files.size} files to ${out}`);
  const violations = report.policies.flatMap(({ violations }) => violations);
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
