import assert from "node:assert/strict";
import { InterruptionQueue } from "../../components";
import type { InterruptionQueueArgs } from "../../components";
import { all, childTypes, only, outputOf, record, refuses } from "../support/record";

const program =
  (own: InterruptionQueueArgs = {}) =>
  () =>
    new InterruptionQueue("i", own);

describe("InterruptionQueue", () => {
  it("encrypts with SQS's own key, forgets after five minutes, and is fed by five rules", async () => {
    const graph = await record(program());
    assert.deepEqual(childTypes(graph), [
      ...Array<string>(5).fill("aws:cloudwatch/eventRule:EventRule"),
      ...Array<string>(5).fill("aws:cloudwatch/eventTarget:EventTarget"),
      "aws:sqs/queue:Queue",
      "aws:sqs/queuePolicy:QueuePolicy",
    ]);
    const { inputs, outputs } = only(graph, "aws:sqs/queue:Queue");
    assert.deepEqual(inputs, { messageRetentionSeconds: 300, sqsManagedSseEnabled: true });
    for (const { inputs: target } of all(graph, "aws:cloudwatch/eventTarget:EventTarget"))
      assert.equal(target.arn, outputs.arn);
  });

  it("hears of no maintenance where it is to be held", async () => {
    const rules = async (own: InterruptionQueueArgs) =>
      all(await record(program(own)), "aws:cloudwatch/eventRule:EventRule").map(({ name }) => name);
    assert.deepEqual(await rules({ onMaintenance: "replace" }), [
      "i-health",
      "i-rebalance",
      "i-reservation",
      "i-spot",
      "i-state",
    ]);
    assert.deepEqual(await rules({ onMaintenance: "hold" }), ["i-rebalance", "i-reservation", "i-spot", "i-state"]);
  });

  it("gives name and ARN of the queue", async () => {
    const name = await outputOf(() => program()().queueName);
    assert.match(name, /^i-queue-/);
    assert.equal(await outputOf(() => program()().queueArn), `arn:aws:sqs:us-east-1:123456789012:${name}`);
  });

  it("refuses an unknown word", async () => {
    const own = JSON.parse('{ "onMaintenance": "ignore" }') as InterruptionQueueArgs;
    await refuses(program(own), /^i:\n {2}onMaintenance: must be one of replace, hold, got "ignore"/);
  });
});
