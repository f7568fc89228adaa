import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { recordGraph } from "../offline/graph";
import type { Graph } from "../offline/graph";
import { Placeholders } from "../offline/placeholders";
import { renderReport, reportOf } from "../offline/report";

const load = createRequire(__filename);
const programs = readdirSync("examples").filter((file) => file.endsWith(".ts"));

function plan(file: string): Promise<Graph> {
  const program = () => Promise.resolve(load(`../examples/${file}`) as Record<string, unknown>);
  return recordGraph(program, {
    project: "eks-fast-disks",
    stack: file,
    config: { "aws:region": "us-east-1" },
    mocks: new Placeholders("us-east-1"),
  });
}

/** Kinds of AWS's resources that a plan makes. */
const kindsOf = ({ resources }: Graph) => [
  ...new Set(resources.filter(({ type }) => /^(aws|eks|docker):/.test(type)).map(({ type }) => type.split(":").at(-1))),
];

const bootImage = ["Image", "Repository"];
const rights = ["AccessEntry", "PodIdentityAssociation", "Policy", "RolePolicyAttachment", "Role"];
const events = ["EventRule", "EventTarget", "Queue", "QueuePolicy"];

describe("the examples' programs", () => {
  const plans = new Map<string, Graph>();
  before(async () => {
    for (const file of programs) plans.set(file, await plan(file));
  });
  const of = (file: string) => plans.get(file)!;

  it("have 20 lines at most", () => {
    assert.ok(programs.length >= 3, programs.join());
    for (const file of programs) {
      const lines = readFileSync(`examples/${file}`, "utf8").trimEnd().split("\n");
      assert.ok(lines.length <= 20, `${file} has ${lines.length}`);
    }
  });

  it("have a plan without a violation of a mandatory policy", () => {
    for (const [file, graph] of plans) {
      const report = reportOf(file, graph, {});
      const mandatory = report.policies
        .flatMap(({ violations }) => violations)
        .filter(({ level }) => level === "mandatory");
      assert.deepEqual(mandatory, [], file);
      assert.match(renderReport(report), /largest claim/);
    }
  });

  it("make no VPC in an existing one, and put the nodes into its subnets", () => {
    const { resources } = of("existing-vpc.ts");
    const network = /^aws:ec2\/(vpc|subnet|internetGateway|natGateway|routeTable|route|eip|vpcEndpoint):/;
    assert.deepEqual(
      resources.filter(({ type }) => network.test(type)),
      [],
    );
    const { spec } = resources.find(({ inputs }) => inputs.kind === "EC2NodeClass")!.inputs as {
      spec: { subnetSelectorTerms: { id: string }[] };
    };
    const group = resources.find(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")!;
    assert.deepEqual(
      spec.subnetSelectorTerms.map(({ id }) => id),
      group.inputs.subnetIds,
    );
  });

  it("make in an existing cluster nothing of the cluster: what Karpenter needs, and the boot image", () => {
    const graph = of("existing-cluster.ts");
    assert.deepEqual(kindsOf(graph).sort(), [...bootImage, ...rights, ...events].sort());
  });

  it("make beside an existing Karpenter nothing of AWS but the boot image", () => {
    const graph = of("existing-karpenter.ts");
    assert.deepEqual(kindsOf(graph).sort(), bootImage);
    const charts = graph.resources.flatMap(({ type, inputs }) => (type.endsWith(":Release") ? [inputs.chart] : []));
    assert.deepEqual(new Set(charts), new Set(["local-static-provisioner"]));
    const { spec } = graph.resources.find(({ inputs }) => inputs.kind === "EC2NodeClass")!.inputs as {
      spec: { role: string };
    };
    assert.equal(spec.role, "KarpenterNodeRole-prod");
  });

  it("make without Karpenter nothing of it: a node group, its role and its template beside the system nodes", () => {
    const graph = of("no-karpenter.ts");
    const kinds = kindsOf(graph);
    for (const kind of [...events, "PodIdentityAssociation", "AccessEntry"]) assert.ok(!kinds.includes(kind), kind);
    assert.deepEqual(
      graph.resources.filter(
        ({ type, inputs }) => type.includes("karpenter") || String(inputs.chart).includes("karpenter"),
      ),
      [],
    );
    const group = graph.resources.find(
      ({ key }) => key === "aws:eks/nodeGroup:NodeGroup::fast-disks-nodes-base-group",
    )!;
    assert.deepEqual(group.inputs.scalingConfig, { minSize: 3, maxSize: 3, desiredSize: 3 });
    const report = renderReport(reportOf("no-karpenter.ts", graph, {}));
    assert.match(report, /\n {2}base +2 +1 +237 +220Gi /);
    assert.match(
      report,
      /\n {4}an upgrade of Bottlerocket .*: every node is replaced, 1 at a time, with all data on it/,
    );
    assert.match(report, /nodeGroups\.base: fast-disks has no pool, so no node is started/);
    assert.match(report, /fast-disks-volumes-fast-disks {2}kubernetes:helm.sh\/v3:Release\n/);
  });

  it("change nothing that is not theirs: no patch, no tag on what was looked up, no name but their own classes'", () => {
    for (const file of ["existing-cluster.ts", "existing-karpenter.ts"]) {
      const { resources } = of(file);
      assert.deepEqual(
        resources.filter(({ type }) => /Patch$|^aws:ec2\/tag:|aws-auth/.test(type)),
        [],
      );
      const named = resources
        .filter(
          ({ type, inputs }) =>
            type.startsWith("kubernetes:") && (inputs.metadata as { name?: string } | undefined)?.name,
        )
        .map(({ inputs }) => `${String(inputs.kind)} ${(inputs.metadata as { name: string }).name}`);
      assert.deepEqual(named, ["StorageClass fast-disks"], file);
    }
  });
});
