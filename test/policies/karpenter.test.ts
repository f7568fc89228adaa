import { check } from "./check";

describe("karpenter-pod-identity", () => {
  const { refuses, keeps, judges } = check("karpenter-pod-identity");
  const account = "karpenter.values.serviceAccount";
  it("refuses a controller that has no identity of its own", () => {
    const rule = 'service account "karpenter" of "kube-system" must have an association, got none';
    refuses({ identity: undefined }, rule);
    refuses({ "identity.namespace": "karpenter" }, rule);
    refuses({ [account]: { name: "controller" } }, 'service account "controller"');
  });
  it("refuses a role by annotation", () => {
    const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/karpenter" };
    refuses(
      { [account]: { annotations } },
      'annotations must name no role, got "arn:aws:iam::111122223333:role/karpenter"',
    );
  });
  it("keeps an account of another name with its association", () => {
    keeps({ [account]: { name: "controller" }, "identity.serviceAccount": "controller" });
  });
  it("does not mind a stack without Karpenter", () => {
    keeps({ identity: undefined, karpenter: undefined });
    judges({ provisioner: undefined, karpenter: undefined }, 0);
  });
});

describe("karpenter-interruption-queue", () => {
  const { refuses, keeps } = check("karpenter-interruption-queue");
  it("refuses no queue, and a key that the chart does not read", () => {
    const rule = "values.settings.interruptionQueue must name a queue, got nothing";
    refuses({ "karpenter.values.settings": { clusterName: "prod" } }, rule);
    refuses({ "karpenter.values.settings": { interruptionQueueName: "interruptions" } }, rule);
    refuses({ "karpenter.values.settings.interruptionQueue": "" }, 'got ""');
  });
  it("does not apply to the chart of the definitions", () => {
    keeps({ "karpenter.chart": "oci://public.ecr.aws/karpenter/karpenter-crd", "karpenter.values": undefined });
  });
});

describe("queue-encryption", () => {
  const { refuses, keeps } = check("queue-encryption");
  const managed = "queue.sqsManagedSseEnabled";
  it("refuses a queue in plain text, and one that EventBridge cannot write to", () => {
    refuses({ [managed]: false }, "sqsManagedSseEnabled must be true, got false");
    refuses({ [managed]: undefined }, "got nothing");
    refuses(
      { [managed]: undefined, "queue.kmsMasterKeyId": "alias/aws/sqs" },
      'must not be AWS\'s, got "alias/aws/sqs"',
    );
  });
  it("keeps a key of one's own", () => {
    keeps({ [managed]: undefined, "queue.kmsMasterKeyId": "alias/interruptions" });
  });
});

describe("queue-tls", () => {
  const { refuses, keeps, judges } = check("queue-tls");
  const document = (statement: object) => JSON.stringify({ Statement: [statement] });
  const deny = {
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  it("refuses a queue that listens to plain HTTP", () => {
    refuses({ queuePolicy: undefined }, "its policy must deny plain HTTP, got no policy");
    for (const other of [{ Effect: "Allow" }, { Condition: {} }, { Action: "sqs:ReceiveMessage" }, { Principal: "me" }])
      refuses({ "queuePolicy.policy": document({ ...deny, ...other }) }, "got no such statement");
  });
  it("refuses a policy that belongs to another queue", () => {
    refuses({ "queuePolicy.queueUrl": "https://other" }, "got no policy");
  });
  it("keeps the queue's own policy", () => {
    keeps({ queuePolicy: undefined, "queue.policy": document(deny) });
    keeps({ "queuePolicy.policy": document(deny) });
    judges({ queue: undefined }, 0);
  });
});

describe("event-rule-pattern", () => {
  const { refuses, keeps, judges } = check("event-rule-pattern");
  const type = "aws:cloudwatch/eventRule:EventRule";
  const pattern = (source: string, detailType: string) =>
    JSON.stringify({ source: [source], "detail-type": [detailType] });
  const rule = (name: string, source: string, detailType: string) => ({
    spotRule: undefined,
    [name]: { type, props: { eventPattern: pattern(source, detailType) } },
  });
  it("refuses a misspelt event, and one of another source", () => {
    const typo = rule("changes", "aws.ec2", "C2 Instance State-change Notification");
    refuses(typo, 'eventPattern must match an event of its name, got ["C2 Instance State-change Notification"]');
    refuses(rule("health", "aws.ec2", "AWS Health Event"), 'from ["aws.ec2"]');
    refuses(rule("changes", "aws.ec3", "EC2 Instance State-change Notification"), 'from ["aws.ec3"]');
  });
  it("refuses the event of another rule's name", () => {
    refuses(rule("spot", "aws.ec2", "EC2 Instance Rebalance Recommendation"), "must match an event of its name");
  });
  it("refuses what is no JSON, and a pattern of all that EC2 says", () => {
    refuses({ "spotRule.eventPattern": "{" }, "eventPattern must be JSON");
    refuses({ "spotRule.eventPattern": '{"source":["aws.ec2"]}' }, "got []");
  });
  it("keeps each of Karpenter's events, what is configured, and rules of other services", () => {
    for (const [name, event] of Object.entries({
      spot: "EC2 Spot Instance Interruption Warning",
      rebalance: "EC2 Instance Rebalance Recommendation",
      state: "EC2 Instance State-change Notification",
      reservation: "EC2 Capacity Reservation Instance Interruption Warning",
    }))
      keeps(rule(name, "aws.ec2", event));
    keeps(rule("health", "aws.health", "AWS Health Event"));
    keeps(rule("snapshots", "aws.ec2", "EBS Snapshot Notification"), { detailTypes: ["EBS Snapshot Notification"] });
    keeps(rule("builds", "aws.codebuild", "CodeBuild Build State Change"));
    judges({ spotRule: { type, props: { scheduleExpression: "rate(1 day)" } } }, 0);
  });
});
