import assert from "node:assert/strict";
import { exclude, placementOf, poolOf, selects } from "../../policies/pool";
import type { Value } from "../../policies/value";

const term = (...matchExpressions: Value[]): Value => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
});
const one = (key: string, operator: string, ...values: string[]): Value => ({ key, operator, values });
const pool = (labels: Record<string, string>, ...requirements: Value[]) =>
  poolOf({
    type: "kubernetes:karpenter.sh/v1:NodePool",
    name: "pool",
    urn: "urn",
    dependencies: [],
    sources: {},
    props: { metadata: { name: "databases" }, spec: { template: { metadata: { labels }, spec: { requirements } } } },
  });

describe("selects", () => {
  const disks = pool({ team: "data" }, one("kubernetes.io/arch", "In", "arm64"), one("tier", "In", "a", "b"));
  const rows: [name: string, pod: Value, selected: boolean][] = [
    ["a label of the template", { nodeSelector: { team: "data" } }, true],
    ["another value of it", { nodeSelector: { team: "web" } }, false],
    ["a label that a requirement offers", { nodeSelector: { tier: "b" } }, true],
    ["a value that no requirement offers", { nodeSelector: { tier: "c" } }, false],
    ["the pool by its name", { nodeSelector: { "karpenter.sh/nodepool": "databases" } }, true],
    ["another pool", { nodeSelector: { "karpenter.sh/nodepool": "web" } }, false],
    ["all nodes", {}, false],
    ["all nodes of an OS and an architecture", { nodeSelector: { "kubernetes.io/arch": "arm64" } }, false],
    ["a label of its own beside the OS", { nodeSelector: { "kubernetes.io/os": "linux", team: "data" } }, true],
    ["a label that the pool lacks", { nodeSelector: { team: "data", rack: "7" } }, false],
    ["required affinity", term(one("team", "In", "web", "data")), true],
    ["that a label is there", term(one("tier", "Exists")), true],
    ["that a label is not there", term(one("team", "DoesNotExist")), false],
    ["all nodes without a label", term(one("rack", "DoesNotExist")), false],
    ["all values but its own", term(one("team", "NotIn", "data")), false],
  ];
  for (const [name, pod, selected] of rows)
    it(`${selected ? "takes" : "does not take"} ${name}`, () => {
      assert.equal(selects(placementOf(pod), disks), selected);
    });
});

describe("exclude", () => {
  const rows: [name: string, left: Value, right: Value, excluded: boolean][] = [
    ["two values of a label", { nodeSelector: { a: "1" } }, { nodeSelector: { a: "2" } }, true],
    ["the same value", { nodeSelector: { a: "1" } }, { nodeSelector: { a: "1" } }, false],
    ["two labels", { nodeSelector: { a: "1" } }, { nodeSelector: { b: "1" } }, false],
    ["one and all", { nodeSelector: { a: "1" } }, {}, false],
    ["a value and all but it", { nodeSelector: { a: "1" } }, term(one("a", "NotIn", "1")), true],
    ["a label and its absence", term(one("a", "Exists")), term(one("a", "DoesNotExist")), true],
    ["lists that share a value", term(one("a", "In", "1", "2")), term(one("a", "In", "2", "3")), false],
  ];
  for (const [name, left, right, excluded] of rows)
    it(`tells ${name}`, () => {
      assert.equal(exclude(placementOf(left), placementOf(right)), excluded);
      assert.equal(exclude(placementOf(right), placementOf(left)), excluded);
    });
});
