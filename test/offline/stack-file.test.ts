import assert from "node:assert/strict";
import { readStackFile, stackOf } from "../../offline/stack-file";

describe("stackOf", () => {
  it("takes a name, a full name and a file", () => {
    for (const argument of ["prod", "organization/project/prod", "Pulumi.prod.yaml", "stacks/Pulumi.prod.yaml"])
      assert.equal(stackOf(argument), "prod");
  });

  it("refuses a stack that does not exist", () => {
    for (const [argument, message] of [
      ["nope", 'no stack "nope" in stacks/, there are dev, prod'],
      ["Pulumi.prd.yaml", 'no stack "prd" in stacks/, there are dev, prod; did you mean "prod"?'],
    ] as const)
      assert.throws(() => stackOf(argument), { message });
  });
});

describe("readStackFile", () => {
  it("hands over values as the engine does: as text, under full keys", () => {
    const { config, secrets } = readStackFile("stacks/Pulumi.dev.yaml", "eks-fast-disks");
    assert.equal(config["aws:region"], "us-east-1");
    assert.equal((JSON.parse(config["eks-fast-disks:cluster"] ?? "") as { name: string }).name, "fast-disks-dev");
    assert.deepEqual(secrets, []);
  });
});
