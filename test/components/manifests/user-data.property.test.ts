import * as toml from "@iarna/toml";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { BottlerocketSettings, Table, Value } from "../../../components/manifests/bottlerocket";
import { renderBottlerocket, validateBottlerocket } from "../../../components/manifests/bottlerocket";
import { renderUserData, validateUserData } from "../../../components/manifests/user-data";

const key = fc.oneof(fc.stringMatching(/^[a-z-]{1,8}$/), fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }));
// The parser that reads our TOML back takes a table called toString for one that is there already.
const readable = key.filter((name) => !(name in Object.prototype));
const scalar = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { table } = fc.letrec<{ table: Table; value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(fc.string(), { maxLength: 3 }),
    fc.array(fc.integer()),
    tie("table"),
  ),
  table: fc.dictionary(readable, tie("value"), { maxKeys: 4 }),
}));
const anything = fc.record<BottlerocketSettings>({ further: table });
const legal = anything.filter((settings) => validateUserData([settings], "karpenter").length === 0);

// TOML tells 1.0 from 1 and -0 from 0, JavaScript does not; objects of the parser have no prototype.
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("renderUserData, for any settings", () => {
  it("parses back to the very value that was rendered", () => {
    fc.assert(
      fc.property(legal, (settings) => {
        const parsed = toml.parse(renderUserData([settings])) as unknown as { settings: Table };
        const expected = renderBottlerocket([{ hostContainers: { control: { enabled: true } } }, settings]);
        assert.deepEqual(plain(parsed.settings), plain(expected));
      }),
      { numRuns: 500 },
    );
  });

  it("is TOML without quoted headers, escapes and control characters where EKS takes it", () => {
    fc.assert(
      fc.property(
        anything.filter((settings) => validateUserData([settings], "eks").length === 0),
        (settings) => {
          const text = renderUserData([settings]);
          toml.parse(text);
          assert.doesNotMatch(text, /^\s*\[.*"/m);
          assert.doesNotMatch(text, /\\/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("renderBottlerocket, for any layers", () => {
  it("is associative, has no effect of an empty layer, and keeps a layer over itself", () => {
    fc.assert(
      fc.property(anything, anything, anything, (a, b, c) => {
        const further = (layers: BottlerocketSettings[]) => ({ further: renderBottlerocket(layers) });
        const merged = (layers: BottlerocketSettings[]) => plain(renderBottlerocket(layers));
        assert.deepEqual(merged([further([a, b]), c]), merged([a, further([b, c])]));
        assert.deepEqual(merged([a, {}]), merged([a]));
        assert.deepEqual(merged([a, a]), merged([a]));
      }),
    );
  });
});

describe("validateBottlerocket, for any settings", () => {
  it("never throws, and gives each fault a path", () => {
    fc.assert(
      fc.property(fc.record({ further: fc.dictionary(key, fc.jsonValue()) }), (settings) => {
        for (const fault of validateBottlerocket(settings)) assert.match(fault, /^\S.*: /s);
      }),
    );
  });
});
