import assert from "node:assert/strict";
import { isLabelKey, isLabelValue, isReservedLabel } from "../../../components/manifests/label";

describe("isLabelKey", () => {
  it("takes keys as Kubernetes does", () => {
    for (const good of ["a", "example.com/a.b_c", `${"x".repeat(63)}.io/a`]) assert.ok(isLabelKey(good), good);
    for (const bad of ["", "a b", "a..b/c", "-a", "/a", "A.com/a", `a/${"x".repeat(64)}`, "a/b/c"])
      assert.ok(!isLabelKey(bad), bad);
  });
});

describe("isLabelValue", () => {
  it("takes values as Kubernetes does, none included", () => {
    for (const good of ["", "a", "a.b_c-d"]) assert.ok(isLabelValue(good), good);
    for (const bad of ["a b", "-a", "a/b", "x".repeat(64)]) assert.ok(!isLabelValue(bad), bad);
  });
});

describe("isReservedLabel", () => {
  it("reserves domains that end like Karpenter's, as its definitions do", () => {
    for (const reserved of ["karpenter.sh/a", "notkarpenter.sh/a", "karpenter.sh", "x.k8s.io/a"])
      assert.ok(isReservedLabel(reserved), reserved);
    for (const free of ["example.com/karpenter.sh", "xk8s.io/a"]) assert.ok(!isReservedLabel(free), free);
  });
});
