#!/usr/bin/env node
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runPlanCommand } from "./plan-command";
import { isPlan, readPlan } from "./saved-plan";
import { nameOf, projectOf, readStackFile } from "./stack-file";

const usage =
  "usage: eks-fast-disks plan FILE [--out DIR] [--json]\n" +
  "       eks-fast-disks plan FILE --against DIR [--out DIR] [--json | --markdown]\n" +
  "FILE is a stack file such as Pulumi.dev.yaml, DIR a folder that --out wrote";
const ownProject = "eks-fast-disks";

/** Name of the project that a stack file belongs to: its keys begin with it. */
function projectAbove(folder: string): string {
  const file = join(folder, "Pulumi.yaml");
  if (existsSync(file)) return projectOf(file);
  return dirname(folder) === folder ? ownProject : projectAbove(dirname(folder));
}

// Pulumi takes a stack trace of every promise; the plan prints messages only.
Error.stackTraceLimit = 0;
runPlanCommand({
  usage,
  stackOf: ([command, path, ...rest]) => {
    if (command !== "plan" || path === undefined || rest.length > 0) return undefined;
    if (!existsSync(path)) throw new Error(`${path}: no such stack file\n${usage}`);
    const project = projectAbove(dirname(resolve(path)));
    return { name: nameOf(path), path, project, ...readStackFile(path, project) };
  },
  readEarlier: (against, { name }) => {
    if (!isPlan(against)) throw new Error(`--against ${against}: must be a folder with a plan; write one with --out`);
    return readPlan(against, name);
  },
  program: () => import("../index"),
});
