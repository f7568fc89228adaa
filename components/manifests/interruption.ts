import type { PolicyDocument } from "@pulumi/aws/iam";

/** What Karpenter does for AWS maintenance: Health events and scheduled events, including a reboot. */
export const OnMaintenance = {
  /** Karpenter drains and terminates the node. */
  replace: "replace",
  /** Karpenter does not receive these events. */
  hold: "hold",
} as const;
export type OnMaintenance = (typeof OnMaintenance)[keyof typeof OnMaintenance];

interface EventPattern {
  source: string[];
  "detail-type": string[];
}

/**
 * EventBridge patterns of the events for which Karpenter drains a node in time, by role
 * (https://karpenter.sh/docs/concepts/disruption/#interruption).
 */
export function interruptionPatternsOf(onMaintenance: OnMaintenance): Record<string, EventPattern> {
  const patterns: Record<string, EventPattern> = {
    spot: { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
    rebalance: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
    state: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
    reservation: { source: ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"] },
  };
  if (onMaintenance === OnMaintenance.hold) return patterns;
  return { health: { source: ["aws.health"], "detail-type": ["AWS Health Event"] }, ...patterns };
}

/** Lets AWS's event services send, and refuses plain HTTP. */
export function renderQueuePolicy(queueArn: string): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowEvents",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "sqs.amazonaws.com"] },
        Action: "sqs:SendMessage",
        Resource: queueArn,
      },
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
