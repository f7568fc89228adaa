import assert from "node:assert/strict";
import { renderPlacement, systemNodesOnly } from "../../../components/manifests/placement";

describe("renderPlacement", () => {
  it("selects, tolerates and keeps consumers of all namespaces apart by host", () => {
    const { labels, spec } = renderPlacement();
    assert.deepEqual(spec.nodeSelector, { "eks-fast-disks/class": "fast-disks" });
    assert.deepEqual(spec.tolerations, [
      { key: "eks-fast-disks/class", operator: "Equal", value: "fast-disks", effect: "NoSchedule" },
    ]);
    assert.deepEqual(spec.affinity, {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels }, namespaceSelector: {} },
        ],
      },
    });
    assert.deepEqual(renderPlacement("dense").spec.nodeSelector, { "eks-fast-disks/class": "dense" });
  });

  it("requests nothing where a node has one consumer", () => {
    for (const placement of [renderPlacement(), renderPlacement("fast-disks", "exclusive")])
      assert.deepEqual(placement.resources, { requests: {}, limits: {} });
  });

  it("requests a disk in place of keeping apart where disks are counted, and selects and tolerates as before", () => {
    const { affinity, ...before } = renderPlacement("dense").spec;
    assert.notDeepEqual(affinity, {});
    const counted = renderPlacement("dense", "counted");
    assert.deepEqual(counted, {
      labels: renderPlacement("dense").labels,
      spec: { ...before, affinity: {} },
      resources: { requests: { "eks-fast-disks/disk": "1" }, limits: { "eks-fast-disks/disk": "1" } },
    });
  });
});

describe("systemNodesOnly", () => {
  it("keeps off the nodes that Karpenter makes, and off all that have fast disks", () => {
    const [term, ...more] = systemNodesOnly.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    // Both in one term: terms are alternatives.
    assert.deepEqual(
      [term?.matchExpressions, more],
      [
        [
          { key: "karpenter.sh/nodepool", operator: "DoesNotExist" },
          { key: "eks-fast-disks/class", operator: "DoesNotExist" },
        ],
        [],
      ],
    );
  });
});
