import assert from "node:assert/strict";
import { instanceTrust, podIdentityTrust, trustOf } from "../../../components/manifests/iam";

describe("trustOf", () => {
  it("lets one service assume the role", () => {
    assert.deepEqual(trustOf("a.amazonaws.com", ["sts:AssumeRole"]), {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "a.amazonaws.com" }, Action: ["sts:AssumeRole"] }],
    });
    assert.match(JSON.stringify(instanceTrust), /"ec2\.amazonaws\.com"/);
    assert.match(
      JSON.stringify(podIdentityTrust),
      /"pods\.eks\.amazonaws\.com"\},"Action":\["sts:AssumeRole","sts:TagSession"\]/,
    );
  });
});
