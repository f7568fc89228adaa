import assert from "node:assert/strict";
import type { Check } from "../../../components/manifests/bottlerocket-checks";
import * as is from "../../../components/manifests/bottlerocket-checks";
import type { Value } from "../../../components/manifests/bottlerocket-table";

const domain = (length: number) => `${"a".repeat(62)}.`.repeat(4).slice(0, length - 1) + "b";

// What Kubernetes' and Bottlerocket's own parsers say of the same values.
const values: [name: string, check: Check, accepted: Value[], refused: Value[]][] = [
  ["base64", is.base64, ["", "e30=", "aGk=", "QUJD"], ["e30", "e31=", "{}", "e30=\n", "e30==", "-_==", 1]],
  [
    "bytes",
    is.bytes,
    ["10Mi", "10M", "10k", "1.5M", "1.5k", "0", "1048576", "8388607Ti"],
    ["10mb", "10 Mi", "100m", "1000m", "1n", "10K", "1.5Gi", "0.5", "1.0", "-1", "8388608Ti", "9999999P", "", 10],
  ],
  ["a quantity", is.quantity, ["100m", "0.5", "1Gi", "129e6", "1n"], ["1GB", "1K", "", "-1", "+1", "1 Gi", 1]],
  [
    "a threshold",
    is.threshold,
    ["0%", "99.9%", "99.9999%", "100Mi", "1.5Gi"],
    ["100%", "99.9999999%", "-1%", "%", "0", "0Mi", "1e1%", "5 %", 5],
  ],
  [
    "a duration",
    is.duration,
    ["9ms", "99s", "1h30m", "1h2m3s10ms", "1.5h3.5m", "2h10ms"],
    ["", "30", "1m2h", "1s1s", "1m1m", "9ns", "1h 2m", "1..5s", 30],
  ],
  ["a percentage", is.percent, ["0", "85", "100", 85, 0], ["101", "-1", "08", "8.5", 101, 8.5, true]],
  [
    "taints",
    is.taints,
    [["a:NoSchedule"], [":NoExecute", "b:PreferNoSchedule"]],
    [[], ["a"], ["a:NoSchedul"], "a:NoSchedule", [1]],
  ],
  ["an image", is.image, ["a", "registry:5000/a@sha256:0"], ["", "a b", "ä", 'a"b', "a\\b", "a\n"]],
  ["32 bits from two", is.whole(2), [2, 2147483647], [1, 0, -1, 2147483648, 2.5, "2"]],
  ["commands", is.commands, [[], [["apiclient", "set"]]], [["apiclient"], [["rm"]], [[]], [["apiclient", 1]]]],
  ["lines", is.lines, [[], ["a b"]], [["a\nb"], "a", [1]]],
];

const keys: [name: string, check: Check, accepted: string[], refused: string[]][] = [
  [
    "a label key",
    is.labelKey,
    ["a", "example.com/camelCase_1.x", "a/b", "x".repeat(63), `${domain(253)}/b`],
    [
      "",
      "a b",
      "Example.com/a",
      "a_b.c/x",
      "a..b/x",
      "-a.c/x",
      "a./b",
      "a/b/c",
      "/a",
      "x".repeat(64),
      `${domain(253)}/bc`,
    ],
  ],
  [
    "a label that kubelet sets",
    is.kubeletTakes,
    [
      ...["node.kubernetes.io/x", "a.node.kubernetes.io/x", "kubelet.kubernetes.io/x", "kubernetes.io/hostname"],
      ...[
        "topology.kubernetes.io/zone",
        "beta.kubernetes.io/instance-type",
        "my-kubernetes.io/x",
        "example.com/k8s.io",
        "x",
      ],
    ],
    [
      ...["node-role.kubernetes.io/worker", "node-role.kubernetes.io/", "kubernetes.io/x", "k8s.io/x", "a.k8s.io/x"],
      ...["node-restriction.kubernetes.io/x", "topology.kubernetes.io/rack", "node.k8s.io/x", "xnode.kubernetes.io/x"],
    ],
  ],
  ["an identifier", is.identifier, ["a", "-A-9-", "x".repeat(76)], ["", "a_b", "a.b", "x".repeat(77)]],
];

describe("checks of settings", () => {
  for (const [name, check, accepted, refused] of values) {
    for (const value of accepted)
      it(`take ${JSON.stringify(value)} for ${name}`, () => {
        assert.equal(check.holds(value, ""), true);
      });
    for (const value of refused)
      it(`refuse ${JSON.stringify(value)} for ${name}`, () => {
        assert.equal(check.holds(value, ""), false);
      });
  }
  for (const [name, check, accepted, refused] of keys)
    it(`tell ${name} from other keys`, () => {
      assert.deepEqual(
        accepted.filter((key) => !check.holds("", key)),
        [],
      );
      assert.deepEqual(
        refused.filter((key) => check.holds("", key)),
        [],
      );
    });
});
