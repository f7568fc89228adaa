import assert from "node:assert/strict";
import { selectorTermRules } from "../../../components/manifests/selector-term";
import type { SelectorTermSpec } from "../../../components/manifests/selector-term";
import { check } from "../../../components/manifests/validation";
import { refusesEach } from "../../support/errors";

const id = "sg-01234567";

describe("selectorTermRules", () => {
  const validate = (terms: SelectorTermSpec[]) =>
    check(
      "",
      selectorTermRules("groups", "sg", () => terms),
    );
  refusesEach<SelectorTermSpec[]>(validate, [
    ["no term", [], /^groups: must have at least one term with id or tags, got none$/],
    ["31 terms", Array<SelectorTermSpec>(31).fill({ id }), /^groups: must have at most 30 terms, got 31$/],
    ["an empty term", [{ id }, {}], /^groups\.1: set exactly one of id and tags$/],
    ["an id of another kind", [{ id: "subnet-01234567" }], /^groups\.0\.id: must be an id such as sg-0123/],
    ["an empty key", [{ tags: { "": "a" } }], /^groups\.0\.tags: must have no empty key or value/],
  ]);
  it("takes ids and tags, and waits for terms that are not stated", () => {
    assert.deepEqual(validate([{ id }, { tags: { a: "*" } }]), []);
    assert.deepEqual(
      check(
        "",
        selectorTermRules("groups", "sg", () => undefined),
      ),
      [],
    );
  });
});
