import assert from "node:assert/strict";
import { sizesOf, validateSystemNodes, validateSystemNodesArgs } from "../../../components/manifests/system-nodes";
import type { SystemNodesSettingsSpec } from "../../../components/manifests/system-nodes";
import { refusesEach } from "../../support/errors";

describe("validateSystemNodes", () => {
  refusesEach<SystemNodesSettingsSpec>(
    (spec) => validateSystemNodes(spec, "systemNodes"),
    [
      [
        "one node",
        { minSize: 1 },
        /^systemNodes\.minSize: must be at least 2, the controllers' replicas need two nodes, got 1/,
      ],
      [
        "a maximum below the minimum",
        { minSize: 3, maxSize: 2 },
        /maxSize: must be a whole number not below minSize 3/,
      ],
      [
        "an x86 type",
        { instanceTypes: ["m7i.large"] },
        /instanceTypes\.0: must be an arm64 type such as m7g\.large, got "m7i\.large"/,
      ],
      ["a GPU type whose family starts with g", { instanceTypes: ["g6.xlarge"] }, /instanceTypes\.0: must be an arm64/],
      ["no type", { instanceTypes: [] }, /instanceTypes: must list at least one/],
      [
        "a small root volume",
        { rootVolumeGiB: 1 },
        /rootVolumeGiB: must be a whole number of GiB from 4 to 16384, got 1/,
      ],
    ],
  );
  it("takes arm64 families", () => {
    const instanceTypes = ["m7g.large", "c8gd.4xlarge", "im4gn.xlarge", "t4g.medium", "a1.metal", "c8gn.metal-24xl"];
    assert.deepEqual(validateSystemNodes({ instanceTypes }, ""), []);
  });
});

describe("validateSystemNodesArgs", () => {
  it("asks for what a node group cannot be without", () => {
    assert.deepEqual(
      validateSystemNodesArgs({}).map((error) => error.replace(/:.*/, "")),
      ["clusterName", "subnetIds", "bottlerocketVersion", "kubernetesVersion"],
    );
  });
});

describe("sizesOf", () => {
  it("has room for one more node than the fewest, for rolling updates", () => {
    assert.deepEqual(sizesOf({}), { minSize: 2, maxSize: 3 });
    assert.deepEqual(sizesOf({ minSize: 4 }), { minSize: 4, maxSize: 5 });
  });
});
