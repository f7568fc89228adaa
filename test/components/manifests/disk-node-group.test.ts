import assert from "node:assert/strict";
import {
  capacityOfGroup,
  diskNodeGroupLayers,
  renderDiskNodeGroup,
  sizesOf,
  validateDiskNodeGroup,
  validateDiskNodeGroupArgs,
} from "../../../components/manifests/disk-node-group";
import type { DiskNodeGroupSettingsSpec } from "../../../components/manifests/disk-node-group";
import { renderUserData } from "../../../components/manifests/user-data";
import { instanceTypes as catalogue } from "../../../catalogue/instance-types";
import { refusesEach } from "../../support/errors";

const one: DiskNodeGroupSettingsSpec = { instanceTypes: ["c8gd.xlarge"] };
const bootImage = `registry.example/boot@sha256:${"0".repeat(64)}`;

describe("validateDiskNodeGroup", () => {
  refusesEach<DiskNodeGroupSettingsSpec>(
    (spec) => validateDiskNodeGroup(spec, "nodeGroups.base"),
    [
      [
        "a type without NVMe",
        { instanceTypes: ["c8g.xlarge"] },
        /^nodeGroups\.base\.instanceTypes\.0: no arm64 type with local NVMe is called "c8g\.xlarge"; use for example "c8gd\.xlarge"/,
      ],
      ["an x86 type", { instanceTypes: ["m6id.large"] }, /instanceTypes\.0: no arm64 type with local NVMe/],
      ["no type", { instanceTypes: [] }, /instanceTypes: must list at least one type, got none/],
      [
        "more types than EKS takes",
        { instanceTypes: catalogue.slice(0, 21).map(({ name }) => name) },
        /instanceTypes: must be at most 20, the limit of EKS, got 21/,
      ],
      ["no node", { ...one, minSize: 0 }, /minSize: must be a whole number from 1, got 0/],
      ["half a node", { ...one, minSize: 1.5 }, /minSize: must be a whole number from 1, got 1\.5/],
      ["a negative number of nodes", { ...one, minSize: -1, maxSize: 1 }, /minSize: must be a whole number from 0/],
      [
        "a maximum below the minimum",
        { ...one, minSize: 3, maxSize: 2 },
        /maxSize: must be a whole number from 3, got 2/,
      ],
      ["a maximum of none", { ...one, minSize: 0, maxSize: 0 }, /maxSize: must be a whole number from 1, got 0/],
      ["an update of no node", { ...one, maxUnavailable: 0 }, /maxUnavailable: must be a whole number from 1 to 100/],
      [
        "an update of too many",
        { ...one, maxUnavailable: 101 },
        /maxUnavailable: must be a whole number from 1 to 100/,
      ],
      ["the label of the class", { ...one, labels: { "eks-fast-disks/class": "a" } }, /is set by storageClass/],
      [
        "a label that is longer than EKS takes",
        { ...one, labels: { [`${"a".repeat(60)}.example/b`]: "c" } },
        /labels\.a+\.example\/b: must be at most 63 characters for EKS, got 70/,
      ],
      [
        "a label without a value",
        { ...one, labels: { a: "" } },
        /labels\.a: must have a value, EKS refuses an empty one/,
      ],
      ["a small data volume", { ...one, dataVolumeGiB: 5 }, /dataVolumeGiB: must be a whole number of GiB from 10/],
    ],
  );

  it("takes a group that shrinks to nothing, where something else sizes it", () => {
    assert.deepEqual(validateDiskNodeGroup({ ...one, minSize: 0, maxSize: 3 }, ""), []);
  });
});

