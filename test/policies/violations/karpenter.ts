import { foundBy } from "./mutation";

const settings = "karpenter.values.settings";
const pattern = (source: string, ...types: unknown[]) => JSON.stringify({ source: [source], "detail-type": types });
const controller = (variables: object[]) => ({
  karpenter: {
    type: "kubernetes:apps/v1:Deployment",
    props: {
      metadata: { name: "karpenter", namespace: "kube-system" },
      spec: {
        template: { spec: { containers: [{ image: "public.ecr.aws/karpenter/controller:1.14.0", env: variables }] } },
      },
    },
  },
});
const allowAll = { Effect: "Allow", Principal: "*", Action: "sqs:*" };
const native = {
  queue: {
    type: "aws-native:sqs:Queue",
    props: {
      queueName: "interruptions",
      arn: "arn:aws:sqs:eu-central-1:111122223333:interruptions",
      queueUrl: "https://q",
      kmsMasterKeyId: "alias/aws/sqs",
    },
  },
  queuePolicy: {
    type: "aws-native:sqs:QueueInlinePolicy",
    props: {
      queue: "https://q",
      policyDocument: {
        Statement: {
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      },
    },
  },
};

export const karpenter = [
  ...foundBy(
    "karpenter-interruption-queue",
    [
      "must name a queue, got interruptionQueueName",
      { [settings]: { clusterName: "prod", interruptionQueueName: "interruptions" } },
    ],
    ["must name a queue, got nothing", { [`${settings}.interruptionQueue`]: undefined }],
    ['must name a queue, got ""', { [`${settings}.interruptionQueue`]: "" }],
    ["must name a queue, got null", { [`${settings}.interruptionQueue`]: null }],
    [
      "must name a queue, got nothing",
      { ...controller([{ name: "CLUSTER_NAME", value: "prod" }]), identity: undefined },
    ],
  ),
  ...foundBy(
    "karpenter-pod-identity",
    [
      'service account "karpenter" of "kube-system" must have an association, got [{"namespace":"kube-system","serviceAccount":"default"}]',
      { "identity.serviceAccount": "default" },
    ],
    ['got [{"namespace":"karpenter","serviceAccount":"karpenter"}]', { "identity.namespace": "karpenter" }],
    ['service account "controller" of "kube-system"', { "karpenter.values.serviceAccount": { name: "controller" } }],
    ['of "default" must have an association', { "karpenter.namespace": undefined }],
    [
      'got [{"namespace":"kube-system","serviceAccount":"default"}]',
      {
        identity: {
          type: "aws-native:eks:PodIdentityAssociation",
          props: { namespace: "kube-system", serviceAccount: "default" },
        },
      },
    ],
  ),
  ...foundBy(
    "interruption-events",
    [
      'got ["C2 Instance State-change Notification"] from ["aws.ec2"]',
      { "stateRule.eventPattern": pattern("aws.ec2", "C2 Instance State-change Notification") },
    ],
    [
      'got ["C2 Instance State-change Notification"]',
      {
        "stateRule.eventPattern": pattern(
          "aws.ec2",
          "C2 Instance State-change Notification",
          "EC2 Instance Rebalance Recommendation",
        ),
      },
    ],
    ['got ["AWS Health Event"] from ["aws.ec2"]', { "stateRule.eventPattern": pattern("aws.ec2", "AWS Health Event") }],
    ['from ["aws.ec3"]', { "stateRule.eventPattern": pattern("aws.ec3", "EC2 Instance State-change Notification") }],
    ['got [{"prefix":"EC3 "}]', { "stateRule.eventPattern": pattern("aws.ec2", { prefix: "EC3 " }) }],
    [
      'got [{"wildcard":"EC2 Inst*Change*"}]',
      { "stateRule.eventPattern": pattern("aws.ec2", { wildcard: "EC2 Inst*Change*" }) },
    ],
    [
      'got ["C2 Instance State-change Notification"] from ["aws.ec2"]',
      {
        stateRule: {
          type: "aws-native:events:Rule",
          props: {
            name: "state",
            eventPattern: { source: ["aws.ec2"], "detail-type": ["C2 Instance State-change Notification"] },
            targets: [{ id: "queue", arn: "arn:aws:sqs:eu-central-1:111122223333:interruptions" }],
          },
        },
        stateTarget: undefined,
      },
    ],
    ["eventPattern must be JSON", { "stateRule.eventPattern": "{" }],
    [
      'its rules must match "EC2 Spot Instance Interruption Warning", got no such rule',
      { spotRule: undefined, spotTarget: undefined },
    ],
    [
      'its rules must match "EC2 Spot Instance Interruption Warning"',
      { "spotRule.eventPattern": pattern("aws.ec2", { prefix: "EC2 Instance " }) },
    ],
  ),
  ...foundBy(
    "queue-delivery",
    [
      'kmsMasterKeyId must not be the AWS managed key, got "alias/aws/sqs"',
      { "queue.kmsMasterKeyId": "alias/aws/sqs", "queue.sqsManagedSseEnabled": undefined },
    ],
    [
      "kmsMasterKeyId must not be the AWS managed key",
      { "queue.kmsMasterKeyId": "arn:aws:kms:eu-central-1:111122223333:alias/aws/sqs" },
    ],
    ["kmsMasterKeyId must not be the AWS managed key", native],
  ),
  ...foundBy("queue-encryption", [
    "sqsManagedSseEnabled must be true, got false",
    { "queue.sqsManagedSseEnabled": false },
  ]),
  ...foundBy(
    "queue-tls",
    ["its policy must deny plain HTTP, got no policy", { queuePolicy: undefined }],
    ["got no such statement", { "queuePolicy.policy": JSON.stringify({ Statement: [allowAll] }) }],
    [
      "got no such statement",
      {
        "queuePolicy.policy": JSON.stringify({
          Statement: [{ ...allowAll, Effect: "Deny", Action: "sqs:ReceiveMessage" }],
        }),
      },
    ],
    ["got no such statement", { "queuePolicy.policy": "{" }],
    ["got no such statement", { "queuePolicy.policy": null }],
  ),
];
