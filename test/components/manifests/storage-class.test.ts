import assert from "node:assert/strict";
import {
  immutableFields,
  renderStorageClass,
  validateClassName,
  validateStorageClass,
} from "../../../components/manifests/storage-class";
import type { StorageClassSpec } from "../../../components/manifests/storage-class";
import { refusesEach } from "../../support/errors";

describe("validateClassName", () => {
  it("refuses what YAML reads as something else", () => {
    for (const name of ["123", "1e3", "0x1f", "true", "false", "null", "yes", "no", "on", "off", "y", "n"])
      assert.match(
        validateClassName(name).join(),
        /^name must not be what YAML reads as a number, boolean or null, got "/,
        name,
      );
  });
  it("refuses the names of the provisioner's own volumes", () => {
    for (const name of ["provisioner-dev", "provisioner-config"])
      assert.match(validateClassName(name).join(), /^name is one of the provisioner's own volumes/);
  });
  it("refuses what Kubernetes or a release's name could not hold", () => {
    for (const name of ["", "Fast", "x".repeat(21), "-a", "a-", "a.b", "a_b"])
      assert.match(
        validateClassName(name).join(),
        /^name must be 1 to 20 lower-case letters, digits and hyphens/,
        name,
      );
  });
  it("takes names that only look like those", () => {
    for (const name of ["fast-disks", "x".repeat(20), "1a", "nvme0", "true1", "e3"])
      assert.deepEqual(validateClassName(name), [], name);
  });
});

describe("validateStorageClass", () => {
  const pattern = (namePattern: string) => ({ namePattern });
  refusesEach<StorageClassSpec>(
    (spec) => validateStorageClass(spec, "storageClasses.a"),
    [
      [
        "a file system on raw disks",
        { volumeMode: "Block", fileSystem: "xfs" },
        /^storageClasses\.a\.fileSystem: has no effect with volumeMode Block/,
      ],
      ["mount options on raw disks", { volumeMode: "Block", mountOptions: ["noatime"] }, /mountOptions: has no effect/],
      ["joined mount options", { mountOptions: ["noatime,nodiratime"] }, /mountOptions\.0: must be a single option/],
      ["a pattern with a folder", pattern("../nvme*"), /namePattern: must be globs without spaces and slashes/],
      ["a bracket that is not closed", pattern("nvme[0-9"), /namePattern: must be globs that Go's path\.Match reads/],
      ["an empty class of characters", pattern("nvme[]"), /namePattern: must be globs that Go/],
      ["a range without end", pattern("a,[b-]"), /namePattern: must be globs that Go/],
      ["a backslash at the end", pattern("a\\"), /namePattern: must be globs that Go/],
    ],
  );
  it("takes globs that Go reads", () => {
    for (const good of ["*", "nvme-*,nvme?", "[a-z]*", "[^ab]x", "\\[a\\]", "a]"])
      assert.deepEqual(validateStorageClass(pattern(good), ""), [], good);
  });
});

describe("renderStorageClass", () => {
  it("waits for its consumer, and is bound to its pools' label", () => {
    assert.deepEqual(renderStorageClass("dense", { reclaimPolicy: "Retain", mountOptions: ["noatime"] }), {
      metadata: { name: "dense" },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      allowedTopologies: [{ matchLabelExpressions: [{ key: "eks-fast-disks/class", values: ["dense"] }] }],
      mountOptions: ["noatime"],
    });
    assert.equal(renderStorageClass("a", {}).reclaimPolicy, "Delete");
  });
  it("counts as immutable what the API server never changes", () => {
    assert.deepEqual(immutableFields, ["reclaimPolicy", "volumeBindingMode", "provisioner", "parameters"]);
  });
});
