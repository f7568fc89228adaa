import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Discovery, discoveries, folderOf } from "../../../components/manifests/discovery";

describe("folderOf", () => {
  it("gives each kind of discovery a folder of its own, the container's being in its contract", () => {
    assert.deepEqual(discoveries.map(folderOf), ["/mnt/fast-disks", "/dev/disk/ephemeral"]);
    assert.ok(readFileSync("bootstrap/README.md", "utf8").includes(folderOf(Discovery.bootstrap)));
  });
});
