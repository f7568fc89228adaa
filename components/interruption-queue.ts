import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { OnMaintenance, interruptionPatternsOf, renderQueuePolicy } from "./manifests/interruption";
import { validateInterruptionQueueArgs } from "./manifests/interruption-queue";
import type { InterruptionQueueArgs } from "./manifests/interruption-queue";
import { resourceName } from "./resource-name";

/**
 * The queue from which Karpenter learns that a node will end, and the event rules that write to it.
 *
 *     const { queueName, queueArn } = new InterruptionQueue("interruption", {});
 */
export class InterruptionQueue extends pulumi.ComponentResource {
  /** Name of the queue, known once events arrive in it. */
  readonly queueName: pulumi.Output<string>;
  /** ARN of the queue. */
  readonly queueArn: pulumi.Output<string>;

  constructor(name: string, args: InterruptionQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:InterruptionQueue", name, args, opts);
    const checked = checkArgs(this, args, validateInterruptionQueueArgs);
    const options = childOptions(this, opts);
    const { tags } = checked;
    const queue = new aws.sqs.Queue(
      resourceName("queue", `${name}-queue`),
      // SSE-SQS: EventBridge cannot send to a queue under alias/aws/sqs. A warning is useless after five minutes.
      { messageRetentionSeconds: 300, sqsManagedSseEnabled: true, tags },
      options,
    );
    const policy = new aws.sqs.QueuePolicy(
      `${name}-policy`,
      { queueUrl: queue.url, policy: queue.arn.apply((arn) => JSON.stringify(renderQueuePolicy(arn))) },
      options,
    );
    const patterns = interruptionPatternsOf(checked.onMaintenance ?? OnMaintenance.replace);
    const targets = Object.entries(patterns).map(([role, pattern]) => {
      const rule = new aws.cloudwatch.EventRule(
        resourceName("rule", `${name}-${role}`),
        { eventPattern: JSON.stringify(pattern), tags },
        options,
      );
      return new aws.cloudwatch.EventTarget(`${name}-${role}-target`, { rule: rule.name, arn: queue.arn }, options);
    });
    this.queueName = pulumi
      .all([queue.name, pulumi.all([policy, ...targets].map(({ id }) => id))])
      .apply(([queueName]) => queueName);
    this.queueArn = queue.arn;
    this.registerOutputs({ queueName: this.queueName, queueArn: this.queueArn });
  }
}
