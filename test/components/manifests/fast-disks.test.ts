import assert from "node:assert/strict";
import type { FastDisksSpec } from "../../../components/manifests/fast-disks";
import {
  storageClassesOf,
  validateFastDisksArgs,
  validateFastDisksArgsForUp,
  validateName,
} from "../../../components/manifests/fast-disks";
import { stackValues } from "../../support/record";
import { refusesEach } from "../../support/errors";

const dev = (change: Partial<FastDisksSpec>) => ({ ...stackValues("dev"), ...change });
const { pools, cluster } = stackValues("dev") as object as FastDisksSpec;
const fast = pools!.fast!;
const nodeGroups = { base: { instanceTypes: ["c8gd.xlarge"] } };

describe("validateFastDisksArgs", () => {
  refusesEach<object>(validateFastDisksArgs, [
    ["no pool", dev({ pools: {}, storageClasses: undefined }), /^pools: must have at least one pool/],
    [
      "neither pools nor node groups",
      dev({ pools: undefined, karpenter: undefined }),
      /^pools: must be a table, got nothing; set it, for example \{"fast":\{"instanceTypes":\["c8gd\.xlarge"\]\}\}, or nodeGroups$/,
    ],
    [
      "pools without a Karpenter",
      dev({ karpenter: undefined }),
      /^karpenter: must be a table, got nothing; set it, for example \{"version":"1\.14\.0"\}$/,
    ],
    [
      "a Karpenter without pools",
      dev({ pools: undefined, nodeGroups }),
      /^karpenter: starts nodes of pools only, and there is none; leave it out, or set pools$/,
    ],
    [
      "somebody's Karpenter without pools",
      {
        existingCluster: { name: "dev" },
        bottlerocket: { version: "1.66.0" },
        existingKarpenter: { nodeRole: "nodes" },
        nodeGroups,
      },
      /^existingKarpenter: starts nodes of pools only, and there is none; leave it out, or set pools$/,
    ],
    [
      "settings of a node group that the OS refuses",
      dev({ nodeGroups: { base: { ...nodeGroups.base, bottlerocket: { kernel: { lockdown: "x" } } } } }),
      /^nodeGroups\.base\.bottlerocket\.kernel\.lockdown: must be/,
    ],
    ["a pool's name with capitals", dev({ pools: { Fast: fast } }), /^pools\.Fast: name must be/],
    [
      "a class that nobody made",
      dev({ pools: { fast, other: { ...fast, storageClass: "dense" } } }),
      /^pools\.other\.storageClass: must be one of fast-disks, got "dense"/,
    ],
    [
      "a class that no pool uses",
      dev({ storageClasses: { "fast-disks": {}, idle: {} } }),
      /^storageClasses: no pool uses idle/,
    ],
    [
      "a class that YAML reads as a number",
      dev({ pools: { fast: { ...fast, storageClass: "123" } }, storageClasses: { "123": {} } }),
      /^storageClasses\.123: name must not be what YAML reads/,
    ],
    ["tags of AWS", dev({ tags: { "aws:x": "y", a: "b" } }), /^tags\.aws:x: is reserved for AWS or Karpenter/],
    [
      "versions that do not fit",
      dev({ bottlerocket: { version: "1.50.0" } }),
      /^bottlerocket\.version: must be 1\.53\.0 or newer for Kubernetes 1\.35/,
    ],
    [
      "a private cluster in a VPC that is still to be made",
      dev({ cluster: { name: "dev", kubernetesVersion: "1.35", privateOnly: true } }),
      /^cluster\.privateOnly: up cannot run inside a VPC that it has not created yet/,
    ],
  ]);
  it("takes both stacks", () => {
    for (const stack of ["dev", "prod"]) assert.deepEqual(validateFastDisksArgs(stackValues(stack)), []);
  });
  it("takes node groups beside pools, and without Karpenter", () => {
    assert.deepEqual(validateFastDisksArgs(dev({ nodeGroups })), []);
    assert.deepEqual(validateFastDisksArgs(dev({ nodeGroups, pools: undefined, karpenter: undefined })), []);
  });
  it("takes pools of both discoveries for one class", () => {
    const both = dev({ pools: { fast, other: { ...fast, discovery: "udev" } } });
    assert.deepEqual(validateFastDisksArgs(both), []);
  });
});

describe("validateFastDisksArgsForUp", () => {
  it("refuses the example's network range under the user's path, and only there", () => {
    assert.deepEqual(cluster?.publicAccessCidrs, ["203.0.113.0/24"]);
    assert.match(validateFastDisksArgsForUp(dev({})).join(), /^cluster\.publicAccessCidrs: must be the network range/);
    assert.deepEqual(validateFastDisksArgsForUp(stackValues("prod")), []);
  });
});

describe("storageClassesOf", () => {
  it("is the default class unless others are stated", () => {
    assert.deepEqual(storageClassesOf({}), { "fast-disks": {} });
    assert.deepEqual(storageClassesOf({ storageClasses: { a: {} } }), { a: {} });
  });
});

describe("validateName", () => {
  it("takes 40 letters of any case, and refuses 41, nothing, and a first digit", () => {
    assert.deepEqual(validateName("Xx".repeat(20)), []);
    for (const bad of ["x".repeat(41), "", "1a", "a_b"])
      assert.match(validateName(bad).join(), /^name: must be 1 to 40 letters, digits and hyphens/);
  });
});