describe("validateDiskNodeGroupArgs", () => {
  const args = { ...one, clusterName: "dev", subnetIds: ["subnet-01234567"], bottlerocketVersion: "1.66.0", bootImage };
  refusesEach<object>(validateDiskNodeGroupArgs, [
    ["no image", { ...args, bootImage: undefined }, /^bootImage: must be the image of the bootstrap container/],
    ["an image by tag", { ...args, bootImage: "registry.example/boot:1" }, /^bootImage: must be/],
    ["an unknown version", { ...args, kubernetesVersion: "1.12" }, /^kubernetesVersion: must be one of/],
    ["a version of the OS", { ...args, bottlerocketVersion: "v1" }, /^bottlerocketVersion: must be X\.Y\.Z/],
    ["tags of AWS", { ...args, tags: { "aws:x": "y" } }, /^tags\.aws:x: is reserved for AWS/],
    ["requirements", { ...args, requirements: [] }, /^requirements: no such setting/],
  ]);
  it("takes the cluster's version", () => {
    assert.deepEqual(validateDiskNodeGroupArgs(args), []);
  });
});

describe("sizesOf", () => {
  it("is one node, and no more than the fewest", () => {
    assert.deepEqual(sizesOf({}), { minSize: 1, maxSize: 1 });
    assert.deepEqual(sizesOf({ minSize: 3 }), { minSize: 3, maxSize: 3 });
  });
});

describe("renderDiskNodeGroup", () => {
  it("has every default", () => {
    assert.deepEqual(renderDiskNodeGroup(one), {
      instanceTypes: ["c8gd.xlarge"],
      capacityType: "ON_DEMAND",
      scalingConfig: { minSize: 1, maxSize: 1, desiredSize: 1 },
      labels: undefined,
      taints: [{ key: "eks-fast-disks/class", value: "fast-disks", effect: "NO_SCHEDULE" }],
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: false },
      forceUpdateVersion: false,
    });
  });
  it("has what is stated, and labels of the class in no place where EKS changes them on nodes that run", () => {
    const spec: DiskNodeGroupSettingsSpec = {
      ...one,
      capacityType: "spot",
      minSize: 2,
      maxSize: 5,
      maxUnavailable: 2,
      forceUpdateVersion: true,
      taint: false,
      labels: { team: "a" },
      storageClass: "dense",
    };
    const { capacityType, scalingConfig, updateConfig, forceUpdateVersion, taints, labels } = renderDiskNodeGroup(spec);
    assert.deepEqual(scalingConfig, { minSize: 2, maxSize: 5, desiredSize: 2 });
    assert.deepEqual([capacityType, updateConfig, forceUpdateVersion], ["SPOT", { maxUnavailable: 2 }, true]);
    assert.deepEqual([taints, labels], [[], { team: "a" }]);
  });
});

describe("diskNodeGroupLayers", () => {
  it("are TOML that EKS merges: no header with a quoted key", () => {
    const text = renderUserData(
      diskNodeGroupLayers({
        ...one,
        storageClass: "dense",
        bootImage,
        clusterSettings: { kubernetes: { nodeLabels: { a: "b" } } },
        bottlerocket: { kernel: { lockdown: "integrity" } },
      }),
    );
    assert.equal(
      text,
      `[settings.host-containers.control]
enabled = true

[settings.kubernetes.node-labels]
a = "b"
"eks-fast-disks/class" = "dense"
"eks-fast-disks/discovery" = "bootstrap"

[settings.kernel]
lockdown = "integrity"

[settings.bootstrap-containers.fast-disks]
source = "${bootImage}"
mode = "always"
essential = true
user-data = "${Buffer.from("disks=1\nonMissing=fail\n").toString("base64")}"
`,
    );
  });
  it("have no container where udev makes the links", () => {
    const layers = diskNodeGroupLayers({ ...one, discovery: "udev" });
    assert.doesNotMatch(renderUserData(layers), /bootstrap-containers/);
  });
});

describe("capacityOfGroup", () => {
  it("is that of the types, and warns of a narrow group on spot only", () => {
    const { types, disks, warnings } = capacityOfGroup({ instanceTypes: ["c8gd.xlarge", "i8g.12xlarge"] });
    assert.deepEqual([types, disks], [["c8gd.xlarge", "i8g.12xlarge"], { min: 1, max: 3 }]);
    assert.deepEqual(warnings, ["one consumer per node uses one disk: the others of i8g.12xlarge stay empty"]);
    assert.match(capacityOfGroup({ ...one, capacityType: "spot" }).warnings.join(), /1 instance types for spot/);
  });
});
