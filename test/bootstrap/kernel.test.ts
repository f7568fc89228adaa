import * as assert from "node:assert";
import { find } from "./case";
import { bootMachine } from "./machine";

interface Link {
  name: string;
  target: string;
  serial: string;
  nsid: string;
  isBlock: boolean;
}
interface Run {
  out: string[];
  err: string[];
  code: number;
  links: Link[];
}

for (const multipath of ["Y", "N"]) {
  describe(`fast-disks.sh on a real kernel, nvme_core.multipath=${multipath}`, () => {
    let blocks: Map<string, string[]>;
    const run = (name: string): Run => ({
      out: block(`${name} out`),
      err: block(`${name} err`),
      code: Number(block(`${name} code`)[0]),
      links: block(`${name} links`).map((line) => {
        const [link = "", target = "", serial = "", nsid = "", kind] = line.split(/ +/);
        return { name: link, target, serial, nsid, isBlock: kind === "block" };
      }),
    });
    const block = (name: string): string[] => {
      const found = blocks.get(name);
      assert.ok(found, `the guest printed no block "${name}"`);
      return found;
    };
    const names = (given: Run) => given.links.map((link) => link.name).sort();

    before(async () => {
      blocks = await bootMachine({
        guest: "guest.sh",
        tools: [find("dmsetup", "dmsetup")],
        parameters: `fast-disks.multipath=${multipath}`,
        devices: [
          "nvme,drive=d1,serial=not-a-name",
          "nvme-subsys,id=s0,nqn=s0",
          "nvme,serial=not-one-either,subsys=s0",
          "nvme-ns,drive=d2,nsid=1,shared=on",
        ],
        diskBytes: 4 << 20,
      });
      assert.deepStrictEqual(
        [...blocks.keys()].filter((key) => key.startsWith("error")),
        [],
      );
    });

    it("sees the host read-only but for /mnt, as on Bottlerocket", () => {
      assert.deepStrictEqual(block("facts"), ["read-only yes"]);
    });

    it("succeeds on a node without a local disk", () => {
      assert.deepStrictEqual([run("nothing").code, run("nothing").err, run("nothing").links], [0, [], []]);
      assert.match(run("nothing").out.at(-1)!, /^fast-disks: 0 linked/);
    });

    it("has the layout of sysfs that this setting stands for", () => {
      const heads = block("facts devices").filter((line) => /^nvme\d+n\d+ /.test(line));
      assert.ok(heads.length >= 11, heads.join("\n"));
      const tcp = heads.filter((line) => line.includes("Amazon"));
      const folder = multipath === "Y" ? /nvme-subsystem\/nvme-subsys\d+ / : /\/nvme\d+ /;
      for (const line of tcp) assert.match(line, folder);
      assert.strictEqual(
        block("facts devices").some((line) => /^nvme\d+c\d+n\d+ /.test(line)),
        multipath === "Y",
      );
    });

    it("links the free disks only, each namespace by itself, and says why it leaves the others", () => {
      assert.deepStrictEqual(names(run("first")), ["nvme-AWSFREE-ns1", "nvme-AWSPAIR-ns1", "nvme-AWSPAIR-ns2"]);
      const reasons = run("first")
        .out.filter((line) => line.startsWith("left alone"))
        .map((line) => line.replace(/^left alone: \S+ /, "").replace(/nvme\d+n1p1|dm-\d+/, "it"));
      for (const [reason, times] of [
        ['its model is "Amazon Elastic Block Store"', 1],
        ["it is on it", 2],
        ["it is mounted", 1],
        ["it is swap", 1],
        ["it has neither a valid serial nor a valid address for a name", 3],
      ] as const)
        assert.strictEqual(
          reasons.filter((line) => line === reason).length,
          times,
          `${reason}:\n${run("first").out.join("\n")}`,
        );
      assert.deepStrictEqual([run("first").code, run("first").err], [0, []]);
    });

    it("makes links through which the disks can be opened", () => {
      for (const link of run("first").links) {
        assert.strictEqual(link.name, `nvme-${link.serial}-ns${link.nsid}`);
        assert.ok(link.isBlock, link.name);
      }
    });

    it("leads to the same serials after the disks were renumbered, a consumer's volume group included", () => {
      const before = run("first").links;
      const after = run("renumbered").links;
      assert.ok(
        before.some((link) => after.some((other) => other.name === link.name && other.target !== link.target)),
        "no device was renumbered",
      );
      for (const link of after) assert.strictEqual(link.name, `nvme-${link.serial}-ns${link.nsid}`);
      assert.deepStrictEqual(names(run("renumbered")), [
        "nvme-AWSFREE-ns1",
        "nvme-AWSPAIR-ns1",
        "nvme-AWSPAIR-ns2",
        "nvme-AWSTWIN-ns1",
      ]);
      assert.strictEqual(run("renumbered").code, 0);
    });

    it("removes the links of a disk that is gone and waits for one that is late", () => {
      assert.deepStrictEqual(names(run("late")), ["nvme-AWSFREE-ns1", "nvme-AWSLATE-ns1", "nvme-AWSTWIN-ns1"]);
      assert.deepStrictEqual(run("late").out.filter((line) => line.startsWith("removed")).length, 2);
      assert.match(
        run("late").out.at(-1)!,
        /^fast-disks: 3 linked, 2 removed, 3 expected, waited (0\.[1-9]|[1-9]\d*\.\d) s$/,
      );
      assert.strictEqual(run("late").code, 0);
    });

    for (const how of ["with", "without"])
      it(`makes many links that lead to their disks, ${how} cpio`, () => {
        const { links, code, err } = run(`many ${how} cpio`);
        assert.deepStrictEqual([code, err.filter((line) => line.startsWith("error"))], [0, []]);
        assert.ok(links.length >= 4, `${links.length} links`);
        for (const link of links) {
          assert.strictEqual(link.name, `nvme-${link.serial}-ns${link.nsid}`);
          assert.match(link.target, /^\.\.\/\.\.\/dev\/nvme\d+n\d+$/);
          assert.ok(link.isBlock, link.name);
        }
      });

    it("fails when the folder is read-only or full", () => {
      assert.deepStrictEqual([run("read-only").code, run("read-only").links], [13, []]);
      assert.match(run("read-only").err.join("\n"), /Read-only file system/);
      assert.deepStrictEqual([run("full").code, run("full").links.length], [13, 1]);
      assert.match(run("full").err.join("\n"), /No space left on device/);
    });

    it("names a disk without a good serial by its controller's PCI address", () => {
      const addresses = block("facts pci")
        .map((line) => line.split(" ")[1]!)
        .filter((address) => /^[0-9a-f:.]+$/.test(address));
      assert.strictEqual(addresses.length, 2);
      assert.deepStrictEqual(
        names(run("pci")),
        addresses.map((address) => `nvme-pci-${address.replace(/[:.]/g, "-")}-ns1`).sort(),
      );
      assert.deepStrictEqual([run("pci").code, run("pci").err], [0, []]);
    });
  });
}
