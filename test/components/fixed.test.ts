import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { first, fixed } from "../../components/fixed";
import { Placeholders } from "../../offline/placeholders";
import { only, outputOf, record } from "../support/record";

class Part extends pulumi.ComponentResource {
  constructor(name: string) {
    super("eks-fast-disks:index:Part", name);
  }
}

/** A stack that was given `output` at its first `up`. */
function remembering(output: unknown): Placeholders {
  const mocks = new Placeholders("us-east-1");
  const newResource = mocks.newResource.bind(mocks);
  mocks.newResource = (resource) =>
    resource.type === "pulumi:index:Stash" ? { id: resource.name, state: { output } } : newResource(resource);
  return mocks;
}

describe("first", () => {
  it("gives the first value, whatever comes later, and records what came later", async () => {
    const program = () => first("p-value", ["a", "b"], {});
    assert.deepEqual(await outputOf(program), ["a", "b"]);
    assert.deepEqual(await outputOf(program, remembering(["a"])), ["a"]);
    const graph = await record(program, remembering(["a"]));
    assert.deepEqual(only(graph, "pulumi:index:Stash", /^p-value$/).inputs, { input: ["a", "b"] });
  });
});

describe("fixed", () => {
  const program = (value: pulumi.Input<string>) => () => fixed(new Part("p"), "p-name", "name", value, {});

  it("gives the value while it is the first one", async () => {
    assert.equal(await outputOf(program("a")), "a");
    assert.equal(await outputOf(program(pulumi.output("a")), remembering("a")), "a");
  });

  it("refuses another value with both of them and the way out", async () => {
    await assert.rejects(outputOf(program("b"), remembering("a")), (error: unknown) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.equal(
        error.message,
        'p:\n  name: cannot change while the cluster exists, was "a", got "b"; create a second stack, move the workloads, ' +
          "then destroy this one; see docs/changes.md",
      );
      return true;
    });
  });
});
