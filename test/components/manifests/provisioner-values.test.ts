import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { discoveries } from "../../../components/manifests/discovery";
import type { Discovery } from "../../../components/manifests/discovery";
import { renderProvisionerValues } from "../../../components/manifests/provisioner-values";
import type { StorageClassSpec } from "../../../components/manifests/storage-class";

interface Values {
  classes: { blockCleanerCommand: string[]; fsType?: string; hostDir: string; mountDir: string }[];
  nodeSelector: Record<string, string>;
}
const render = (spec: StorageClassSpec, discovery: Discovery = "bootstrap") =>
  renderProvisionerValues("dense", spec, discovery) as Values & Record<string, unknown>;

describe("renderProvisionerValues", () => {
  const chart = JSON.parse(readFileSync("test/data/local-static-provisioner-2.9.0.json", "utf8")) as {
    values: object;
    class: object;
    cleaners: string[];
  };
  const specs: StorageClassSpec[] = [
    {},
    { volumeMode: "Block", wipe: "zero" },
    { fileSystem: "xfs", wipe: "shred", namePattern: "nvme-*" },
    { wipe: "quick" },
  ];
  it("sets only keys that the chart reads, and cleaners that its image has", () => {
    for (const spec of specs) {
      const { classes, ...values } = render(spec);
      for (const key of Object.keys(values)) assert.ok(key in chart.values, key);
      for (const key of classes.flatMap((one) => Object.keys(one))) assert.ok(key in chart.class, key);
      for (const { blockCleanerCommand } of classes) assert.ok(chart.cleaners.includes(blockCleanerCommand[0] ?? ""));
    }
  });

  it("makes one class from the folder of the links, on the nodes of that class and discovery alone", () => {
    const folders = { bootstrap: "/mnt/fast-disks", udev: "/dev/disk/ephemeral" };
    for (const discovery of discoveries) {
      const values = render({ fileSystem: "xfs" }, discovery);
      assert.deepEqual(values.classes, [
        {
          name: "dense",
          hostDir: folders[discovery],
          mountDir: folders[discovery],
          volumeMode: "Filesystem",
          fsType: "xfs",
          namePattern: "*",
          blockCleanerCommand: ["/scripts/blkdiscard.sh"],
        },
      ]);
      assert.deepEqual(values.nodeSelector, { "eks-fast-disks/class": "dense", "eks-fast-disks/discovery": discovery });
    }
  });

  it("ties no volume to a Node object, so that a node made again does not offer its disks unwiped", () => {
    const { setPVOwnerRef, useNodeNameOnly, removeNodeNotReadyTaint } = render({});
    assert.deepEqual([setPVOwnerRef, useNodeNameOnly, removeNodeNotReadyTaint], [false, true, false]);
  });

  it("maps each word for wiping, and gives raw disks no file system", () => {
    const cleaner = (spec: StorageClassSpec) => render(spec).classes[0];
    assert.deepEqual(
      (["discard", "quick", "zero", "shred"] as const).map((wipe) => cleaner({ wipe })?.blockCleanerCommand.join(" ")),
      ["/scripts/blkdiscard.sh", "/scripts/quick_reset.sh", "/scripts/dd_zero.sh 1", "/scripts/shred.sh 2"],
    );
    assert.equal(cleaner({ volumeMode: "Block" })?.fsType, undefined);
  });
});
