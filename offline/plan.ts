import { join } from "node:path";
import { readEarlierPlan } from "./earlier-plan";
import { runPlanCommand } from "./plan-command";
import { pathOf, projectOf, readStackFile, stackOf } from "./stack-file";

const usage =
  "usage: npm start [-- STACK] [--out DIR] [--json]\n" +
  "       npm start -- STACK --against DIR|GITREF [--out DIR] [--json | --markdown]";

process.chdir(join(__dirname, ".."));
runPlanCommand({
  usage,
  stackOf: ([argument = "dev", ...rest]) => {
    if (rest.length > 0) return undefined;
    const name = stackOf(argument);
    const [path, project] = [pathOf(name), projectOf("Pulumi.yaml")];
    return { name, path, project, ...readStackFile(path, project) };
  },
  readEarlier: (against, { name, path }) => readEarlierPlan(against, name, path),
  program: () => import("../index"),
});
