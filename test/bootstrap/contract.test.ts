import * as toml from "@iarna/toml";
import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { capacityOfPool } from "../../components/manifests/node-pool";
import { layersOf } from "../../components/manifests/fast-disks";
import { renderUserData } from "../../components/manifests/user-data";
import { settingsOf } from "../support/record";
import { findShells, script } from "./case";
import { change, EC2_MODEL, makeHost } from "./fake-host";

interface UserData {
  settings: { "bootstrap-containers": Record<string, { "user-data": string }> };
}

/** Runs the real script on a host with so many local disks and the settings that the node's user data carries. */
function boot(userData: string, disks: number): { status: number | null; links: string[] } {
  const { settings } = toml.parse(userData) as unknown as UserData;
  const encoded = settings["bootstrap-containers"]["fast-disks"]?.["user-data"] ?? "";
  const root = makeHost();
  for (let disk = 1; disk <= disks; disk++)
    change(root, `disk nvme${disk}n1 model="${EC2_MODEL}" serial=AWS${disk} nsid=1 dev=259:${disk}`);
  fs.writeFileSync(path.join(root, "user-data"), Buffer.from(encoded, "base64"));
  const env = { FAST_DISKS_ROOT: root, FAST_DISKS_USER_DATA: path.join(root, "user-data") };
  const shell = findShells()[0]!;
  const quick = 'sleep() { :; }; . "$0"';
  const { status } = spawnSync(shell.command, [...shell.arguments, "-c", quick, script], {
    env: { ...env, PATH: shell.path },
  });
  const links = fs.readdirSync(path.join(root, "mnt/fast-disks"));
  fs.rmSync(root, { recursive: true });
  return { status, links };
}

describe("the settings that nodes carry", () => {
  for (const stack of ["dev", "prod"])
    for (const [name, pool] of Object.entries(settingsOf(stack).pools)) {
      const { min } = capacityOfPool(pool).disks;

      it(`let a node of ${stack}'s ${name} boot with all its disks`, () => {
        const { status, links } = boot(renderUserData(layersOf(undefined, pool, "image")), min);
        assert.deepStrictEqual([status, links.length], [0, min]);
      });

      it(`keep it from booting with one too few, unless the pool says to go on`, () => {
        assert.strictEqual(boot(renderUserData(layersOf(undefined, pool, "image")), min - 1).status, 11);
        const lenient = { ...pool, onMissing: "continue" } as const;
        assert.strictEqual(boot(renderUserData(layersOf(undefined, lenient, "image")), min - 1).status, 0);
      });
    }
});
