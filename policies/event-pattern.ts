import type { Resource } from "./resource";
import { at, isTable, listOf, parseJson, textsOf } from "./value";
import type { Value } from "./value";

export const spotWarning = "EC2 Spot Instance Interruption Warning";

/** Events that Karpenter's controller understands: detail type and source. */
export const events: [type: string, source: string][] = [
  ["AWS Health Event", "aws.health"],
  [spotWarning, "aws.ec2"],
  ["EC2 Instance Rebalance Recommendation", "aws.ec2"],
  ["EC2 Instance State-change Notification", "aws.ec2"],
  ["EC2 Capacity Reservation Instance Interruption Warning", "aws.ec2"],
];

/** An event rule's pattern, `undefined` if it is not JSON. */
export function patternOf(rule: Resource): Value {
  return parseJson(at(rule.props, "eventPattern"));
}

/** Whether patterns match interruptions only: other interruption handlers also match Auto Scaling events. */
export function areForKarpenter(patterns: Value[]): boolean {
  const sources = patterns.flatMap((pattern) => textsOf(pattern, "source"));
  const spot = patterns.some((pattern) => textsOf(pattern, "detail-type").includes(spotWarning));
  return spot && sources.every((source) => source === "aws.ec2" || source === "aws.health");
}

/** Whether a pattern matches events of this type and source; other keys are ignored. */
export function accepts(pattern: Value, type: string, source: string): boolean {
  const admits = (key: string, text: string) => {
    const filters = at(pattern, key);
    return filters === undefined || listOf(filters).some((one) => matches(one, text));
  };
  return admits("source", source) && admits("detail-type", type);
}

/** EventBridge's comparison of a text: exact, prefix, suffix, wildcard, equals-ignore-case, anything-but, exists. */
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
