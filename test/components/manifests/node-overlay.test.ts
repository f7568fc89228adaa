import assert from "node:assert/strict";
import { renderNodeOverlay } from "../../../components/manifests/node-overlay";
import { names } from "../../../components/names";
import { resource } from "../../../disk-controller/records";

describe("renderNodeOverlay", () => {
  it("gives the pool's types their number of disks, and no type of another pool", () => {
    assert.deepEqual(renderNodeOverlay({ instanceTypes: ["i8g.xlarge", "i8g.8xlarge"], disks: 2 }, "dense-1"), {
      apiVersion: "karpenter.sh/v1alpha1",
      kind: "NodeOverlay",
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        requirements: [
          { key: "karpenter.sh/nodepool", operator: "In", values: ["dense-1"] },
          { key: "node.kubernetes.io/instance-type", operator: "In", values: ["i8g.8xlarge"] },
        ],
        capacity: { "eks-fast-disks/disk": "2" },
      },
    });
  });

  it("counts as the catalogue does where the pool states no number", () => {
    const { spec } = renderNodeOverlay({ instanceTypes: ["c8gd.xlarge", "m8gd.xlarge"] }, "fast-1");
    assert.deepEqual(spec.capacity, { "eks-fast-disks/disk": "1" });
    assert.deepEqual(spec.requirements[1]?.values, ["c8gd.xlarge", "m8gd.xlarge"]);
  });

  it("promises the resource that the disk controller writes", () => {
    assert.equal(names.diskResource, resource);
  });
});
