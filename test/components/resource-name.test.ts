import assert from "node:assert/strict";
import { resourceName } from "../../components/resource-name";

type Kind = Parameters<typeof resourceName>[0];
const limits: Record<Kind, number> = {
  role: 64,
  rule: 64,
  queue: 80,
  nodeGroup: 63,
  repository: 256,
  release: 53,
  object: 63,
};
const lowered: Kind[] = ["release", "object", "repository"];

describe("resourceName", () => {
  for (const [kind, limit] of Object.entries(limits) as [Kind, number][])
    it(`leaves Pulumi's nine characters room in the ${limit} of a ${kind}, and keeps long names apart`, () => {
      const made = Array.from({ length: 300 }, (_, length) => resourceName(kind, "a".repeat(length + 1)));
      assert.ok(made.every((name) => name.length + 9 <= limit));
      assert.equal(new Set(made).size, made.length);
      assert.equal(made[limit - 10], "a".repeat(limit - 9));
      assert.match(made[limit - 9] ?? "", /^a+-[0-9a-f]{6}$/);
    });

  it("lowers capitals only where they are refused, and keeps apart what differs in them", () => {
    for (const kind of Object.keys(limits) as Kind[]) {
      const name = resourceName(kind, "Fast-X");
      if (lowered.includes(kind)) assert.match(name, /^fast-x-[0-9a-f]{6}$/);
      else assert.equal(name, "Fast-X");
      assert.notEqual(resourceName(kind, "fast-X"), name);
    }
  });

  it("ends no shortened name in two hyphens", () => {
    assert.doesNotMatch(resourceName("release", `${"a".repeat(36)}-${"b".repeat(20)}`), /--/);
  });
});
