import assert from "node:assert/strict";
import { bottlerocketSchema, bottlerocketSettingsSchema } from "../../../components/manifests/bottlerocket";
import { validateBottlerocketSettings } from "../../../components/manifests/bottlerocket-validation";
import { notKnown, validateBy } from "../../../components/manifests/validation";

const errorsOf = (settings: unknown) =>
  validateBy(
    bottlerocketSettingsSchema,
    (spec, path) => validateBottlerocketSettings(spec, path, { consumers: ["eks", "karpenter"] }),
    settings,
    "settings",
  );

describe("bottlerocketSettingsSchema", () => {
  it("refuses wrong shapes under the keys of the user, and reports each once", () => {
    const settings = {
      hostContainer: {},
      bootstrapContainers: { a: { source: "x", mode: "dayly", essential: "yes" } },
      kubernetes: { podPidsLimit: "1", nodeLabels: { a: true } },
      kernel: { sysctl: { "vm.max_map_count": 262144 } },
    };
    assert.deepEqual(errorsOf(settings), [
      'settings.bootstrapContainers.a.mode: must be one of off, once, always, got "dayly"',
      'settings.bootstrapContainers.a.essential: must be true or false, got "yes"; write true without quotes',
      'settings.kubernetes.nodeLabels.a: must be a string, got true; write it in quotes, for example "true"',
      'settings.kubernetes.podPidsLimit: must be a number, got "1"; write 1 without quotes',
      'settings.kernel.sysctl.vm.max_map_count: must be a string, got 262144; write it in quotes, for example "16777216"',
      'settings.hostContainer: no such setting; did you mean "hostContainers"?',
    ]);
  });

  it("checks the rest while a part is known later", () => {
    const settings = {
      hostContainers: { my_name: notKnown },
      kubernetes: {
        nodeLabels: { a: notKnown, "node-role.kubernetes.io/x": notKnown, b: "/" },
        evictionSoft: { "memory.available": notKnown },
        evictionSoftGracePeriod: notKnown,
        evictionHard: { "memory.available": notKnown },
        allowedUnsafeSysctls: ["a", notKnown],
      },
      further: { motd: notKnown, ntp: { "time-servers": notKnown }, motdd: notKnown },
    };
    assert.deepEqual(
      errorsOf(settings).map((error) => error.split(": ")[0]),
      [
        "settings.hostContainers.my_name",
        "settings.kubernetes.nodeLabels.node-role.kubernetes.io/x",
        "settings.kubernetes.nodeLabels.b",
        "settings.further.motdd",
        "settings.kubernetes.evictionHard",
      ],
    );
    assert.deepEqual(errorsOf({ kubernetes: notKnown, further: notKnown, allowUnknownSettings: notKnown }), []);
    assert.deepEqual(errorsOf({ further: { newer: 1 }, allowUnknownSettings: notKnown }), []);
  });
});

describe("bottlerocketSchema", () => {
  it("wants a version", () => {
    assert.deepEqual(
      validateBy(bottlerocketSchema, () => [], { settings: {} }, "bottlerocket"),
      ['bottlerocket.version: must be a string, got nothing; set it, for example "1.66.0"'],
    );
  });
});
