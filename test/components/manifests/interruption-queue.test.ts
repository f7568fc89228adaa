import assert from "node:assert/strict";
import { validateInterruptionQueueArgs } from "../../../components/manifests/interruption-queue";

describe("validateInterruptionQueueArgs", () => {
  it("takes nothing at all, and refuses unknown words and tags of AWS at once", () => {
    assert.deepEqual(validateInterruptionQueueArgs({}), []);
    assert.equal(validateInterruptionQueueArgs({ onMaintenance: "ignore", tags: { "aws:a": "b" } }).length, 2);
  });
});
