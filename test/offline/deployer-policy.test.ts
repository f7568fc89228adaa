import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deployerPolicy, renderDeployerPolicy, typesOfPlans } from "../../offline/deployer-policy";

/** AWS's limit of a managed policy, in characters without white space. */
const longestPolicy = 6144;

describe("docs/deployer-policy.json", () => {
  const written = readFileSync("docs/deployer-policy.json", "utf8");

  it("has what the plans' resources need", () => {
    assert.equal(renderDeployerPolicy(), written, "run npm run goldens");
  });

  it("fits into one managed policy", () => {
    const { length } = written.replaceAll(/\s/g, "");
    assert.ok(length > 2000 && length <= longestPolicy, String(length));
  });

  it("reaches roles and policies of the chain's name only, and no action by a wildcard", () => {
    const { Statement } = deployerPolicy(typesOfPlans());
    for (const { Action, Resource, Condition } of Statement) {
      assert.ok(
        [Action].flat().every((action) => !action.includes("*")),
        String(Action),
      );
      const changes = [Action].flat().some((action) => /^iam:(?!Get)/.test(action));
      if (changes) assert.ok(Condition !== undefined || [Resource].flat().every((arn) => arn.includes("/fast-disks-")));
    }
  });

  it("is refused for a type that nobody has looked up", () => {
    assert.throws(
      () => deployerPolicy(["aws:rds/instance:Instance"]),
      /no actions are known for aws:rds\/instance:Instance/,
    );
  });
});
