import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Recording, Values } from "./support/monitor";
import { runProgram } from "./support/monitor";
import { outputsInPlainArguments, plainArguments } from "./support/plain-arguments";
import { Providers } from "./support/providers";

const stacks: Record<string, Values> = Object.fromEntries(
  ["dev", "prod"].map((stack) => {
    const file = parse(readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, Values> };
    const cluster = file.config["eks-fast-disks:cluster"];
    if (cluster?.publicAccessCidrs) cluster.publicAccessCidrs = ["8.8.8.0/24"];
    return [stack, file.config];
  }),
);

for (const [stack, config] of Object.entries(stacks))
  describe(`the program with stack ${stack}, run by Pulumi's own runner`, () => {
    let known: Recording;
    let firstPreview: Recording;
    before(async () => {
      [known, firstPreview] = await Promise.all([
        runProgram(config, false, new Providers(true)),
        runProgram(config, true, new Providers(false)),
      ]);
    });

    it("runs to its end with everything from AWS known, and with everything unknown", () => {
      for (const { errors, exitCode } of [known, firstPreview])
        assert.deepEqual({ errors, exitCode }, { errors: [], exitCode: 0 });
    });

    it("hands plain values to every argument of a remote component that is plain", () => {
      for (const { registrations } of [known, firstPreview]) {
        const remote = registrations.filter((it) => it.remote);
        assert.ok(remote.length > 0);
        for (const { type, inputs } of remote) assert.deepEqual(outputsInPlainArguments(type, inputs), []);
      }
    });

    it("makes the same resources under the same names, whatever is known", () => {
      const keys = ({ registrations }: Recording) => registrations.map(({ urn }) => urn).sort();
      assert.deepEqual(keys(firstPreview), keys(known));
    });
  });

describe("the program with a change that is refused, run by Pulumi's own runner", () => {
  it("says why, once, and nothing else", async () => {
    for (const known of [true, false]) {
      const providers = new Providers(known, { "fast-disks-name": "first" });
      const { errors, exitCode } = await runProgram(stacks.dev ?? {}, !known, providers);
      assert.deepEqual(errors, [
        'fast-disks:\n  cluster.name: cannot change while the cluster exists, was "first", got "fast-disks-dev"; ' +
          "create a second stack, move the workloads, then destroy this one; see docs/changes.md",
      ]);
      assert.equal(exitCode, 32);
    }
  });
});

describe("plain arguments", () => {
  it("are read from the SDK's types", () => {
    const plain = plainArguments("eks:index:Cluster");
    for (const name of ["accessEntries", "autoMode", "skipDefaultNodeGroup", "authenticationMode"])
      assert.ok(plain.includes(name), name);
    assert.ok(!plain.includes("vpcId"));
  });

  it("refuse an Output, at any depth", () => {
    const output = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: true };
    assert.deepEqual(outputsInPlainArguments("eks:index:Cluster", { vpcId: output, skipDefaultNodeGroup: output }), [
      "eks:index:Cluster.skipDefaultNodeGroup",
    ]);
    const accessEntries = { admin: { accessPolicies: { admin: output } } };
    assert.deepEqual(outputsInPlainArguments("eks:index:Cluster", { accessEntries: { admin: output } }), [
      "eks:index:Cluster.accessEntries.admin",
    ]);
    assert.deepEqual(outputsInPlainArguments("eks:index:Cluster", { accessEntries }), []);
  });
});
