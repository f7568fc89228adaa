import type { PolicyStatement } from "@pulumi/aws/iam";
import assert from "node:assert/strict";
import { interruptionPatternsOf, renderQueuePolicy } from "../../../components/manifests/interruption";

describe("interruptionPatternsOf", () => {
  const details = (onMaintenance: "replace" | "hold") =>
    Object.values(interruptionPatternsOf(onMaintenance)).flatMap((pattern) => pattern["detail-type"]);
  it("has the five patterns, each of its own detail type; held maintenance has no Health events", () => {
    const held = [
      "EC2 Capacity Reservation Instance Interruption Warning",
      "EC2 Instance Rebalance Recommendation",
      "EC2 Instance State-change Notification",
      "EC2 Spot Instance Interruption Warning",
    ];
    assert.deepEqual(details("replace").sort(), ["AWS Health Event", ...held]);
    assert.deepEqual(details("hold").sort(), held);
  });
});

describe("renderQueuePolicy", () => {
  it("lets only AWS's event services send, and nobody by plain HTTP", () => {
    const { Statement } = renderQueuePolicy("arn") as { Statement: PolicyStatement[] };
    assert.deepEqual(
      Statement.map(({ Effect, Principal, Action }) => [Effect, Principal, Action]),
      [
        ["Allow", { Service: ["events.amazonaws.com", "sqs.amazonaws.com"] }, "sqs:SendMessage"],
        ["Deny", "*", "sqs:*"],
      ],
    );
    assert.deepEqual(Statement[1]?.Condition, { Bool: { "aws:SecureTransport": "false" } });
  });
});
