import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { pathOf, readStackFile } from "../../offline/stack-file";
import type { Config } from "../../stacks/settings";
import { allowsDataLoss, parseConfig, readSettings, validateConfig } from "../../stacks/settings";

const project = "eks-fast-disks";

function configOf(stack: string): Config {
  return readStackFile(pathOf(stack), project).config;
}

describe("parseConfig", () => {
  for (const file of readdirSync("stacks").filter((name) => name.endsWith(".yaml")))
    it(`takes ${file} as it is, and fills in no default`, () => {
      const stack = file.replace(/^Pulumi\.|\.yaml$/g, "");
      const { config } = parse(readFileSync(`stacks/${file}`, "utf8")) as { config: Record<string, unknown> };
      const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
      assert.deepEqual(
        parseConfig(configOf(stack), project, file),
        Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value])),
      );
    });

  it("reports every error at once, under the name of the file", () => {
    const config = {
      ...configOf("dev"),
      "aws:region": "us-esat-1",
      [`${project}:karpenter`]: "1.14",
      "fast-disks:pools": "{}",
    };
    assert.throws(
      () => parseConfig(config, project, "stacks/Pulumi.dev.yaml"),
      /^Error: stacks\/Pulumi.dev.yaml has 3 errors:\n {2}fast-disks:pools: .*\n {2}aws:region: .*\n {2}karpenter: /,
    );
  });

  it("hands the provider's profile to the kubeconfig, unless another is stated", () => {
    const withProfile: Config = { ...configOf("dev"), "aws:profile": "work" };
    assert.equal(parseConfig(withProfile, project, "").cluster?.awsProfile, "work");
    const cluster = { ...(JSON.parse(withProfile[`${project}:cluster`] ?? "") as object), awsProfile: "other" };
    const stated = { ...withProfile, [`${project}:cluster`]: JSON.stringify(cluster) };
    assert.equal(parseConfig(stated, project, "").cluster?.awsProfile, "other");
    assert.equal(parseConfig(configOf("dev"), project, "").cluster?.awsProfile, undefined);
    const existing = Object.entries({ ...withProfile, [`${project}:existingCluster`]: '{"name":"dev"}' }).filter(
      ([key]) => !/:(cluster|network|systemNodes)$/.test(key),
    );
    assert.equal(parseConfig(Object.fromEntries(existing), project, "").existingCluster?.awsProfile, "work");
  });
});

describe("allowDataLoss", () => {
  it("is no setting of the chain", () => {
    const config: Config = { ...configOf("dev"), [`${project}:allowDataLoss`]: "true" };
    assert.equal(allowsDataLoss(config, project), true);
    assert.equal(allowsDataLoss(configOf("dev"), project), false);
    assert.deepEqual(parseConfig(config, project, ""), parseConfig(configOf("dev"), project, ""));
  });

  it("is true or false, and found when misspelt", () => {
    const errorsOf = (key: string, value: string) =>
      validateConfig({ ...configOf("dev"), [`${project}:${key}`]: value }, project);
    assert.deepEqual(errorsOf("allowDataLoss", "yes"), [
      'allowDataLoss: must be true or false, got "yes"; write true without quotes',
    ]);
    assert.deepEqual(errorsOf("allowDataLos", "true"), [
      'allowDataLos: no such setting; did you mean "allowDataLoss"?',
    ]);
    assert.deepEqual(errorsOf("allowDataLoss", "false"), []);
  });
});

describe("readSettings", () => {
  it("reads every key of the project's namespace and no other", () => {
    const config = Object.entries(configOf("dev")).map(([key, value]) => [
      key.replace(project, pulumi.getProject()),
      value,
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(config) as Config);
    assert.deepEqual(readSettings(), parseConfig(configOf("dev"), project, ""));
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
