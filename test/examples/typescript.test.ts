import type { ResourceTransform } from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { recordGraph } from "../../offline/graph";
import type { Graph } from "../../offline/graph";
import { Placeholders } from "../../offline/placeholders";
import { reportOf } from "../../offline/report";

const load = createRequire(__filename);
const programs = readdirSync("examples/typescript").map((file) => file.replace(/\.ts$/, ""));

function plan(name: string, stack: string, region = "us-east-1"): Promise<Graph> {
  const path = resolve("examples/typescript", `${name}.ts`);
  const program = () => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- another stack runs the program again
    delete load.cache[path];
    return Promise.resolve(load(path) as Record<string, unknown>);
  };
  const config = { "aws:region": region };
  return recordGraph(program, { project: "disks", stack, config, mocks: new Placeholders(region) });
}

const inputsOf = ({ resources }: Graph, type: string) =>
  resources.filter((one) => one.type.includes(type)).map(({ inputs }) => inputs);

describe("the examples in TypeScript", () => {
  const plans = new Map<string, Graph>();
  before(async () => {
    for (const name of programs) plans.set(name, await plan(name, "dev"));
  });
  const of = (name: string): Graph => {
    const graph = plans.get(name);
    assert.ok(graph, name);
    return graph;
  };

  it("each have a plan with a pool and a volume class, and without a violation of a mandatory policy", () => {
    assert.ok(programs.length >= 5, programs.join());
    for (const [name, graph] of plans) {
      const violations = reportOf("dev", graph, {}).policies.flatMap((one) => one.violations);
      assert.deepEqual(
        violations.filter(({ level }) => level === "mandatory"),
        [],
        name,
      );
      assert.ok(inputsOf(graph, ":NodePool").length > 0, name);
      assert.ok(inputsOf(graph, ":StorageClass").length > 0, name);
    }
  });

  it("minimal: is what the README shows", () => {
    const text = readFileSync("examples/typescript/minimal.ts", "utf8");
    assert.ok(readFileSync("README.md", "utf8").includes(`\`\`\`ts\n${text}\`\`\`\n`));
  });

  it("ready-made-image: makes no image and no repository", () => {
    assert.ok(inputsOf(of("minimal"), ":Repository").length === 2);
    assert.deepEqual(
      [...inputsOf(of("ready-made-image"), ":Repository"), ...inputsOf(of("ready-made-image"), ":Image")],
      [],
    );
  });

  it("two-environments: prod is protected and holds its data, dev does not", async () => {
    const dev = of("two-environments");
    const prod = await plan("two-environments", "prod");
    const facts = (graph: Graph) => [
      inputsOf(graph, "ec2/natGateway").length,
      graph.resources.some(({ protect }) => protect),
      ...inputsOf(graph, ":StorageClass").map(({ reclaimPolicy }) => reclaimPolicy),
    ];
    assert.deepEqual(facts(dev), [1, false, "Delete"]);
    assert.deepEqual(facts(prod), [3, true, "Retain"]);
  });

  it("two-regions: gives each region a range and a cluster of its own", async () => {
    const facts = (graph: Graph) => [
      inputsOf(graph, "ec2/vpc:")[0]?.cidrBlock,
      inputsOf(graph, "eks:index:Cluster")[0]?.name,
      ...new Set(inputsOf(graph, "ec2/subnet:").map(({ availabilityZone }) => String(availabilityZone).slice(0, -1))),
    ];
    assert.deepEqual(facts(of("two-regions")), ["10.1.0.0/16", "disks-us-east-1", "us-east-1"]);
    const west = await plan("two-regions", "west", "us-west-2");
    assert.deepEqual(facts(west), ["10.2.0.0/16", "disks-us-west-2", "us-west-2"]);
  });

  it("own-component: gives every role the boundary, and nothing else", () => {
    const path = resolve("examples/typescript/own-component.ts");
    const { withBoundary } = load(path) as { withBoundary: (boundary: string) => ResourceTransform };
    const transform = withBoundary("arn:aws:iam::123456789012:policy/boundary");
    const { resources } = of("own-component");
    const args = (type: string) => ({ custom: true, type, name: "x", props: { path: "/" }, opts: {} });
    const changed = resources
      .map(({ type }) => type)
      .filter((type) => transform(args(type) as Parameters<typeof transform>[0]) !== undefined);
    assert.ok(changed.length >= 3, String(changed.length));
    assert.deepEqual([...new Set(changed)], ["aws:iam/role:Role"]);
    assert.deepEqual(transform(args("aws:iam/role:Role") as Parameters<typeof transform>[0]), {
      props: { path: "/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
      opts: {},
    });
  });
});
