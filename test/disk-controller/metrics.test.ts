import assert from "node:assert/strict";
import { Metrics } from "../../disk-controller/metrics";

describe("Metrics", () => {
  it("renders Prometheus's text format", () => {
    const metrics = new Metrics();
    metrics.set("nodes", 2, 'state="free"');
    metrics.set("nodes", 1, 'state="taken"');
    metrics.add("patches_total", 'kind="taint"');
    metrics.add("patches_total", 'kind="taint"');
    metrics.replace("claim_on_lost_node", new Map([['claim="default/a"', 1]]));
    metrics.replace("claim_on_lost_node", new Map([['claim="default/b"', 1]]));
    const lines = metrics.render().split("\n");
    for (const line of [
      "# TYPE fast_disks_controller_nodes gauge",
      'fast_disks_controller_nodes{state="free"} 2',
      'fast_disks_controller_nodes{state="taken"} 1',
      'fast_disks_controller_patches_total{kind="taint"} 2',
      "fast_disks_controller_leader 0",
      'fast_disks_controller_claim_on_lost_node{claim="default/b"} 1',
    ])
      assert.ok(lines.includes(line), line);
    assert.ok(!metrics.render().includes("default/a"), "what is replaced is gone");
    assert.ok(
      lines.every((line) => /^(#.*|[a-z_]+(\{[a-z]+="[^"]*"\})? [\d.e+-]+|)$/.test(line)),
      metrics.render(),
    );
  });
});
