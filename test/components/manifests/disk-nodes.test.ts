import assert from "node:assert/strict";
import {
  bootImageRules,
  bootLayers,
  classOf,
  discoveryOf,
  labelRules,
  renderClassLabels,
} from "../../../components/manifests/disk-nodes";
import type { DiskNodesSpec } from "../../../components/manifests/disk-nodes";
import { check } from "../../../components/manifests/validation";
import { refusesEach } from "../../support/errors";

const image = `registry.example/boot@sha256:${"0".repeat(64)}`;

describe("labelRules", () => {
  refusesEach<DiskNodesSpec>(
    (spec) => check("pools.fast", labelRules(spec)),
    [
      [
        "the label of the class",
        { labels: { "eks-fast-disks/class": "a" } },
        /^pools\.fast\.labels\.eks-fast-disks\/class: is set by storageClass/,
      ],
      ["the label of the discovery", { labels: { "eks-fast-disks/discovery": "a" } }, /is set by discovery/],
      ["a label of Karpenter", { labels: { "karpenter.sh/x": "y" } }, /is in a domain of Karpenter or Kubernetes/],
      ["a value with a space", { labels: { a: "b c" } }, /must be a Kubernetes label, got "a: b c"/],
      [
        "too many",
        { labels: Object.fromEntries(Array.from({ length: 91 }, (_, index) => [`l${index}`, "x"])) },
        /labels: must be at most 90, got 91/,
      ],
    ],
  );
});

describe("bootImageRules", () => {
  refusesEach<{ bootImage?: string; discovery?: DiskNodesSpec["discovery"] }>(
    (spec) => check("", bootImageRules(spec)),
    [
      ["no image for the bootstrap container", {}, /^bootImage: must be the image of the bootstrap container/],
      ["an image by tag", { bootImage: "registry.example/boot:1" }, /^bootImage: must be/],
    ],
  );
  it("wants no image where udev makes the links", () => {
    assert.deepEqual(check("", bootImageRules({ discovery: "udev" })), []);
  });
});

describe("classOf and discoveryOf", () => {
  it("have the chain's defaults", () => {
    assert.deepEqual([classOf({}), discoveryOf({})], ["fast-disks", "bootstrap"]);
    assert.deepEqual([classOf({ storageClass: "a" }), discoveryOf({ discovery: "udev" })], ["a", "udev"]);
  });
});

describe("renderClassLabels", () => {
  it("are the labels by which provisioners choose their nodes", () => {
    assert.deepEqual(renderClassLabels({ storageClass: "a", discovery: "udev" }), {
      "eks-fast-disks/class": "a",
      "eks-fast-disks/discovery": "udev",
    });
  });
});

describe("bootLayers", () => {
  it("tells the container how many disks there are, and is nothing for udev", () => {
    const [layer] = bootLayers({ bootImage: image, disks: { min: 1, max: 2 } });
    const { source, userData } = layer?.bootstrapContainers?.["fast-disks"] ?? {};
    assert.equal(source, image);
    assert.equal(Buffer.from(String(userData), "base64").toString(), "minimumDisks=1\nonMissing=fail\n");
    assert.deepEqual(bootLayers({ discovery: "udev", disks: { min: 1, max: 1 } }), []);
  });
});
