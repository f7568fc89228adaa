import assert from "node:assert/strict";
import { isWithin, networkOf } from "../../../components/manifests/cidr";
import type { Cidr } from "../../../components/manifests/cidr";
import { subnetRangesOf, validateNetworkArgs, validateVpc, zoneCountOf } from "../../../components/manifests/network";
import type { NewVpcSpec, VpcSpec } from "../../../components/manifests/network";
import { refusesEach } from "../../support/errors";

const newVpc = (spec: NewVpcSpec): VpcSpec => ({ newVpc: spec });
const existing = (spec: object): VpcSpec => ({ existingVpc: { vpcId: "vpc-0123456789abcdef0", ...spec } });
const terms = (...subnets: object[]) => existing({ subnets });

describe("validateVpc", () => {
  refusesEach<VpcSpec>(
    (spec) => validateVpc(spec, "network"),
    [
      ["nothing", {}, /^network\.newVpc: set exactly one of newVpc and existingVpc$/],
      ["both", { newVpc: {}, ...terms({ id: "subnet-01234567" }) }, /^network\.newVpc: set exactly one/],
      [
        "a range of /21",
        newVpc({ cidrBlock: "10.0.0.0/21" }),
        /^network\.newVpc\.cidrBlock: must be a network range of \/16 to \/20/,
      ],
      ["a range of /8", newVpc({ cidrBlock: "10.0.0.0/8" }), /cidrBlock: must be a network range of/],
      [
        "a public range",
        newVpc({ cidrBlock: "8.8.0.0/16" }),
        /cidrBlock: must be private, .* got "8\.8\.0\.0\/16"; use a part of 10/,
      ],
      [
        "an address inside a range",
        newVpc({ cidrBlock: "10.0.0.1/16" }),
        /cidrBlock: must start at its network address/,
      ],
      ["one zone", newVpc({ zones: 1 }), /^network\.newVpc\.zones: must be 2 to 6, EKS needs two, got 1$/],
      ["seven zones", newVpc({ zones: 7 }), /zones: must be 2 to 6/],
      ["half a zone", newVpc({ zones: 2.5 }), /zones: must be 2 to 6/],
      [
        "zones twice",
        newVpc({ zones: 2, zoneNames: ["us-east-1a", "us-east-1b"] }),
        /zones: set at most one of zones and zoneNames/,
      ],
      [
        "a zone twice",
        newVpc({ zoneNames: ["us-east-1a", "us-east-1a"] }),
        /zoneNames: must be 2 to 6 different zones/,
      ],
      [
        "a zone by id",
        newVpc({ zoneNames: ["use1-az1", "us-east-1b"] }),
        /zoneNames: must be names of zones .* got "use1-az1"/,
      ],
      [
        "a VPC by name",
        existing({ vpcId: "main", subnets: [{ id: "subnet-01234567" }] }),
        /^network\.existingVpc\.vpcId: must be an id such as/,
      ],
      ["neither ids nor terms", existing({}), /existingVpc\.subnets: set exactly one of subnets and subnetIds/],
      [
        "one subnet",
        existing({ subnetIds: ["subnet-01234567"] }),
        /subnetIds: must be two subnets or more, EKS needs two zones, got 1/,
      ],
      ["no terms", terms(), /^network\.existingVpc\.subnets: must have at least one term/],
      [
        "a term with id and tags",
        terms({ id: "subnet-01234567", tags: { a: "b" } }),
        /subnets\.0: set exactly one of id and tags/,
      ],
      ["a term of no tags", terms({ tags: {} }), /subnets\.0\.tags: must have 1 to 20 tags, got 0/],
      ["a tag without value", terms({ tags: { a: "" } }), /subnets\.0\.tags: must have no empty key or value/],
      [
        "a security group among the subnets",
        terms({ id: "sg-01234567" }),
        /subnets\.0\.id: must be an id such as subnet-/,
      ],
    ],
  );
  it("takes several terms, as the recipe has them, and zones by name", () => {
    const spec = terms({ tags: { Name: "us-east-1a" } }, { tags: { Name: "us-east-1b" } }, { id: "subnet-01234567" });
    assert.deepEqual(validateVpc(spec, ""), []);
    assert.deepEqual(validateVpc(newVpc({ zoneNames: ["us-gov-west-1a", "us-gov-west-1b"] }), ""), []);
  });
});

describe("validateNetworkArgs", () => {
  it("reports shapes and rules at once", () => {
    const errors = validateNetworkArgs({ clusterName: "dev", newVpc: { zones: "3", cidrBlock: "x", nat: "Single" } });
    assert.equal(errors.length, 3, errors.join("\n"));
    for (const key of ["zones", "cidrBlock", "nat"])
      assert.ok(errors.some((error) => error.startsWith(`newVpc.${key}: `)));
  });
});

describe("subnetRangesOf", () => {
  const last = ({ first, prefix }: Cidr) => first + 2 ** (32 - prefix) - 1;
  for (const range of ["10.0.0.0/16", "10.0.128.0/17", "172.16.64.0/18", "192.168.32.0/19", "10.255.240.0/20"])
    it(`cuts ${range} into twelve ranges that lie within it and do not overlap`, () => {
      const zones = [0, 1, 2, 3, 4, 5].map((zone) => subnetRangesOf(range, zone));
      const ranges = zones.flatMap((zone) => [zone.private, zone.public]).map(networkOf);
      ranges.sort((left, right) => left.first - right.first);
      for (const [index, one] of ranges.entries()) {
        assert.ok(isWithin(one, networkOf(range)));
        const next = ranges[index + 1];
        if (next) assert.ok(last(one) < next.first, `${index}`);
        // AWS's smallest subnet.
        assert.ok(one.prefix <= 28);
      }
    });
});

describe("zoneCountOf", () => {
  it("counts names, takes the number, or three", () => {
    assert.deepEqual([{ zoneNames: ["a", "b"] }, { zones: 4 }, {}].map(zoneCountOf), [2, 4, 3]);
  });
});
