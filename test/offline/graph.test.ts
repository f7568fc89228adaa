import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { FastDisks } from "../../components";
import { recordGraph } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { pathOf, readStackFile } from "../../offline/stack-file";
import { parseConfig } from "../../stacks/settings";

/** Arguments of a remote component that its types call plain: an Output that is handed to one arrives as an Output. */
function plainArguments(file: string, name: string): string[] {
  const path = require.resolve(file);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
  const declaration = source.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === name);
  assert.ok(declaration, name);
  return declaration.members
    .filter(ts.isPropertySignature)
    .filter(({ type }) => !/\bpulumi\.(Input|Output)</.test(type?.getText(source) ?? ""))
    .map(({ name: property }) => property.getText(source));
}

const plainOf: Record<string, string[]> = {
  "eks:index:Cluster": plainArguments("@pulumi/eks/cluster.d.ts", "ClusterArgs"),
};

/** Outputs that a graph's remote components were handed in plain arguments. */
function misplaced(graph: Awaited<ReturnType<typeof recordGraph>>): string[] {
  return graph.resources
    .filter(({ remote }) => remote)
    .flatMap(({ type, outputInputs }) => {
      const plain = plainOf[type];
      assert.ok(plain, `say where the arguments of ${type} are declared`);
      return outputInputs.filter((path) => plain.includes(path.split(".")[0] ?? ""));
    });
}

function recordStack(stack: string): ReturnType<typeof recordGraph> {
  const { config } = readStackFile(pathOf(stack), "eks-fast-disks");
  const program = async () => {
    new FastDisks("fast-disks", parseConfig(config, "eks-fast-disks", pathOf(stack)));
    return Promise.resolve({});
  };
  return recordGraph(program, { project: "eks-fast-disks", stack, config, mocks: new Placeholders("us-east-1") });
}

describe("recordGraph", () => {
  for (const stack of ["dev", "prod"])
    it(`finds no Output in a plain argument of a remote component: ${stack}`, async () => {
      const graph = await recordStack(stack);
      const remote = graph.resources.filter((one) => one.remote);
      assert.ok(remote.some(({ outputInputs }) => outputInputs.includes("vpcId")));
      assert.deepEqual(misplaced(graph), []);
    });

  it("finds an Output that types were talked out of, at any depth", async () => {
    const later = <T>(value: T) => pulumi.output(value) as unknown as T;
    const program = async () => {
      new eks.Cluster("eks", {
        name: later("dev"),
        skipDefaultNodeGroup: later(true),
        accessEntries: {
          ops: {
            principalArn: "arn",
            accessPolicies: { ops: later({ policyArn: "arn", accessScope: { type: "cluster" } }) },
          },
        },
      });
      return Promise.resolve({});
    };
    const graph = await recordGraph(program, {
      project: "test",
      stack: "test",
      config: {},
      mocks: new Placeholders("us-east-1"),
    });
    assert.deepEqual(misplaced(graph).sort(), ["accessEntries.ops.accessPolicies.ops", "skipDefaultNodeGroup"]);
  });

  it("gives mocks the values of the Outputs that a remote component is handed", async () => {
    const graph = await recordStack("dev");
    const cluster = graph.resources.find(({ type }) => type === "eks:index:Cluster");
    assert.equal(cluster?.inputs.name, "fast-disks-dev");
  });

  it("has what is replaced, on which change and in which order", async () => {
    const program = () => {
      new aws.sqs.Queue("stated", {}, { replaceOnChanges: ["name"], deleteBeforeReplace: true });
      new aws.sqs.Queue("created-first", {}, { deleteBeforeReplace: false });
      new aws.sqs.Queue("unstated");
      return Promise.resolve({});
    };
    const { resources } = await recordGraph(program, {
      project: "test",
      stack: "test",
      config: {},
      mocks: new Placeholders("us-east-1"),
    });
    assert.deepEqual(
      resources.map(({ name, replaceOnChanges, deleteBeforeReplace }) => [name, replaceOnChanges, deleteBeforeReplace]),
      [
        ["created-first", [], false],
        ["stated", ["name"], true],
        ["unstated", [], undefined],
      ],
    );
  });
});
