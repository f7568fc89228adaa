import * as assert from "node:assert";
import * as path from "node:path";
import { find } from "./case";
import { unpackPackage } from "./debian";
import { bootMachine } from "./machine";

/** What docs/volumes-per-disk.md builds on. */
describe("partitions, RAID and namespaces on a real kernel", () => {
  let blocks: Map<string, string[]>;
  const block = (name: string): string[] => {
    const found = blocks.get(name);
    assert.ok(found, `the guest printed no block "${name}"`);
    return found;
  };
  const names = (run: string) => block(`${run} links`).map((line) => line.split(" ")[0]!);
  const reasons = (run: string) =>
    block(`${run} out`)
      .filter((line) => line.startsWith("left alone: nvme") && !line.includes("QEMU"))
      .map((line) => line.replace(/^left alone: \S+ /, "").replace(/nvme\d+n1(p\d)/, "$1"));

  before(async () => {
    const mdadm = path.join(unpackPackage("mdadm", "amd64", ["./sbin/mdadm"]), "sbin/mdadm");
    blocks = await bootMachine({
      guest: "partitions.sh",
      tools: [
        mdadm,
        find("sfdisk", "fdisk"),
        find("mke2fs", "e2fsprogs"),
        find("shred", "coreutils"),
        find("blkdiscard", "util-linux"),
        find("wipefs", "util-linux"),
      ],
      parameters: "fast-disks.multipath=N",
      devices: ["nvme,drive=d1,serial=DISCARDS"],
      diskBytes: 16 << 20,
    });
    assert.deepStrictEqual(
      [...blocks.keys()].filter((key) => key.startsWith("error")),
      [],
    );
  });

  it("show no partition until the last piece of a table is written", () => {
    assert.deepStrictEqual(block("written piece by piece"), [
      "second table 0",
      "its header 0",
      "first table 0",
      "its header 0",
      "protective MBR 2",
    ]);
  });

  it("show no partition of a disk with a broken first header, and the script takes the disk for a free one", () => {
    assert.deepStrictEqual(block("a broken first header"), ["0", "gpt", "PMBR"]);
    assert.ok(names("assembled").includes("nvme-AWSCUT-ns1"));
  });

  it("show no signature on a disk with raw data, and the script takes it for a free one", () => {
    assert.deepStrictEqual(block("signatures of data"), []);
    assert.ok(names("assembled").includes("nvme-AWSRAW-ns1"));
  });

  it("leave out the members of an array, and take them for free disks while nobody has assembled it", () => {
    assert.deepStrictEqual(
      reasons("assembled").map((reason) => reason.replace(/md\d+/, "the array")),
      ["the array is on it", "the array is on it"],
    );
    assert.deepStrictEqual(
      names("stopped").filter((name) => name.includes("RAID")),
      ["nvme-AWSRAIDA-ns1", "nvme-AWSRAIDB-ns1"],
    );
  });

  it("make one device of two disks", () => {
    const [array, disk] = block("array")[0]!.split(" ").map(Number);
    assert.ok(array! > disk! && array! < 2 * disk!, `${array} of twice ${disk} sectors`);
  });

  it("leave a disk with partitions alone, and somebody's link to one of them", () => {
    assert.deepStrictEqual(reasons("parted before its link"), ["p2 is on it"]);
    assert.ok(!names("parted before its link").includes("nvme-AWSPARTED-ns1"));
    assert.ok(names("parted before its link").includes("mine-1"));
    assert.ok(
      block("parted before its link out").includes("left alone: /mnt/fast-disks/mine-1: not a link of fast-disks"),
    );
  });

  it("offer a disk as well as its partitions, if it had its link before them", () => {
    assert.ok(names("parted after its link").includes("nvme-AWSPARTED-ns1"));
    assert.ok(names("parted after its link").includes("mine-1"));
  });

  it("let a link to a partition by its device's name dangle when disks are renumbered", () => {
    const [before, after, target, end] = block("renumbered")[0]!.split(" ");
    assert.notStrictEqual(before, after);
    assert.deepStrictEqual([target, end], [`../../dev/${before}p1`, "dangles"]);
  });

  it("give a namespace that appears a link of its own, and take only the link of one that goes", () => {
    const ofSpaces = (run: string) => names(run).filter((name) => name.includes("SPACES"));
    assert.deepStrictEqual(ofSpaces("second namespace"), ["nvme-AWSSPACES-ns1", "nvme-AWSSPACES-ns2"]);
    assert.deepStrictEqual(ofSpaces("first namespace gone"), ["nvme-AWSSPACES-ns2"]);
  });

  for (const how of ["discard", "quick", "zero", "shred"])
    it(`wipe one partition and neither its neighbour nor the tables: ${how}`, () => {
      const [code, neighbour, tables, signatures, bytes = ""] = block(`wipe ${how}`);
      assert.deepStrictEqual(
        [code, neighbour, tables, signatures],
        ["code 0", "neighbour same", "tables same", "signatures 0"],
      );
      const left = Number(bytes.replace("bytes ", ""));
      // mke2fs discards first, then writes its own tables; wipefs removes the signature alone.
      if (how === "quick") assert.ok(left > 0 && left < 100_000, bytes);
      else assert.strictEqual(left, 0);
    });

  for (const how of ["discard", "quick"])
    it(`refuse to wipe a whole disk with a mounted partition: ${how}`, () => {
      assert.deepStrictEqual(block(`wipe the whole disk, ${how}`), ["code 1", "mark"]);
    });

  for (const how of ["zero", "shred"])
    it(`wipe a whole disk with a mounted partition: ${how}`, () => {
      assert.deepStrictEqual(block(`wipe the whole disk, ${how}`), ["code 0"]);
    });
});
