import assert from "node:assert/strict";
import { changes } from "./changes";
import type { Settings } from "./changes";
import type { Outcome } from "./stack";
import { Stack, settingsOf, shortName } from "./stack";

const controlPlane = "aws:eks/cluster:Cluster::fast-disks-cluster-eks-eksCluster";

for (const name of ["dev", "prod"])
  describe(`the program of ${name} under the real engine`, () => {
    let stack: Stack;
    let preview: Outcome;
    let up: Outcome;
    let restore: () => void;

    before(async () => {
      stack = await Stack.start();
      stack.configure(erasable(name));
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

    // With --continue-on-error the engine walks each of them after a deletion that failed: 0.7 s of CPU per million.
    it("has few enough paths between its resources", async () => {
      const { urn, paths } = await stack.mostPaths();
      assert.ok(paths < 20_000_000, `${paths} paths from ${shortName(urn)}; let fewer resources carry the edges`);
    });

    describe("destroy", () => {
      beforeEach(() => {
        restore();
        stack.configure(erasable(name));
      });

      it("leaves nothing", async () => {
        assertGone(await stack.destroy());
      });

      it("is followed by an up that restores, also after it failed late", async () => {
        stack.interruptAt = { action: "delete", urn: await urnOf(controlPlane) };
        assert.ok(!(await stack.destroy()).ok);
        const { ok, output } = await stack.up();
        assert.ok(ok, output);
        assert.deepEqual(stack.world.violations, []);
        assertGone(await stack.destroy());
      });

      it("finishes at the second try, wherever the first was interrupted", async () => {
        const resources = await stack.resources();
        assert.ok(resources.length > 50, String(resources.length));
        for (const urn of resources) {
          restore();
          stack.interruptAt = { action: "delete", urn };
          const first = await stack.destroy();
          assert.ok(stack.wasInterrupted() && !first.ok, `${shortName(urn)}\n${first.output}`);
          assertGone(await stack.destroy(), shortName(urn));
        }
      });
    });

    describe("while the cluster is protected", () => {
      let restoreProtected: () => void;
      const settings = erasable(name);
      settings.cluster.deletionProtection = true;

      before(async () => {
        restore();
        stack.configure(settings);
        const { ok, output } = await stack.up();
        assert.ok(ok, output);
        restoreProtected = stack.save();
      });
      beforeEach(() => {
        restoreProtected();
        stack.configure(settings);
      });

      it("does not begin to destroy", async () => {
        const { ok, output, actions } = await stack.destroyAfterPreview();
        assert.match(output, /protected/);
        assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
      });

      it("destroys without a preview only what an up restores: no node, no route of a node, no object of Karpenter's", async () => {
        const nodes = stack.world.instances.map(({ id }) => id);
        const { ok, output, actions } = await stack.destroy();
        assert.ok(!ok);
        assert.match(output, /protected/);
        assert.deepEqual(stack.world.violations, []);
        assert.deepEqual(
          stack.world.instances.map(({ id, subnetId }) => [id, stack.world.isolation(subnetId)]),
          nodes.map((id) => [id, undefined]),
        );
        assert.deepEqual(
          actions.filter((it) => /NodePool|EC2NodeClass|karpenter|eks|:iam|natGateway/.test(it)),
          [],
        );
        const again = await stack.up();
        assert.ok(again.ok, again.output);
      });
    });

    it("touches nothing where the control plane would be replaced, and can be destroyed", async () => {
      restore();
      stack.configure(erasable(name));
      const [cluster] = stack.world.all("aws:eks/cluster:Cluster");
      assert.ok(cluster);
      for (const values of [cluster.inputs, cluster.outputs]) values.roleArn = "arn:aws:iam::123456789012:role/other";
      const refreshed = await stack.refresh();
      assert.ok(refreshed.ok, refreshed.output);
      const { ok, output, actions } = await stack.up();
      // The engine closes the provider of what it has to delete first (https://github.com/pulumi/pulumi/issues/14650).
      assert.match(output, /client connection is closing/);
      assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
      assertGone(await stack.destroy());
      const again = await stack.up();
      assert.ok(again.ok, again.output);
      assert.deepEqual(stack.world.violations, []);
    });

    if (name === "dev")
      describe("after a change of", () => {
        for (const { what, edit, refused, ...expected } of changes)
          it(`${what}: ${refused ? "refused, and touches nothing" : "touches what it says"}`, async () => {
            restore();
            const settings = settingsOf("dev");
            edit(settings);
            stack.configure(settings);
            if (refused) {
              for (const attempt of [await stack.upAfterPreview(), await stack.up()]) {
                const { ok, output, actions } = attempt;
                assert.match(output, refused);
                assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
              }
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

    it("goes up again after it died between the push of an image and its record", async () => {
      restore();
      stack.configure(erasable(name));
      assertGone(await stack.destroy());
      stack.dieAfterPush = true;
      assert.ok(!(await stack.up()).ok);
      const { ok, output } = await stack.up();
      assert.ok(ok, output);
      assertGone(await stack.destroy());
    });

    function assertGone({ ok, output }: Outcome, what = ""): void {
      assert.ok(ok, `${what}\n${output}`);
      assert.deepEqual([what, stack.world.leftovers(), stack.world.violations], [what, [], []]);
    }

    async function urnOf(short: string): Promise<string> {
      const urn = (await stack.resources()).find((it) => shortName(it) === short);
      assert.ok(urn, short);
      return urn;
    }
  });

/** Settings of a stack file whose stack `destroy` takes away whole. */
function erasable(name: string): Settings {
  const settings = settingsOf(name);
  settings.cluster.deletionProtection = false;
  settings.bootImage.forceDelete = true;
  settings.diskController.forceDelete = true;
  return settings;
}

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
