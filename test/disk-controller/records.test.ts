import assert from "node:assert/strict";
import {
  claimRecord,
  nodeClaimRecord,
  nodeRecord,
  podRecord,
  resource,
  volumeRecord,
} from "../../disk-controller/records";
import type { Pod } from "../../disk-controller/records";

const metadata = { name: "one", uid: "1", resourceVersion: "2" };
const meta = { name: "one", namespace: undefined, uid: "1", resourceVersion: "2" };
const classes = new Set(["fast-disks"]);

describe("nodeRecord", () => {
  it("keeps what decides, and takes the name for the hostname where no label says another", () => {
    assert.deepEqual(nodeRecord({ metadata, spec: {} }), {
      metadata: meta,
      hostname: "one",
      storageClass: undefined,
      diskBytes: undefined,
      providerID: undefined,
      karpenter: false,
      ready: undefined,
      taints: [],
      advertised: undefined,
      owned: false,
    });
    const labels = {
      "kubernetes.io/hostname": "host",
      "eks-fast-disks/class": "fast-disks",
      "karpenter.sh/nodepool": "pool",
    };
    const { hostname, storageClass, karpenter } = nodeRecord({ metadata: { ...metadata, labels }, spec: {} });
    assert.deepEqual([hostname, storageClass, karpenter], ["host", "fast-disks", true]);
  });

  it("knows how many bytes of disks Karpenter says that its type has", () => {
    const labels = { "karpenter.k8s.aws/instance-local-nvme": "237" };
    assert.equal(nodeRecord({ metadata: { ...metadata, labels }, spec: {} }).diskBytes, 237e9);
  });

  it("knows since when it takes pods", () => {
    const ready = (status: string) =>
      nodeRecord({
        metadata,
        spec: {},
        status: { conditions: [{ type: "Ready", status, lastTransitionTime: "2026-11-24T10:00:00Z" }] },
      }).ready;
    assert.deepEqual([ready("True"), ready("False")], [Date.parse("2026-11-24T10:00:00Z"), undefined]);
  });

  it("takes a number for advertised only where both places have it", () => {
    const advertised = (capacity: string, allocatable: string) =>
      nodeRecord({
        metadata,
        spec: {},
        status: { capacity: { [resource]: capacity }, allocatable: { [resource]: allocatable } },
      }).advertised;
    assert.deepEqual([advertised("2", "2"), advertised("2", "0")], ["2", undefined]);
  });

  it("knows what it has written itself", () => {
    const owned = (manager: string, field: string) =>
      nodeRecord({
        metadata: { ...metadata, managedFields: [{ manager, fieldsV1: { "f:status": { [field]: {} } } }] },
        spec: {},
      }).owned;
    const ours = "eks-fast-disks-controller";
    assert.ok(owned(ours, `f:${resource}`));
    assert.ok(!owned(ours, "f:cpu"));
    assert.ok(!owned("kubelet", `f:${resource}`));
  });
});

describe("volumeRecord", () => {
  const volume = (storageClassName: string, key = "kubernetes.io/hostname") => ({
    metadata,
    spec: {
      storageClassName,
      claimRef: { namespace: "default", name: "c", uid: "9" },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, values: ["host"] }] }] } },
    },
    status: { phase: "Bound" },
  });
  it("keeps the host and the claim", () => {
    assert.deepEqual(volumeRecord(volume("fast-disks"), classes), {
      metadata: meta,
      hostname: "host",
      phase: "Bound",
      bytes: 0,
      claim: "default/c",
      claimUid: "9",
    });
  });
  it("knows its bytes, as the provisioner writes them", () => {
    const bytes = (storage: string) => {
      const { spec, ...others } = volume("fast-disks");
      return volumeRecord({ ...others, spec: { ...spec, capacity: { storage } } }, classes)?.bytes;
    };
    assert.deepEqual(["220Gi", "64Mi", "512", "100G", "1k", "half"].map(bytes), [
      220 * 1024 ** 3,
      64 * 1024 ** 2,
      512,
      100e9,
      1000,
      0,
    ]);
  });
  it("drops another class, and a volume of no node", () => {
    assert.equal(volumeRecord(volume("slow"), classes), undefined);
    assert.equal(volumeRecord(volume("fast-disks", "topology.kubernetes.io/zone"), classes), undefined);
  });
});

describe("claimRecord", () => {
  it("drops another class", () => {
    assert.deepEqual(claimRecord({ metadata, spec: { storageClassName: "fast-disks" } }, classes), { metadata: meta });
    assert.equal(claimRecord({ metadata, spec: { storageClassName: "slow" } }, classes), undefined);
    assert.equal(claimRecord({ metadata, spec: {} }, classes), undefined);
  });
});

describe("podRecord", () => {
  const pod = (spec: Partial<Pod["spec"]>, phase = "Running"): Pod => ({
    metadata: { ...metadata, namespace: "default" },
    spec: { containers: [], ...spec },
    status: { phase },
  });
  const volumes = [
    { name: "a", persistentVolumeClaim: { claimName: "c" } },
    { name: "b", ephemeral: {} },
    { name: "d" },
  ];
  const requests = (number: string) => ({ resources: { requests: { [resource]: number } } });

  it("keeps claims, those of generic ephemeral volumes too", () => {
    assert.deepEqual(podRecord(pod({ nodeName: "n", volumes })), {
      metadata: { ...meta, namespace: "default" },
      node: "n",
      finished: false,
      leaving: false,
      statefulSet: false,
      storageClass: undefined,
      claims: ["default/c", "default/one-b"],
      requests: 0,
    });
  });
  it("drops a pod without claims", () => {
    assert.equal(podRecord(pod({ volumes: [{ name: "d" }] })), undefined);
    assert.equal(podRecord(pod({})), undefined);
  });
  it("counts requests as the scheduler does", () => {
    const containers = [requests("1"), { resources: { limits: { [resource]: "2" } } }, {}];
    assert.equal(podRecord(pod({ volumes, containers }))?.requests, 3);
    assert.equal(podRecord(pod({ volumes, containers, initContainers: [requests("4")] }))?.requests, 4);
  });
  it("knows the pod of a StatefulSet, where it may run, and one that is being deleted", () => {
    const made = (kind: string, controller?: boolean) => {
      const { metadata: its, ...rest } = pod({ volumes });
      return podRecord({ ...rest, metadata: { ...its, ownerReferences: [{ kind, controller }] } })?.statefulSet;
    };
    assert.deepEqual([made("StatefulSet", true), made("StatefulSet"), made("ReplicaSet", true)], [true, false, false]);
    const nodeSelector = { "eks-fast-disks/class": "fast-disks" };
    assert.equal(podRecord(pod({ volumes, nodeSelector }))?.storageClass, "fast-disks");
    const leaving = pod({ volumes });
    leaving.metadata.deletionTimestamp = "2026-11-29T10:00:00Z";
    assert.equal(podRecord(leaving)?.leaving, true);
  });
  it("knows a finished pod", () => {
    const finished = (phase: string) => podRecord(pod({ volumes }, phase))?.finished;
    assert.deepEqual(["Pending", "Running", "Succeeded", "Failed"].map(finished), [false, false, true, true]);
  });
});

describe("nodeClaimRecord", () => {
  it("keeps the node", () => {
    const status = { nodeName: "n", providerID: "aws:///n" };
    assert.deepEqual(nodeClaimRecord({ metadata, status }), { metadata: meta, node: "n", providerID: "aws:///n" });
  });
});
