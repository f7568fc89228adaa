import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { install } from "../support/package";
import type { Installed } from "../support/package";
import { Stack } from "./stack";

interface Example {
  resources: { chain: { properties: { cluster: { publicAccessCidrs: string[] } } } };
}

const example = parse(readFileSync("examples/yaml/Pulumi.yaml", "utf8")) as Example;
// `up` refuses the range of documents.
example.resources.chain.properties.cluster.publicAccessCidrs = ["8.8.8.0/24"];

describe("the packed package in a YAML program, under the real engine", () => {
  let installed: Installed;
  let stack: Stack;
  before(async () => {
    installed = await install();
    stack = await Stack.start(undefined, (project) => {
      // As `pulumi package add` with a folder writes it.
      const packages = { "eks-fast-disks": installed.target };
      writeFileSync(join(project, "Pulumi.yaml"), stringify({ ...example, stackConfigDir: "stacks", packages }));
    });
  });
  after(() => {
    stack.stop();
    installed.remove();
  });

  it("previews, goes up, changes nothing the second time, and is destroyed whole", async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.output);
    const up = await stack.up();
    assert.ok(up.ok, up.output);
    assert.match(up.output, /placements/);
    assert.ok(
      up.actions.some((action) => action.endsWith("NodePool::chain-fast-pool")),
      up.actions.join("\n"),
    );
    const again = await stack.up("--expect-no-changes");
    assert.ok(again.ok, again.output);
    assert.deepEqual(again.actions, []);
    const destroy = await stack.destroy();
    assert.ok(destroy.ok, destroy.output);
    assert.deepEqual(stack.world.violations, []);
  });
});
