import { resourcePolicy, setting } from "./policy";
import { at, isWhole, parseJson, show, textsOf } from "./value";

/** What Karpenter listens to: detail type, source, and the word that rules for it are called by. */
const events: [detailType: string, source: string, word: RegExp][] = [
  ["AWS Health Event", "aws.health", /health|scheduled/i],
  ["EC2 Spot Instance Interruption Warning", "aws.ec2", /spot/i],
  ["EC2 Instance Rebalance Recommendation", "aws.ec2", /rebalance/i],
  ["EC2 Instance State-change Notification", "aws.ec2", /state/i],
  ["EC2 Capacity Reservation Instance Interruption Warning", "aws.ec2", /reservation/i],
];

export const eventRulePattern = resourcePolicy({
  name: "event-rule-pattern",
  severity: "high",
  description:
    'An event rule\'s pattern matches the event that the rule is named for: EventBridge takes any text, and a rule for "C2 Instance State-change Notification" never fires.',
  remedy: `take one of ${events.map(([detailType]) => detailType).join(", ")}, from its own source`,
  kinds: ["eventRule"],
  config: { detailTypes: setting.texts([], "further detail types of EC2") },
  applies: ({ props }) => at(props, "eventPattern") !== undefined,
  faults: ({ name, props }, { detailTypes }) => {
    const pattern = parseJson(at(props, "eventPattern"));
    if (pattern === undefined) return ["eventPattern must be JSON"];
    const [sources, types] = [textsOf(at(pattern, "source")), textsOf(at(pattern, "detail-type"))];
    const ours =
      sources.some((source) => /^aws\.(ec2|health)$/.test(source)) || events.some(([type]) => types.includes(type));
    if (!ours || !isWhole(pattern)) return [];
    const named = events.filter(([, , word]) => word.test(name));
    const fits = (type: string) =>
      detailTypes.includes(type) ||
      events.some(
        (event) => event[0] === type && sources.includes(event[1]) && (named.length !== 1 || named[0] === event),
      );
    if (types.length > 0 && types.every(fits)) return [];
    return [`eventPattern must match an event of its name, got ${show(types)} from ${show(sources)}`];
  },
});
