import assert from "node:assert/strict";
import { validateNodes } from "../../../components/manifests/nodes-together";
import { refusesEach } from "../../support/errors";

type Spec = Parameters<typeof validateNodes>[0];
const one = { instanceTypes: ["c8gd.xlarge"] };
const of = (spec: Spec, classes = ["fast-disks"]) => validateNodes(spec, () => classes, "");

describe("validateNodes", () => {
  refusesEach<Spec>(of, [
    ["a table without a pool", { pools: {} }, /^pools: must have at least one pool, got none/],
    ["a table without a group", { nodeGroups: {} }, /^nodeGroups: must have at least one node group, got none/],
    ["a group's name with capitals", { nodeGroups: { Base: one } }, /^nodeGroups\.Base: name must be 1 to 20/],
    [
      "a group that is called as a pool",
      { pools: { fast: one }, nodeGroups: { fast: one } },
      /^nodeGroups\.fast: is the name of a pool too; use another/,
    ],
    [
      "a class that nobody made",
      { nodeGroups: { base: { ...one, storageClass: "fast-disk" } } },
      /^nodeGroups\.base\.storageClass: must be one of fast-disks, got "fast-disk"; did you mean "fast-disks"/,
    ],
  ]);

  it("refuses a class that neither a pool nor a group uses, and takes one that one of both does", () => {
    const classes = ["fast-disks", "dense"];
    const both = { pools: { fast: one }, nodeGroups: { base: { ...one, storageClass: "dense" } } };
    assert.deepEqual(of(both, classes), []);
    assert.match(
      of({ nodeGroups: { base: one } }, classes).join(),
      /^storageClasses: no pool or node group uses dense/,
    );
    assert.match(of({ pools: { fast: one } }, classes).join(), /^storageClasses: no pool uses dense/);
  });
});
