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
      "Karpenter's controller reads an interruption queue if pools with fast disks start spot nodes: without a queue, or with its name under a key that the chart does not read, spot nodes end without a drain.",
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
      "Karpenter's controller gets its role by an EKS Pod Identity association for its own service account, or by IRSA: with an association for another account it has only the permissions of its node, and starts and drains no nodes.",
    remedy: "associate its service account with a role by aws.eks.PodIdentityAssociation",
    problems: (controller, chain) => {
      const name = valueOf(controller, "serviceAccount.name") ?? "karpenter";
      const namespace = at(controller.props, "namespace") ?? "default";
      const annotations = valueOf(controller, "serviceAccount.annotations");
      const isIrsa = annotations === pending || !isUnset(tableOf(annotations)["eks.amazonaws.com/role-arn"]);
      const associations = chain.all("podIdentity").map(({ props }): Table => {
        return { namespace: props.namespace, serviceAccount: props.serviceAccount };
      });
      // Karpenter's association may be outside the stack, so only a similar one for another account is an error.
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
      'The rules of Karpenter\'s queue match events that Karpenter understands, including the spot warning: EventBridge accepts any text, and a rule for "C2 Instance State-change Notification" never matches.',
    remedy: `use detail types such as ${events.map(([type]) => type).join(", ")}, each from its own source, or add others to interruption-events.detailTypes`,
    settings: { detailTypes: setting.texts([], "additional detail types that the queue may receive") },
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
      "EventBridge can write to Karpenter's queue: a queue encrypted with alias/aws/sqs receives no event, no error is reported, and spot nodes end without a drain.",
    remedy: "set sqsManagedSseEnabled, or set kmsMasterKeyId to your own key that events.amazonaws.com may use",
    problems: ({ props }) =>
      /alias\/aws\/sqs/.test(textOf(props.kmsMasterKeyId))
        ? [`kmsMasterKeyId must not be the AWS managed key, got ${show(props.kmsMasterKeyId)}`]
        : [],
  }),
  "queue-encryption": onQueues({
    severity: "medium",
    advisory: true,
    description: "Karpenter's queue is encrypted: its messages name the instances that are about to stop.",
    remedy: "set sqsManagedSseEnabled to true",
    problems: ({ props }) =>
      isUnset(props.kmsMasterKeyId) ? expectAt(props, "sqsManagedSseEnabled", orUnset(be(true))) : [],
  }),
  "queue-tls": onQueues({
    severity: "medium",
    advisory: true,
    description:
      "Karpenter's queue refuses plain HTTP: otherwise an attacker on the network could forge a message that drains a node.",
    remedy: "in the queue's policy, deny sqs:* to all principals if aws:SecureTransport is false",
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
  // A rule that matches no event has its own violation.
  const isAlive = patterns.every((one) => events.some(([type, source]) => accepts(one, type, source)));
  const isMatched = patterns.some((one) => accepts(one, spotWarning, "aws.ec2"));
  if (!isKnown || !isAlive || isMatched || !chain.fastPools.some(startsSpot)) return [];
  return [`its rules must match "${spotWarning}", got no such rule`];
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
