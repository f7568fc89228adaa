import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instanceTypes } from "../../catalogue/instance-types";

/** EC2's answer for the catalogue's own types. */
const described = {
  InstanceTypes: instanceTypes.map(({ name, vcpu, memoryMiB, disks, diskGB }) => ({
    InstanceType: name,
    VCpuInfo: { DefaultVCpus: vcpu },
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageInfo: { Disks: [{ Count: disks, SizeInGB: diskGB }] },
  })),
};

describe("npm run catalogue", () => {
  const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  const file = join(folder, "catalogue.json");
  const refresh = (answer: object) => {
    writeFileSync(file, readFileSync("catalogue/ec2.json"));
    return spawnSync(process.execPath, ["offline/catalogue.js", file], {
      input: JSON.stringify(answer),
      encoding: "utf8",
    });
  };
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes what is there, byte for byte, but for the date", () => {
    const { stdout, stderr } = refresh(described);
    assert.match(stdout, /^172 types, 161 of them with a price/, stderr);
    const undated = (path: string) => readFileSync(path, "utf8").replace(/"date": "\d{4}-\d{2}"/, "");
    assert.equal(undated(file), undated("catalogue/ec2.json"));
  });

  it("refuses a type with disks of two sizes", () => {
    const [first, ...rest] = structuredClone(described.InstanceTypes);
    first?.InstanceStorageInfo.Disks.push({ Count: 1, SizeInGB: 1 });
    const { status, stderr } = refresh({ InstanceTypes: [first, ...rest] });
    assert.notEqual(status, 0);
    assert.match(stderr, /c6gd.12xlarge: has disks of 2 sizes/);
  });
});
