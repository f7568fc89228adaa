import { accepts, events, matches, patternOf, spotWarning } from "./event-pattern";
import { be, expectAt, orUnset } from "./expect";
import { rulesOn } from "./policy";
import type { Rules } from "./policy";
import { startsSpot } from "./pool";
import { valueOf } from "./provisioner";
import { isOf } from "./resource";
import type { Resource } from "./resource";
import { belongs, queueNameOf } from "./scope";
import type { Chain } from "./scope";
import { setting } from "./settings";
import { at, isUnset, isWhole, listOf, oneOf, parseJson, pending, show, tableOf, textOf, textsOf } from "./value";
import type { Table, Value } from "./value";

const onControllers = rulesOn(({ controllers }) => controllers);
const onQueues = rulesOn(({ queues }) => queues);
const onEvents = rulesOn(({ eventRules, queues }) => [...eventRules, ...queues]);

/** Policies on Karpenter's controller, its queue and its events. */
export const karpenter: Rules = {
  "karpenter-interruption-queue": onControllers({
    severity: "high",
    description:
      "Karpenter's controller reads an interruption queue where pools with fast disks start spot nodes: without one, or under a key that the chart does not read, the nodes go without a drain.",
    remedy: "set settings.interruptionQueue in the chart's values to the queue's name",
    problems: (controller, { fastPools }) => {
      const queue = queueNameOf(controller);
      const misspelt = at(controller.props, "values.settings.interruptionQueueName");
      const isNeeded = !isUnset(misspelt) || fastPools.some(startsSpot);
      if (!isNeeded || !isUnset(queue)) return [];
      const got = isUnset(misspelt) ? show(queue) : "interruptionQueueName";
      return [`values.settings.interruptionQueue must name a queue, got ${got}`];
    },
  }),
  "karpenter-pod-identity": onControllers({
    severity: "high",
    description:
      "Karpenter's controller gets its role by an EKS Pod Identity for its own service account, or by IRSA: with an association for another account it acts as its node, and starts and drains nothing.",
    remedy: "associate its service account with a role by aws.eks.PodIdentityAssociation",
    problems: (controller, chain) => {
      const name = valueOf(controller, "serviceAccount.name") ?? "karpenter";
      const namespace = at(controller.props, "namespace") ?? "default";
      const annotations = valueOf(controller, "serviceAccount.annotations");
      const isIrsa = annotations === pending || !isUnset(tableOf(annotations)["eks.amazonaws.com/role-arn"]);
      const associations = chain.all("podIdentity").map(({ props }): Table => {
        return { namespace: props.namespace, serviceAccount: props.serviceAccount };
      });
      // An association of Karpenter's own may be made elsewhere: only one that misses its account shows the mistake.
      const near = associations.filter(
        (one) => one.namespace === namespace || /karpenter/.test(textOf(one.serviceAccount)),
      );
      const isFound = near.some((one) => one.serviceAccount === name && one.namespace === namespace);
      const isKnown = isOf("release", controller) && isWhole([name, namespace, associations]);
      if (isIrsa || isFound || !isKnown || near.length === 0) return [];
      return [`service account ${show(name)} of ${show(namespace)} must have an association, got ${show(near)}`];
    },
  }),
  "interruption-events": onEvents({
    severity: "high",
    description:
      'The rules of Karpenter\'s queue match events that Karpenter understands, the spot warning among them: EventBridge takes any text, and a rule for "C2 Instance State-change Notification" never fires.',
    remedy: `take detail types such as ${events.map(([type]) => type).join(", ")}, each from its own source, or list others in interruption-events.detailTypes`,
    settings: { detailTypes: setting.texts([], "further detail types that the queue may receive") },
    problems: (resource, chain, { detailTypes }) => {
      if (isOf("queue", resource)) return missesSpot(resource, chain);
      const pattern = patternOf(resource);
      if (isUnset(at(resource.props, "eventPattern"))) return [];
      if (pattern === undefined) return ["eventPattern must be JSON"];
      const types = listOf(pattern, "detail-type");
      const matched = events.filter(([type, source]) => accepts(pattern, type, source));
      const dead = types.filter(
        (one) => !detailTypes.includes(textOf(one)) && !matched.some(([type]) => matches(one, type)),
      );
      const isAlive = dead.length === 0 && (matched.length > 0 || types.length > 0);
      if (isAlive || !isWhole(pattern)) return [];
      const got = `${show(dead.length > 0 ? dead : at(pattern, "detail-type"))} from ${show(at(pattern, "source"))}`;
      return [`eventPattern must match an event that Karpenter understands, got ${got}`];
    },
  }),
  "queue-delivery": onQueues({
    severity: "high",
    description:
      "EventBridge can write to Karpenter's queue: to one under alias/aws/sqs no event arrives, nobody is told, and spot nodes go without a drain.",
    remedy: "set sqsManagedSseEnabled, or kmsMasterKeyId to a key of your own that lets events.amazonaws.com use it",
    problems: ({ props }) =>
      /alias\/aws\/sqs/.test(textOf(props.kmsMasterKeyId))
        ? [`kmsMasterKeyId must not be AWS's, got ${show(props.kmsMasterKeyId)}`]
        : [],
  }),
  "queue-encryption": onQueues({
    severity: "medium",
    advisory: true,
    description: "Karpenter's queue is encrypted: what is in it tells which instances are about to go.",
    remedy: "set sqsManagedSseEnabled to true",
    problems: ({ props }) =>
      isUnset(props.kmsMasterKeyId) ? expectAt(props, "sqsManagedSseEnabled", orUnset(be(true))) : [],
  }),
  "queue-tls": onQueues({
    severity: "medium",
    advisory: true,
    description:
      "Karpenter's queue refuses plain HTTP: whoever is on the path could otherwise forge the message that drains a node.",
    remedy: "deny sqs:* to everybody where aws:SecureTransport is false, in the queue's policy",
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
};

function missesSpot(queue: Resource, chain: Chain): string[] {
  const patterns = chain.rulesOf(queue).map(patternOf);
  const isKnown = patterns.length > 0 && patterns.every((one) => one !== undefined && isWhole(one));
  // A rule that matches nothing at all has a violation of its own.
  const isAlive = patterns.every((one) => events.some(([type, source]) => accepts(one, type, source)));
  const isMatched = patterns.some((one) => accepts(one, spotWarning, "aws.ec2"));
  if (!isKnown || !isAlive || isMatched || !chain.fastPools.some(startsSpot)) return [];
  return [`its rules must match "${spotWarning}", got none that does`];
}

function documentOf({ props }: Resource): Value {
  return parseJson(isUnset(props.policy) ? props.policyDocument : props.policy);
}

function deniesHttp(document: Value): boolean {
  const stated = at(document, "Statement");
  const statements: Value[] = Array.isArray(stated) ? stated : [stated];
  return statements.some((statement) => {
    const principals = [...textsOf(statement, "Principal"), ...textsOf(statement, "Principal.AWS")];
    const isInsecure = oneOf("false", false)(at(statement, "Condition.Bool.aws:SecureTransport"));
    const isOfAll = textsOf(statement, "Action").some((action) => /^(sqs:)?\*$/i.test(action));
    return at(statement, "Effect") === "Deny" && principals.includes("*") && isOfAll && isInsecure;
  });
}
