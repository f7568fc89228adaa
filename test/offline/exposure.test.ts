import assert from "node:assert/strict";
import { openedRanges } from "../../offline/exposure";
import type { Resource } from "../../offline/graph";

function cluster(endpointPublicAccess: boolean, publicAccessCidrs?: string[]): Resource[] {
  const inputs = { endpointPublicAccess, publicAccessCidrs };
  return [{ type: "eks:index:Cluster", inputs } as object as Resource];
}

describe("openedRanges", () => {
  const narrow = cluster(true, ["8.8.8.0/24"]);
  for (const [what, before, after, opened] of [
    ["nothing for the same ranges", narrow, cluster(true, ["8.8.8.0/24"]), []],
    ["nothing for a part of one", narrow, cluster(true, ["8.8.8.8/32"]), []],
    ["what is wider", narrow, cluster(true, ["8.8.0.0/16"]), ["8.8.0.0/16"]],
    ["what is new", narrow, cluster(true, ["8.8.8.0/24", "9.9.9.9/32"]), ["9.9.9.9/32"]],
    ["everything where no range is stated", narrow, cluster(true), ["0.0.0.0/0"]],
    ["what was private", cluster(false, ["8.8.8.0/24"]), narrow, ["8.8.8.0/24"]],
    ["nothing of what becomes private", narrow, cluster(false), []],
    ["all of a new stack", [], narrow, ["8.8.8.0/24"]],
  ] as [string, Resource[], Resource[], string[]][])
    it(`names ${what}`, () => {
      assert.deepEqual(openedRanges(before, after), opened);
    });
});
