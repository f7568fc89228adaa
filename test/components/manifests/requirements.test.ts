import assert from "node:assert/strict";
import type { Requirement } from "../../../catalogue/requirements";
import { instanceTypeRules, requirementRules } from "../../../components/manifests/requirements";
import { check } from "../../../components/manifests/validation";
import { refusesEach } from "../../support/errors";

const aws = "karpenter.k8s.aws/instance-";
const category = { key: `${aws}category`, operator: "In", values: ["c", "m", "r"] };
const cpu = (operator: string, ...values: string[]): Requirement[] => [{ key: `${aws}cpu`, operator, values }];

describe("requirementRules", () => {
  const validate = (requirements: Requirement[]) =>
    check(
      "",
      requirementRules("requirements", () => requirements),
    );
  refusesEach<Requirement[]>(validate, [
    [
      "requirements that no type meets, naming the one to drop",
      [category, ...cpu("In", "3")],
      /^requirements: no arm64 instance type with local NVMe matches; drop "instance-cpu In \[3\]" or add a family such as "c8gd"$/,
    ],
    [
      "another architecture",
      [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
      /^requirements: no arm64/,
    ],
    [
      "a misspelt label of Karpenter",
      [{ key: `${aws}famliy`, operator: "Exists" }],
      /^requirements\.0\.key: must be a label that Karpenter knows/,
    ],
    [
      "capacity type as requirement",
      [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }],
      /^requirements\.0: set the pool's capacityTypes/,
    ],
    ["a hostname", [{ key: "kubernetes.io/hostname", operator: "Exists" }], /must be a label that Karpenter knows/],
    [
      "a key with a space",
      [{ key: "a b", operator: "Exists" }],
      /^requirements\.0\.key: must be a Kubernetes label key/,
    ],
    ["an unknown operator", cpu("in", "4"), /^requirements\.0\.operator: must be one of In, NotIn/],
    ["In without values", cpu("In"), /^requirements\.0\.values: operator In needs at least one, got none/],
    ["Exists with values", cpu("Exists", "4"), /operator Exists takes none, got \[4\]/],
    ["DoesNotExist with values", cpu("DoesNotExist", "4"), /operator DoesNotExist takes none/],
    ["Gt with two values", cpu("Gt", "4", "8"), /operator Gt takes one whole number in quotes, got \[4, 8\]/],
    ["Lte of a word", cpu("Lte", "many"), /operator Lte takes one whole number/],
    ["a value with a slash", cpu("In", "a/b"), /^requirements\.0\.values: must be Kubernetes label values, got "a\/b"/],
    ["91 requirements", Array<Requirement>(91).fill(category), /^requirements: must be at most 90, got 91/],
  ]);
  it("takes labels that only AWS can judge, and one's own", () => {
    const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] };
    assert.deepEqual(validate([category, zone, { key: "example.com/team", operator: "Exists" }]), []);
  });
});

describe("instanceTypeRules", () => {
  const validate = (types: string[]) =>
    check(
      "",
      instanceTypeRules("instanceTypes", () => types),
    );
  refusesEach<string[]>(validate, [
    ["an empty list", [], /^instanceTypes: must list at least one type, got none$/],
    [
      "a type without disk, naming its sibling",
      ["m7g.xlarge"],
      /^instanceTypes\.0: .* called "m7g\.xlarge"; use for example "m7gd\.xlarge"$/,
    ],
    ["an x86 type", ["c8gd.xlarge", "m6id.large"], /^instanceTypes\.1: no arm64 type with local NVMe/],
  ]);
});
