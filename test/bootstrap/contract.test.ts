import * as toml from "@iarna/toml";
import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { renderPoolNodeClass } from "../../components/manifests/node-pool";
import type { PoolSpec } from "../../components/manifests/pool";
import { capacityOfPool, poolSchema } from "../../components/manifests/pool";
import { findShells, script } from "./case";
import { change, EC2_MODEL, makeHost } from "./fake-host";

interface UserData {
  settings: { "bootstrap-containers": Record<string, { "user-data": string }> };
}

/** The bootstrap container's own settings, as Bottlerocket decodes them. */
function settingsOf(userData: string): string {
  const { settings } = toml.parse(userData) as unknown as UserData;
  return Buffer.from(settings["bootstrap-containers"]["fast-disks"]?.["user-data"] ?? "", "base64").toString();
}

/** Runs the real script on a host with so many local disks and the settings that the node's user data carries. */
function boot(userData: string, disks: number): { status: number | null; links: string[] } {
  const root = makeHost();
  for (let disk = 1; disk <= disks; disk++)
    change(root, `disk nvme${disk}n1 model="${EC2_MODEL}" serial=AWS${disk} nsid=1 dev=259:${disk}`);
  fs.writeFileSync(path.join(root, "user-data"), settingsOf(userData));
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

function poolsOf(stack: string): Record<string, unknown> {
  const { config } = parse(fs.readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as {
    config: { "eks-fast-disks:pools": Record<string, unknown> };
  };
  return config["eks-fast-disks:pools"];
}

/** The user data of a pool's nodes. */
function userDataOf(pool: PoolSpec): string {
  const terms = [{ tags: { placeholder: "x" } }];
  const { spec } = renderPoolNodeClass({
    ...pool,
    bootImage: "registry/image@sha256:0",
    bottlerocketVersion: "1.66.0",
    role: "placeholder",
    subnetSelectorTerms: terms,
    securityGroupSelectorTerms: terms,
  });
  return spec.userData;
}

describe("the settings that nodes carry", () => {
  const pools: [string, PoolSpec][] = ["dev", "prod"].flatMap((stack) =>
    Object.entries(poolsOf(stack)).map(([name, pool]): [string, PoolSpec] => [
      `${stack}'s ${name}`,
      poolSchema.parse(pool),
    ]),
  );
  pools.push(["types with one and with six disks", { instanceTypes: ["i8g.xlarge", "i8g.24xlarge"] }]);
  for (const [name, pool] of pools) {
    const { min, max } = capacityOfPool(pool).disks;

    it(`let a node of ${name} boot with the fewest and with the most of its disks`, () => {
      for (const disks of [min, max]) {
        const { status, links } = boot(userDataOf(pool), disks);
        assert.deepStrictEqual([status, links.length], [0, disks]);
      }
    });

    it(`keep a node of ${name} from booting with one too few, unless the pool says to go on`, () => {
      assert.strictEqual(boot(userDataOf(pool), min - 1).status, 11);
      assert.strictEqual(boot(userDataOf({ ...pool, onMissing: "continue" }), min - 1).status, 0);
    });
  }

  it("are an exact number only where all types of the pool have it", () => {
    for (const [, pool] of pools) {
      const { min, max } = capacityOfPool(pool).disks;
      const key = min === max ? `disks=${min}` : `minimumDisks=${min}`;
      assert.strictEqual(settingsOf(userDataOf(pool)).split("\n")[0], key);
    }
    assert.ok(pools.some(([, pool]) => capacityOfPool(pool).disks.min < capacityOfPool(pool).disks.max));
    assert.ok(pools.some(([, pool]) => capacityOfPool(pool).disks.min === capacityOfPool(pool).disks.max));
  });
});
