import type { Resource } from "./resource";
import { at, isTable, listOf, parseJson, textsOf } from "./value";
import type { Value } from "./value";

export const spotWarning = "EC2 Spot Instance Interruption Warning";

/** What Karpenter's controller understands: detail type and source. */
export const events: [type: string, source: string][] = [
  ["AWS Health Event", "aws.health"],
  [spotWarning, "aws.ec2"],
  ["EC2 Instance Rebalance Recommendation", "aws.ec2"],
  ["EC2 Instance State-change Notification", "aws.ec2"],
  ["EC2 Capacity Reservation Instance Interruption Warning", "aws.ec2"],
];

/** An event rule's pattern as it was given, `undefined` if it is not JSON. */
export function patternOf(rule: Resource): Value {
  return parseJson(at(rule.props, "eventPattern"));
}

/** Whether patterns are about interruptions alone: what else handles them listens to scaling groups, too. */
export function areForKarpenter(patterns: Value[]): boolean {
  const sources = patterns.flatMap((pattern) => textsOf(pattern, "source"));
  const spot = patterns.some((pattern) => textsOf(pattern, "detail-type").includes(spotWarning));
  return spot && sources.every((source) => source === "aws.ec2" || source === "aws.health");
}

/** Whether a pattern lets such an event through, as far as source and type decide. */
export function accepts(pattern: Value, type: string, source: string): boolean {
  const lets = (key: string, text: string) => {
    const filters = at(pattern, key);
    return filters === undefined || listOf(filters).some((one) => matches(one, text));
  };
  return lets("source", source) && lets("detail-type", type);
}

/** EventBridge's comparison of a text: exact, by prefix, suffix, wildcard, without case, or by what it is not. */
export function matches(filter: Value, text: string): boolean {
  if (!isTable(filter)) return filter === text;
  const { prefix, suffix, wildcard, exists, "anything-but": but, "equals-ignore-case": noCase } = filter;
  if (typeof prefix === "string") return text.startsWith(prefix);
  if (typeof suffix === "string") return text.endsWith(suffix);
  if (typeof noCase === "string") return text.toLowerCase() === noCase.toLowerCase();
  if (typeof wildcard === "string") {
    const parts = wildcard.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(text);
  }
  if (but !== undefined) return !(isTable(but) ? matches(but, text) : textsOf(but).includes(text));
  return exists === true;
}
