import assert from "node:assert/strict";
import { validateKarpenterIdentityArgs } from "../../../components/manifests/karpenter-identity";

describe("validateKarpenterIdentityArgs", () => {
  it("takes names and ARNs, and refuses a list of profiles as text", () => {
    const args = { clusterName: "dev", queueArn: "arn" };
    assert.deepEqual(validateKarpenterIdentityArgs(args), []);
    const errors = validateKarpenterIdentityArgs({ ...args, instanceProfiles: "ready" });
    assert.match(errors.join("\n"), /^instanceProfiles: must be a list, got "ready"/);
  });
});
