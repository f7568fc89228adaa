import assert from "node:assert/strict";
import { Owner, ownersCluster, ownersNodeRole } from "./owner";
import type { Outcome } from "./stack";
import { Stack, shortName } from "./stack";

const own = {
  existingCluster: { name: ownersCluster },
  bottlerocket: { version: "1.66.0" },
  bootImage: { forceDelete: true },
  diskController: { forceDelete: true },
  pools: { fast: { instanceTypes: ["c8gd.xlarge", "m8gd.xlarge", "r8gd.xlarge"] } },
};
const chains = [
  { where: "without Karpenter", settings: { ...own, karpenter: { version: "1.14.0" } }, karpenter: false },
  { where: "with Karpenter", settings: { ...own, existingKarpenter: { nodeRole: ownersNodeRole } }, karpenter: true },
];

for (const { where, settings, karpenter } of chains)
  describe(`a chain in somebody else's cluster ${where}, under the real engine`, () => {
    let stack: Stack;
    let untouched: string;
    let preview: Outcome;
    let up: Outcome;
    let restore: () => void;

    before(async () => {
      stack = await Stack.start(({ aws, kubernetes }) => {
        const owner = new Owner(aws, kubernetes);
        if (karpenter) owner.installKarpenter();
      });
      untouched = stack.world.save();
      stack.configure(settings);
      preview = await stack.preview();
      up = await stack.up();
      restore = stack.save();
    });
    beforeEach(() => {
      restore();
      stack.configure(settings);
    });
    after(() => stack.stop());

    it("previews, to its end", () => {
      assert.ok(preview.ok, preview.output);
      assert.deepEqual(preview.actions, []);
    });

    it("goes up at once, and changes nothing of the owner's", () => {
      assert.ok(up.ok, up.output);
      assert.deepEqual([stack.world.changesSince(untouched), stack.world.violations], [[], []]);
      assert.deepEqual(
        up.actions.filter((action) => !action.startsWith("create ")),
        [],
      );
      const nodes = stack.world.instances.filter(({ from }) => from.startsWith("fast-disks-fast"));
      assert.equal(nodes.length, 1);
    });

    it("changes nothing the second time", async () => {
      const { ok, output, actions } = await stack.up("--expect-no-changes");
      assert.ok(ok, output);
      assert.deepEqual(actions, []);
    });

    it("refuses another cluster, and touches nothing", async () => {
      stack.configure({ ...settings, existingCluster: { name: "another" } });
      const { ok, output, actions } = await stack.up();
      assert.match(output, /existingCluster\.name: cannot change while the cluster exists, was "prod", got "another"/);
      assert.deepEqual({ ok, actions }, { ok: false, actions: [] });
    });

    it("is destroyed whole, and leaves the account as it was", async () => {
      assertAsBefore(await stack.destroy());
    });

    it("is destroyed at the second try, wherever the first was interrupted", async () => {
      for (const urn of await stack.resources()) {
        restore();
        stack.interruptAt = { action: "delete", urn };
        const first = await stack.destroy();
        assert.ok(stack.wasInterrupted() && !first.ok, `${shortName(urn)}\n${first.output}`);
        assertAsBefore(await stack.destroy(), shortName(urn));
      }
    });

    function assertAsBefore({ ok, output }: Outcome, what = ""): void {
      assert.ok(ok, `${what}\n${output}`);
      assert.deepEqual([what, stack.world.save()], [what, untouched]);
    }
  });
