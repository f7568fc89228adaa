import { listErrors, validateConfig } from "../stacks/settings";
import { recordGraph } from "./graph";
import type { Graph, Program, Resource } from "./graph";
import { Placeholders } from "./placeholders";
import { reportOf } from "./report";
import type { Report } from "./report";
import { rememberedBy } from "./saved-plan";
import type { StackFile } from "./stack-file";

const regionMissing = 'aws:region: must be an AWS region, got nothing; set it, for example "us-east-1"';

/** A stack and its file. */
export interface Stack extends StackFile {
  name: string;
  project: string;
  /** Of the stack file. */
  path: string;
}

export interface StackPlan {
  graph: Graph;
  report: Report;
}

/**
 * Plans a stack: runs the program as `pulumi up` would, with placeholders for values that only AWS knows. Values that an
 * earlier plan stores cannot change.
 */
export async function planStack(stack: Stack, program: Program, earlier: Resource[] = []): Promise<StackPlan> {
  const { name, project, path, config, secrets } = stack;
  const region = config["aws:region"];
  const errors = [...(region === undefined ? [regionMissing] : []), ...validateConfig(config, project)];
  if (region === undefined || errors.length > 0) throw new Error(listErrors(errors, path));
  const mocks = new Placeholders(region, rememberedBy(earlier));
  const graph = await recordGraph(program, { project, stack: name, config, mocks });
  const used = mocks.used;
  if (secrets.length > 0) used["examples in place of secrets"] = secrets.sort();
  return { graph, report: reportOf(name, graph, used) };
}
