import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { FastDisks } from "../../components";
import { throwErrors } from "../../components/check";
import { recordGraph } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { at, errorsInFile, errorsOfSingle, set, settings, wrongSpecs } from "../support/wrong-specs";

/** What a program throws, and what it registered before. */
async function errorsOf(program: () => unknown): Promise<{ errors: string[]; types: string[] }> {
  const types: string[] = [];
  const mocks = new Placeholders("us-east-1");
  const newResource = mocks.newResource.bind(mocks);
  mocks.newResource = (args) => {
    if (args.type !== "pulumi:pulumi:Stack") types.push(args.type);
    return newResource(args);
  };
  const run = { project: "eks-fast-disks", stack: "test", config: {}, mocks };
  try {
    await recordGraph(() => Promise.resolve({ made: program() !== undefined }), run);
    return { errors: [], types };
  } catch (error) {
    const [, ...errors] = (error as Error).message.split("\n  ");
    return { errors, types };
  }
}

describe("a wrong spec", () => {
  for (const [single, key, value, plain] of wrongSpecs) {
    const path = `${single.path}.${key}`;
    it(`has the same errors in a stack file, in FastDisks and in its component, also as an Output: ${path} ${JSON.stringify(value)}`, async () => {
      const args = settings();
      set(args, path, value);
      const inFile = errorsInFile(args);
      assert.ok(inFile.length > 0);
      assert.equal(new Set(inFile).size, inFile.length);

      const whole = await errorsOf(() => new FastDisks("chain", args));
      assert.deepEqual(whole.errors, inFile);
      assert.deepEqual(whole.types, ["eks-fast-disks:index:FastDisks"]);

      const spec = at(args, single.path);
      const alone = await errorsOf(() => single.create(spec));
      assert.deepEqual(alone.errors, errorsOfSingle(single, inFile));

      if (plain) return;
      const later = structuredClone(args);
      set(later, path, pulumi.output(value));
      const applied = await errorsOf(() => single.create(at(later, single.path)));
      assert.deepEqual(applied.errors, alone.errors);
    });
  }
});

describe("checkArgs", () => {
  it("says all errors of what is known at once, whatever else comes later", async () => {
    const args = settings();
    set(args, "pools.fast.onDrift", "keep");
    set(args, "cluster.name", "a.b");
    set(args, "network.newVpc.cidrBlock", pulumi.output("11.0.0.0/16"));
    const { errors, types } = await errorsOf(() => new FastDisks("chain", args));
    assert.deepEqual(errors, [
      'pools.fast.onDrift: must be one of hold, replace, got "keep"',
      'cluster.name: must be 1 to 100 letters, digits, hyphens and underscores, got "a.b"',
    ]);
    assert.deepEqual(types, ["eks-fast-disks:index:FastDisks"]);
  });

  it("makes nothing of Outputs while one of them is wrong", async () => {
    const args = settings();
    set(args, "cluster.name", pulumi.output("a.b"));
    set(args, "tags", pulumi.output({ environment: "dev" }));
    const { errors, types } = await errorsOf(() => new FastDisks("chain", args));
    assert.deepEqual(errors, ['cluster.name: must be 1 to 100 letters, digits, hyphens and underscores, got "a.b"']);
    for (const type of ["aws:ec2/vpc:Vpc", "eks:index:Cluster"]) assert.ok(!types.includes(type), type);
  });

  it("takes what is unknown in a preview for no error, and what is known later", async () => {
    const args = settings();
    for (const path of ["cluster.name", "network.newVpc.cidrBlock", "pools.fast.limits", "karpenter.version", "tags"])
      set(args, path, pulumi.output(pulumi.unknown));
    assert.deepEqual((await errorsOf(() => new FastDisks("chain", args))).errors, []);
    const right = settings();
    set(right, "cluster.name", pulumi.output("dev"));
    set(right, "pools.fast.instanceTypes", [pulumi.output("c8gd.xlarge")]);
    const { errors, types } = await errorsOf(() => new FastDisks("chain", right));
    assert.deepEqual(errors, []);
    assert.ok(types.includes("kubernetes:karpenter.sh/v1:NodePool"));
  });
});

describe("throwErrors", () => {
  it("throws an error with its text alone, also after the SDK has changed the message", async () => {
    await recordGraph(
      () => {
        const chain = new pulumi.ComponentResource("test:index:Chain", "chain");
        assert.throws(
          () => {
            throwErrors(chain, ["a: must be b", "c: must be d"]);
          },
          (error: Error) => {
            error.message = "error serializing property";
            assert.ok(pulumi.RunError.isInstance(error));
            assert.equal(error.message, "chain:\n  a: must be b\n  c: must be d");
            assert.equal(error.stack, error.message);
            return true;
          },
        );
        return Promise.resolve({});
      },
      { project: "eks-fast-disks", stack: "test", config: {}, mocks: new Placeholders("us-east-1") },
    );
  });
});
