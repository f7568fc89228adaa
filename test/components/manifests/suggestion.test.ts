import assert from "node:assert/strict";
import * as z from "zod";
import { nearest, suggestKey, suggestValue } from "../../../components/manifests/suggestion";

const schema = z.strictObject({ cluster: z.strictObject({ name: z.string() }), bootImage: z.string().optional() });

describe("nearest", () => {
  it("finds what differs in case, hyphens or two letters", () => {
    assert.equal(nearest("boot-image", ["bootImage", "cluster"]), "bootImage");
    assert.equal(nearest("clutser", ["bootImage", "cluster"]), "cluster");
    assert.equal(nearest("network", ["bootImage", "cluster"]), undefined);
  });
});

describe("suggestKey", () => {
  it("names a like key, the same key elsewhere, or the keys that there are", () => {
    assert.equal(suggestKey(schema, [], "bootimage"), '; did you mean "bootImage"?');
    assert.equal(suggestKey(schema, [], "name"), '; did you mean "cluster.name"?');
    assert.equal(suggestKey(schema, ["cluster"], "zzzz"), "; known are name");
  });
});

describe("suggestValue", () => {
  it("names the value that was meant, if any", () => {
    assert.equal(suggestValue(["Delete", "Retain"], "delete"), '; did you mean "Delete"?');
    assert.equal(suggestValue(["Delete", "Retain"], 7), "");
  });
});
