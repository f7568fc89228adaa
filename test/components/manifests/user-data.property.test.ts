import * as toml from "@iarna/toml";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { BottlerocketSettingsSpec } from "../../../components/manifests/bottlerocket";
import { bottlerocketSettingsSchema } from "../../../components/manifests/bottlerocket";
import type { Consumer } from "../../../components/manifests/bottlerocket-checks";
import type { Table, Value } from "../../../components/manifests/bottlerocket-table";
import { renderBottlerocket } from "../../../components/manifests/bottlerocket-table";
import { validateBottlerocketSettings } from "../../../components/manifests/bottlerocket-validation";
import { renderUserData, validateMergedSettings } from "../../../components/manifests/user-data";
import { notKnown, validateBy } from "../../../components/manifests/validation";

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
const anything = fc.record<BottlerocketSettingsSpec>({ further: table, allowUnknownSettings: fc.constant(true) });
const errorsFor = (settings: BottlerocketSettingsSpec, consumer: Consumer) => [
  ...validateBottlerocketSettings(settings, "b", { consumers: [consumer] }),
  ...validateMergedSettings([settings], "b", consumer),
];
const legal = anything.filter((settings) => errorsFor(settings, "karpenter").length === 0);

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
        anything.filter((settings) => errorsFor(settings, "eks").length === 0),
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
        const further = (layers: BottlerocketSettingsSpec[]) => ({ further: renderBottlerocket(layers) });
        const merged = (layers: BottlerocketSettingsSpec[]) => plain(renderBottlerocket(layers));
        assert.deepEqual(merged([further([a, b]), c]), merged([a, further([b, c])]));
        assert.deepEqual(merged([a, {}]), merged([a]));
        assert.deepEqual(merged([a, a]), merged([a]));
      }),
    );
  });
});

describe("validateBottlerocketSettings, for any settings", () => {
  const errorsOf = (settings: unknown) =>
    validateBy(
      bottlerocketSettingsSchema,
      (spec, path) => validateBottlerocketSettings(spec, path, { consumers: ["eks", "karpenter"] }),
      settings,
      "b",
    );
  const json = fc.dictionary(key, fc.jsonValue());

  it("never throws, and gives each error a path", () => {
    fc.assert(
      fc.property(fc.record({ further: json, kubernetes: json, allowUnknownSettings: fc.boolean() }), (settings) => {
        for (const error of errorsOf(settings)) assert.match(error, /^b\.\S.*: /s);
      }),
    );
  });

  it("finds no error more for a value that is not known yet", () => {
    fc.assert(
      fc.property(json, key, (further, name) => {
        const known = errorsOf({ further, allowUnknownSettings: true });
        const errors = errorsOf({ further: { ...further, [`new-${name}`]: notKnown }, allowUnknownSettings: true });
        assert.deepEqual(
          errors.filter((error) => !error.startsWith("b.further.new-")),
          known,
        );
      }),
    );
  });
});
