import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { interruptionPatterns, renderQueuePolicy } from "./manifests/interruption";

export interface InterruptionQueueArgs {
  /** @default - none */
  tags?: Record<string, string>;
}

/**
 * The queue from which Karpenter learns that a node will go, and the event rules that fill it.
 *
 *     const { queueName, queueArn } = new InterruptionQueue("interruption", {});
 */
export class InterruptionQueue extends pulumi.ComponentResource {
  readonly queueName: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;

  constructor(name: string, args: InterruptionQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:InterruptionQueue", name, args, opts);
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      // SSE-SQS: EventBridge cannot send to a queue under alias/aws/sqs. A warning is worthless after five minutes.
      { messageRetentionSeconds: 300, sqsManagedSseEnabled: true, tags: args.tags },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      `${name}-policy`,
      { queueUrl: queue.url, policy: queue.arn.apply((arn) => JSON.stringify(renderQueuePolicy(arn))) },
      { parent: this },
    );
    for (const [role, pattern] of Object.entries(interruptionPatterns)) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${role}`,
        { eventPattern: JSON.stringify(pattern), tags: args.tags },
        { parent: this },
      );
      new aws.cloudwatch.EventTarget(`${name}-${role}-target`, { rule: rule.name, arn: queue.arn }, { parent: this });
    }
    this.queueName = queue.name;
    this.queueArn = queue.arn;
    this.registerOutputs({ queueName: this.queueName, queueArn: this.queueArn });
  }
}
