import assert from "node:assert/strict";
import { changedResources } from "../../offline/change-table";
import { Effect, karpenterHash } from "../../offline/effects";
import { run } from "./support/process";
import { goProgram } from "./support/tools";

const karpentersHash = goProgram("drift");

describe("drift, by Karpenter's own hash", () => {
  it("is what docs/changes.md says of every change", async () => {
    const changed = (await changedResources()).filter(({ source }) => source === karpenterHash);
    assert.ok(changed.length > 20, "too few changes to judge");
    const input = changed.map(({ type, before, after }) => ({
      Kind: type.split(":").at(-1),
      Before: before,
      After: after,
    }));
    const drifts = JSON.parse(await run(karpentersHash, [], { input: JSON.stringify(input) })) as boolean[];
    const drifting = new Set(changed.filter(({ effect }) => effect === Effect.drift).map(idOf));
    const wrong = changed.filter((one, index) => drifting.has(idOf(one)) !== drifts[index]);
    assert.deepEqual([...new Set(wrong.map(idOf))], []);
  });
});

/** An object may change in several ways at once. */
function idOf({ setting, key }: { setting: string; key: string }): string {
  return `${setting}: ${key}`;
}
