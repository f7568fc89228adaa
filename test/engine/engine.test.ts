import assert from "node:assert/strict";
import { changes } from "./changes";
import type { Outcome } from "./stack";
import { Stack, settingsOf, shortName } from "./stack";

describe("the program under the real engine", () => {
  let stack: Stack;
  let preview: Outcome;
  let up: Outcome;
  let restore: () => void;

  before(async () => {
    stack = await Stack.start();
    stack.configure(settingsOf("dev"));
    preview = await stack.preview();
    up = await stack.up();
    restore = stack.save();
  });
  after(() => stack.stop());

  it("previews a stack that has nothing yet, to its end", () => {
    assert.ok(preview.ok, preview.output);
    assert.deepEqual(preview.actions, []);
  });

  it("goes up at once", () => {
    assert.ok(up.ok, up.output);
    assert.deepEqual(stack.world.violations, []);
  });

  it("changes nothing the second time", async () => {
    const { ok, output, actions } = await stack.up("--expect-no-changes");
    assert.ok(ok, output);
    assert.deepEqual(actions, []);
  });

  describe("after a change of", () => {
    for (const { what, edit, refused, ...expected } of changes)
      it(`${what}: ${refused ? "refused, and touches nothing" : "touches what it says"}`, async () => {
        restore();
        const settings = settingsOf("dev");
        edit(settings);
        stack.configure(settings);
        if (refused) {
          const { ok, output, actions } = await stack.upAfterPreview();
          assert.match(output, refused);
          assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
          return;
        }
        const { ok, output, actions } = await stack.up();
        assert.ok(ok, output);
        assert.deepEqual(stack.world.violations, []);
        assert.deepEqual(summaryOf(actions), {
          created: [],
          updated: [],
          replaced: [],
          deleted: [],
          ...sorted(expected),
        });
        const again = await stack.preview("--expect-no-changes");
        assert.ok(again.ok, again.output);
      });
  });

  describe("destroy", () => {
    // Otherwise the engine would compute for hours wherever a deletion fails.
    before("has few enough paths between its resources", async () => {
      restore();
      const { urn, paths } = await stack.mostPaths();
      assert.ok(paths < 1_000_000, `${paths} paths from ${shortName(urn)}; let fewer resources carry the edges`);
    });

    beforeEach(() => {
      restore();
      stack.configure(settingsOf("dev"));
    });

    it("leaves nothing", async () => {
      assertGone(await stack.destroy());
    });

    it("stops before the first deletion where the cluster is protected", async () => {
      const settings = settingsOf("dev");
      settings.cluster.deletionProtection = true;
      stack.configure(settings);
      const protectedNow = await stack.up();
      assert.ok(protectedNow.ok, protectedNow.output);
      const { ok, output, actions } = await stack.destroy();
      assert.match(output, /protected/);
      assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
    });

    it("finishes at the second try, wherever the first was interrupted", async () => {
      const resources = await stack.resources();
      assert.ok(resources.length > 50, String(resources.length));
      for (const urn of resources) {
        restore();
        stack.interruptAt = { action: "delete", urn };
        const first = await stack.destroy();
        // What goes with its parent is never deleted by itself.
        if (!stack.wasInterrupted()) assert.ok(first.ok, `${shortName(urn)}\n${first.output}`);
        stack.interruptAt = undefined;
        assertGone(await stack.destroy(), shortName(urn));
      }
    });

    it("is followed by an up that restores, also after it failed late", async () => {
      const cluster = (await stack.resources()).find((urn) => urn.includes("aws:eks/cluster:Cluster"));
      assert.ok(cluster);
      stack.interruptAt = { action: "delete", urn: cluster };
      assert.ok(!(await stack.destroy()).ok);
      const { ok, output } = await stack.up();
      assert.ok(ok, output);
      assert.deepEqual(stack.world.violations, []);
      assertGone(await stack.destroy());
    });
  });

  it("goes up again after it died between the push of an image and its record", async () => {
    restore();
    stack.configure(settingsOf("dev"));
    assertGone(await stack.destroy());
    stack.dieAfterPush = true;
    assert.ok(!(await stack.up()).ok);
    const { ok, output } = await stack.up();
    assert.ok(ok, output);
    assertGone(await stack.destroy());
  });

  it("does the same in a VPC that is there already", async () => {
    restore();
    assertGone(await stack.destroy());
    const settings = settingsOf("prod");
    settings.cluster.deletionProtection = false;
    settings.bootImage.forceDelete = true;
    stack.configure(settings);
    const made = await stack.up();
    assert.ok(made.ok, made.output);
    const { ok, output } = await stack.up("--expect-no-changes");
    assert.ok(ok, output);
    assertGone(await stack.destroy());
  });

  function assertGone({ ok, output }: Outcome, what = ""): void {
    assert.ok(ok, `${what}\n${output}`);
    assert.deepEqual([what, stack.world.leftovers(), stack.world.violations], [what, [], []]);
  }
});

interface Summary {
  created?: string[];
  updated?: string[];
  replaced?: string[];
  deleted?: string[];
}

/** What happened to each resource; created and deleted in one go is replaced. */
function summaryOf(actions: string[]): Summary {
  const of = (action: string) =>
    actions
      .filter((line) => line.startsWith(`${action} `))
      // The boot image is named by its content.
      .map((line) => line.slice(action.length + 1).replace(/-[0-9a-f]{16}$/, ""));
  const [created, deleted] = [of("create"), of("delete")];
  return sorted({
    created: created.filter((name) => !deleted.includes(name)),
    updated: of("update"),
    replaced: created.filter((name) => deleted.includes(name)),
    deleted: deleted.filter((name) => !created.includes(name)),
  });
}

function sorted(summary: Summary): Summary {
  return Object.fromEntries(Object.entries(summary).map(([key, names]: [string, string[]]) => [key, names.toSorted()]));
}
