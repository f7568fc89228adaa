import assert from "node:assert/strict";
import { instanceTypes } from "../../catalogue/instance-types";
import { evaluatedLabels, matchingTypes, operators, permits } from "../../catalogue/requirements";

const aws = "karpenter.k8s.aws/instance-";
const count = (key: string, operator: string, ...values: string[]) =>
  matchingTypes([{ key, operator, ...(values.length > 0 && { values }) }]).length;

describe("matchingTypes", () => {
  const all = instanceTypes.length;

  it("evaluates every label that it knows, also the manufacturer of the CPU", () => {
    assert.equal(count(`${aws}cpu-manufacturer`, "In", "intel"), 0);
    assert.equal(count(`${aws}cpu-manufacturer`, "In", "aws"), all);
    for (const label of evaluatedLabels) {
      assert.equal(count(label, "Exists"), all, label);
      assert.equal(count(label, "DoesNotExist"), 0, label);
      assert.equal(count(label, "In", "none"), 0, label);
      assert.equal(count(label, "NotIn", "none"), all, label);
    }
  });

  it("compares numbers at their bounds", () => {
    const eight = count(`${aws}cpu`, "In", "8");
    assert.ok(eight > 0);
    assert.equal(count(`${aws}cpu`, "Gte", "8"), count(`${aws}cpu`, "Gt", "8") + eight);
    assert.equal(count(`${aws}cpu`, "Lte", "8"), count(`${aws}cpu`, "Lt", "8") + eight);
    assert.equal(count(`${aws}cpu`, "Lte", "8") + count(`${aws}cpu`, "Gt", "8"), all);
  });

  it("reads the labels that Karpenter has replaced", () => {
    assert.equal(count("beta.kubernetes.io/arch", "In", "amd64"), 0);
    assert.equal(count("beta.kubernetes.io/instance-type", "In", "c8gd.xlarge"), 1);
  });

  it("lets labels and operators that it does not know restrict nothing", () => {
    assert.equal(count("example.com/team", "In", "data"), all);
    assert.equal(count("topology.kubernetes.io/zone", "NotIn", "us-east-1a"), all);
    assert.equal(count(`${aws}cpu`, "Like", "8"), all);
  });

  it("intersects the requirements of one label", () => {
    const families = ["c7gd", "c8gd"];
    const both = [
      { key: `${aws}family`, operator: "In", values: families },
      { key: `${aws}family`, operator: "NotIn", values: ["c7gd"] },
    ];
    assert.deepEqual(matchingTypes(both), matchingTypes([{ ...both[0]!, values: ["c8gd"] }]));
  });
});

describe("permits", () => {
  const label = "karpenter.sh/capacity-type";
  const permitted = (...requirements: [operator: string, ...values: string[]][]) =>
    ["spot", "on-demand", undefined].filter((value) =>
      permits(
        requirements.map(([operator, ...values]) => ({ key: label, operator, values })),
        label,
        value,
      ),
    );

  it("leaves a label what all of its requirements leave", () => {
    assert.deepEqual(permitted(), ["spot", "on-demand", undefined]);
    assert.deepEqual(permitted(["In", "spot"]), ["spot"]);
    assert.deepEqual(permitted(["NotIn", "on-demand"]), ["spot", undefined]);
    assert.deepEqual(permitted(["Exists"], ["NotIn", "on-demand"]), ["spot"]);
    assert.deepEqual(permitted(["In", "spot", "on-demand"], ["In", "on-demand"]), ["on-demand"]);
    assert.deepEqual(permitted(["DoesNotExist"]), [undefined]);
  });

  it("leaves out no label that has to be a number", () => {
    for (const operator of operators.filter((one) => /^[GL]t/.test(one)))
      assert.equal(
        permits([{ key: `${aws}local-nvme`, operator, values: ["1"] }], `${aws}local-nvme`, undefined),
        false,
      );
  });
});
