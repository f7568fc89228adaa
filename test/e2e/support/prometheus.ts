import type { Rule } from "../../../components/manifests/alerts";
import type { AlertCase } from "./alert-cases";
import { run } from "./process";
import { goProgram } from "./tools";

const prometheus = goProgram("prometheus");

/** What an expression reads. */
export interface Expression {
  selectors: { metric: string; labels: string[] }[];
  /** Labels by which it groups and joins. */
  grouping: string[];
}

export interface Firing {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What Prometheus says to rules: errors; expressions, those of the rules last; what fires at the end of each case. */
export interface Answer {
  errors: string[];
  expressions: Expression[];
  firing: Firing[][];
}

/** Has Prometheus's own parser and engine read rules and further expressions, and run cases. */
export async function evaluate(
  rules: { groups: { name: string; rules: Rule[] }[] },
  { expressions = [], cases = [] }: { expressions?: string[]; cases?: AlertCase[] } = {},
): Promise<Answer> {
  const input = {
    rules,
    expressions,
    cases: cases.map(({ alert, samples, minutes }) => ({
      alert,
      minutes,
      series: samples.map(([series, values]) => ({ series, values })),
    })),
  };
  return JSON.parse(await run(prometheus, [], { input: JSON.stringify(input) })) as Answer;
}
