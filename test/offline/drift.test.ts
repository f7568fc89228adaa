import assert from "node:assert/strict";
import { renderNodePool } from "../../components/manifests/node-pool";
import type { PoolSpec } from "../../components/manifests/pool";
import { driftOf } from "../../offline/drift";
import type { Resource } from "../../offline/graph";
import type { PlannedPool } from "../../offline/planned-pool";

function resource(type: string, inputs: object): Resource {
  return {
    key: `${type}::fast`,
    type,
    name: "fast",
    custom: true,
    remote: false,
    inputs: inputs as Record<string, unknown>,
    outputInputs: [],
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    replaceOnChanges: [],
    ignoreChanges: [],
    retainOnDelete: false,
  };
}

function pool(spec: PoolSpec, nodeClass: object = {}): PlannedPool {
  return {
    name: "fast",
    nodePool: resource("kubernetes:karpenter.sh/v1:NodePool", renderNodePool(spec, "fast")),
    nodeClass: resource("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", { kind: "EC2NodeClass", spec: nodeClass }),
  };
}

const types = ["c8gd.xlarge", "m8gd.xlarge"];
const both = { instanceTypes: types, capacityTypes: ["spot", "on-demand"] } satisfies PoolSpec;
const zone = (name: string) => ({ key: "topology.kubernetes.io/zone", operator: "In", values: [name] });
const family = { key: "karpenter.k8s.aws/instance-family", operator: "In", values: ["c8gd"] };
const subnets = (...ids: string[]) => ({ subnetSelectorTerms: ids.map((id) => ({ id })) });
const groups = (...ids: string[]) => ({ securityGroupSelectorTerms: ids.map((id) => ({ id })) });

const rows: [what: string, before: PlannedPool, after: PlannedPool, nodes: string, reason: RegExp][] = [
  ["more types", pool({ instanceTypes: types }), pool({ instanceTypes: [...types, "r8gd.xlarge"] }), "none", /^$/],
  [
    "one type less",
    pool({ instanceTypes: types }),
    pool({ instanceTypes: ["c8gd.xlarge"] }),
    "some",
    /^nodes of m8gd.xlarge$/,
  ],
  [
    "other types only",
    pool({ instanceTypes: types }),
    pool({ instanceTypes: ["r8gd.xlarge"] }),
    "all",
    /^nodes of c8gd.xlarge, m8gd.xlarge$/,
  ],
  ["on-demand added", pool({ instanceTypes: types }), pool(both), "none", /^$/],
  ["on-demand taken away", pool(both), pool({ instanceTypes: types }), "some", /^on-demand nodes$/],
  [
    "another zone",
    pool({ requirements: [family, zone("us-east-1a")] }),
    pool({ requirements: [family, zone("us-east-1b")] }),
    "some",
    /label topology.kubernetes.io\/zone /,
  ],
  [
    "no zone any more",
    pool({ requirements: [family, zone("us-east-1a")] }),
    pool({ requirements: [family] }),
    "none",
    /^$/,
  ],
  ["a subnet more", pool(both, subnets("subnet-a")), pool(both, subnets("subnet-b", "subnet-a")), "none", /^$/],
  [
    "a subnet less",
    pool(both, subnets("subnet-a", "subnet-b")),
    pool(both, subnets("subnet-b")),
    "some",
    /^nodes in subnets of subnet-a$/,
  ],
  ["a security group more", pool(both, groups("sg-a")), pool(both, groups("sg-a", "sg-b")), "all", /^other security/],
  ["security groups in another order", pool(both, groups("a", "b")), pool(both, groups("b", "a")), "none", /^$/],
];

describe("driftOf", () => {
  for (const [what, before, after, nodes, reason] of rows)
    it(`says which nodes drift: ${what}`, () => {
      const drift = driftOf(before, after, []);
      assert.equal(drift.nodes, nodes);
      assert.match(drift.reasons.join(), reason);
    });
});
