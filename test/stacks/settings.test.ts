import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseSettings, readSettings, SettingsError } from "../../stacks/settings";
import { stackValues } from "../support/record";

function faultsOf(change: (values: Record<string, Record<string, unknown>>) => void): string[] {
  const values = structuredClone(stackValues("dev")) as Record<string, Record<string, unknown>>;
  change(values);
  try {
    parseSettings(values);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults;
  }
  return [];
}
const set = (path: string, value: unknown) => (values: Record<string, unknown>) => {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at = values;
  for (const key of keys) at = (at[key] ??= {}) as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
};
const between = "rules between parts are checked once these are mended";

describe("parseSettings", () => {
  for (const file of readdirSync("stacks").filter((name) => name.endsWith(".yaml")))
    it(`takes ${file}`, () => {
      parseSettings(stackValues(file.replace(/^Pulumi\.|\.yaml$/g, "")));
    });

  const faulty: [string, string, unknown, RegExp][] = [
    ["a key that does not exist", "clusteer", {}, /^clusteer: no such setting; see the README's table/],
    ["a key that does not exist, deep down", "pools.fast.limts", {}, /^pools.fast.limts: no such setting/],
    ["a missing part", "cluster", undefined, /^cluster: must be a table, got nothing; state it/],
    [
      "a version as number",
      "cluster.kubernetesVersion",
      1.35,
      /^cluster.kubernetesVersion: must be a string, got 1.35; put it in quotes/,
    ],
    [
      "a flag as text",
      "cluster.deletionProtection",
      "yes",
      /^cluster.deletionProtection: must be true or false, got "yes"/,
    ],
    [
      "a list as text",
      "cluster.publicAccessCidrs",
      "198.51.100.7/32",
      /^cluster.publicAccessCidrs: must be a list, got "198/,
    ],
    [
      "an unknown choice",
      "pools.fast.onDrift",
      "wait",
      /^pools.fast.onDrift: must be one of hold, replace, got "wait"/,
    ],
    [
      "an unknown choice in a list",
      "pools.fast.capacityTypes",
      ["spott"],
      /^pools.fast.capacityTypes.0: must be one of spot, on-demand, got "spott"/,
    ],
    ["a rule of one part", "cluster.name", "a.b", /^cluster.name: must be 1 to 100 letters/],
    [
      "a rule deep inside",
      "pools.fast.bottlerocket",
      { kernel: { sysctl: { "a..b": "1" } } },
      /^pools.fast.bottlerocket.kernel.sysctl: must/,
    ],
    [
      "a rule between parts",
      "pools.fast.storageClass",
      "dense",
      /^pools.fast.storageClass: must be one of fast-disks, got "dense"/,
    ],
    ["a value that is no JSON", "tags.a", 1, /^tags.a: must be a string, got 1; put it in quotes/],
  ];
  for (const [what, path, value, message] of faulty)
    it(`refuses ${what}`, () => {
      const faults = faultsOf(set(path, value)).filter((fault) => fault !== between);
      assert.match(faults[0] ?? "", message);
      assert.ok(faults.length === 1 || path.endsWith("storageClass"), faults.join("\n"));
    });

  it("reports every fault at once, and that rules between parts wait for them", () => {
    const faults = faultsOf((values) => {
      set("cluster.name", "a.b")(values);
      set("network.newVpc.zones", 9)(values);
      set("pools.fast.typo", 1)(values);
      set("karpenter.version", 1)(values);
      set("nodeCleanup.claimDeletionDelay", "1s")(values);
    });
    assert.equal(faults.length, 6, faults.join("\n"));
    assert.equal(faults.at(-1), between);
    assert.throws(() => parseSettings({}), /the stack's settings have 6 faults:\n {2}network: must be a table/);
  });

  it("keeps what it was given, and fills in no default", () => {
    const values = stackValues("prod");
    assert.deepEqual(parseSettings(values), values);
  });
});

describe("readSettings", () => {
  it("reads every key of the project's namespace and no other", () => {
    const config = Object.entries(stackValues("dev")).map(([key, value]) => [
      `${pulumi.getProject()}:${key}`,
      JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries([...config, ["aws:region", "us-east-1"]]) as Record<string, string>);
    assert.deepEqual(readSettings(), stackValues("dev"));
    pulumi.runtime.setConfig(`${pulumi.getProject()}:cluster`, "just text");
    assert.throws(() => readSettings(), /cluster: must be a table, got "just text"/);
  });
});

describe("stack files", () => {
  it("have the same keys in the same order", () => {
    const keysOf = (stack: string) => {
      const { config } = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: object };
      return Object.keys(config);
    };
    assert.deepEqual(keysOf("dev"), keysOf("prod"));
  });
});
