import { chainRule } from "./policy";
import type { Rule } from "./policy";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import type { Chain } from "./scope";
import { belongs, patternOf, queueNameOf } from "./scope";
import { left, labels } from "./pool";
import { valueOf } from "./provisioner";
import { setting } from "./settings";
import { at, isTable, isUnset, isWhole, listOf, oneOf, parseJson, pending, show, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

const spotWarning = "EC2 Spot Instance Interruption Warning";
/** What Karpenter's controller understands: detail type by source. */
const events: Record<string, string> = {
  "AWS Health Event": "aws.health",
  [spotWarning]: "aws.ec2",
  "EC2 Instance Rebalance Recommendation": "aws.ec2",
  "EC2 Instance State-change Notification": "aws.ec2",
  "EC2 Capacity Reservation Instance Interruption Warning": "aws.ec2",
};

/** Policies on Karpenter's controller, its queue and its events. */
export const karpenter: Rule[] = [
  chainRule({
    name: "karpenter-interruption-queue",
    severity: "high",
    description:
      "Karpenter's controller reads an interruption queue where pools with fast disks start spot nodes: without one, or under a key that the chart does not read, the nodes go without a drain.",
    remedy: "set settings.interruptionQueue in the chart's values to the queue's name",
    subjects: ({ controllers }) => controllers,
    problems: (controller, { fastPools }) => {
      const queue = queueNameOf(controller);
      const misspelt =
        isOf("release", controller) && !isUnset(at(controller.props, "values.settings.interruptionQueueName"));
      const needed = misspelt || fastPools.some((pool) => left(pool, labels.capacityType, ["spot"]).length > 0);
      if (!needed || !isUnset(queue)) return [];
      const got = misspelt ? "interruptionQueueName" : show(queue);
      return [`values.settings.interruptionQueue must name a queue, got ${got}`];
    },
  }),
  chainRule({
    name: "karpenter-pod-identity",
    severity: "high",
    description:
      "Karpenter's controller gets its role by an EKS Pod Identity for its own service account, or by IRSA: with an association for another account it acts as its node, and starts and drains nothing.",
    remedy: "associate its service account with a role by aws.eks.PodIdentityAssociation",
    subjects: ({ controllers }) => controllers.filter((one) => isOf("release", one)),
    problems: (controller, chain) => {
      const associations = chain.all("podIdentity").map(({ props }) => props);
      const name = valueOf(controller, "serviceAccount.name") ?? "karpenter";
      const namespace = at(controller.props, "namespace") ?? "default";
      const byAnnotation = valueOf(controller, "serviceAccount.annotations");
      const irsa =
        byAnnotation === pending || !isUnset((isTable(byAnnotation) ? byAnnotation : {})["eks.amazonaws.com/role-arn"]);
      // An association of Karpenter's own may be made elsewhere: only one that misses its account shows the mistake.
      const near = associations.filter(
        (one) => one.namespace === namespace || /karpenter/.test(textOf(one.serviceAccount)),
      );
      const known =
        isWhole([name, namespace]) && associations.every((one) => isWhole([one.serviceAccount, one.namespace]));
      const found = associations.some((one) => one.serviceAccount === name && one.namespace === namespace);
      if (irsa || found || !known || near.length === 0) return [];
      const got = near.map((one): Table => ({ namespace: one.namespace, serviceAccount: one.serviceAccount }));
      return [`service account ${show(name)} of ${show(namespace)} must have an association, got ${show(got)}`];
    },
  }),
  chainRule({
    name: "interruption-events",
    severity: "high",
    description:
      'The rules of Karpenter\'s queue match events that Karpenter understands, the spot warning among them: EventBridge takes any text, and a rule for "C2 Instance State-change Notification" never fires.',
    remedy: `take detail types such as ${Object.keys(events).join(", ")}, each from its own source, or list others in interruption-events.detailTypes`,
    settings: { detailTypes: setting.texts([], "further detail types that the queue may receive") },
    subjects: ({ eventRules, queues }) => [...eventRules, ...queues],
    problems: (resource, chain, { detailTypes }) => {
      if (isOf("queue", resource)) return missesSpot(resource, chain);
      const pattern = patternOf(resource);
      if (isUnset(at(resource.props, "eventPattern"))) return [];
      if (pattern === undefined) return ["eventPattern must be JSON"];
      if (!isWhole(pattern)) return [];
      const types = at(pattern, "detail-type");
      const matched = Object.entries(events).filter(([type, source]) => accepts(pattern, source, type));
      const dead = listOf(types).filter(
        (one) => !detailTypes.includes(textOf(one)) && !matched.some(([type]) => matchesOne(one, type)),
      );
      if (dead.length === 0 && (matched.length > 0 || listOf(types).length > 0)) return [];
      return [
        `eventPattern must match an event that Karpenter understands, got ${show(dead.length > 0 ? dead : types)} from ${show(at(pattern, "source"))}`,
      ];
    },
  }),
  chainRule({
    name: "queue-delivery",
    severity: "high",
    description:
      "EventBridge can write to Karpenter's queue: to one under alias/aws/sqs no event arrives, nobody is told, and spot nodes go without a drain.",
    remedy: "set sqsManagedSseEnabled, or kmsMasterKeyId to a key of your own that lets events.amazonaws.com use it",
    subjects: ({ queues }) => queues,
    problems: ({ props }) =>
      /alias\/aws\/sqs/.test(textOf(props.kmsMasterKeyId))
        ? [`kmsMasterKeyId must not be AWS's, got ${show(props.kmsMasterKeyId)}`]
        : [],
  }),
  chainRule({
    name: "queue-encryption",
    severity: "medium",
    advisory: true,
    description: "Karpenter's queue is encrypted: what is in it tells which instances are about to go.",
    remedy: "set sqsManagedSseEnabled to true",
    subjects: ({ queues }) => queues,
    problems: ({ props }) =>
      props.sqsManagedSseEnabled === false && isUnset(props.kmsMasterKeyId)
        ? ["sqsManagedSseEnabled must be true, got false"]
        : [],
  }),
  chainRule({
    name: "queue-tls",
    severity: "medium",
    advisory: true,
    description:
      "Karpenter's queue refuses plain HTTP: whoever is on the path could otherwise forge the message that drains a node.",
    remedy: "deny sqs:* to everybody where aws:SecureTransport is false, in the queue's policy",
    subjects: ({ queues }) => queues,
    problems: (queue, chain) => {
      const own = chain.all("queuePolicy").filter((one) => {
        const names: Value[] = [one.props.queueUrl, one.props.queue, ...listOf(one.props.queues)];
        return belongs(one, names, queue, chain.all("queue"));
      });
      const documents = [queue, ...own].map(documentOf);
      if (documents.some((one) => one === pending || deniesHttp(one))) return [];
      return [`its policy must deny plain HTTP, got ${own.length > 0 ? "no such statement" : "no policy"}`];
    },
  }),
];

function missesSpot(queue: Resource, chain: Chain): string[] {
  const patterns = chain.rulesOf(queue).map(patternOf);
  const spot = chain.fastPools.some((pool) => left(pool, labels.capacityType, ["spot"]).length > 0);
  const unclear = patterns.length === 0 || !spot || patterns.some((one) => one === undefined || !isWhole(one));
  // A rule that matches nothing at all has a violation of its own.
  const dead = patterns.some((one) => !Object.entries(events).some(([type, source]) => accepts(one, source, type)));
  if (unclear || dead || patterns.some((one) => accepts(one, "aws.ec2", spotWarning))) return [];
  return [`its rules must match "${spotWarning}", got none that does`];
}

/** Whether an event pattern lets such an event through, as far as source and type decide. */
function accepts(pattern: Value, source: string, type: string): boolean {
  const lets = (key: string, text: string) => {
    const list = at(pattern, key);
    return list === undefined || listOf(list).some((one) => matchesOne(one, text));
  };
  return lets("source", source) && lets("detail-type", type);
}

/** EventBridge's comparison of a text: exact, by prefix, suffix, wildcard, without case, or by what it is not. */
function matchesOne(filter: Value, text: string): boolean {
  if (!isTable(filter)) return filter === text;
  const { prefix, suffix, wildcard, exists } = filter;
  const but = filter["anything-but"];
  const noCase = filter["equals-ignore-case"];
  if (typeof prefix === "string") return text.startsWith(prefix);
  if (typeof suffix === "string") return text.endsWith(suffix);
  if (typeof noCase === "string") return text.toLowerCase() === noCase.toLowerCase();
  if (typeof wildcard === "string")
    return new RegExp(
      `^${wildcard
        .split("*")
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    ).test(text);
  if (but !== undefined) return !(isTable(but) ? matchesOne(but, text) : textsOf(but).includes(text));
  return exists === true;
}

function documentOf({ props }: Resource): Value {
  return parseJson(isUnset(props.policy) ? props.policyDocument : props.policy);
}

function deniesHttp(document: Value): boolean {
  const statements = at(document, "Statement");
  return listOf(Array.isArray(statements) ? statements : [statements]).some((statement) => {
    const everybody = [...textsOf(at(statement, "Principal")), ...textsOf(at(statement, "Principal.AWS"))].includes(
      "*",
    );
    const all = textsOf(at(statement, "Action")).some((action) => /^(sqs:)?\*$/i.test(action));
    const insecure = oneOf("false", false)(at(statement, "Condition.Bool.aws:SecureTransport"));
    return at(statement, "Effect") === "Deny" && everybody && all && insecure;
  });
}
