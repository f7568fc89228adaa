import { check } from "./check";

describe("node-group-bottlerocket", () => {
  const { refuses, keeps } = check("node-group-bottlerocket");
  it("refuses another OS, another architecture and EKS's default", () => {
    refuses({ "nodeGroup.amiType": "AL2023_ARM_64_STANDARD" }, 'amiType must be BOTTLEROCKET_ARM_64, got "AL2023');
    refuses({ "nodeGroup.amiType": "BOTTLEROCKET_x86_64" }, "amiType must be");
    refuses({ "nodeGroup.amiType": undefined }, "got nothing");
  });
  it("keeps what is configured", () => {
    keeps({ "nodeGroup.amiType": "BOTTLEROCKET_ARM_64_NVIDIA" }, { amiTypes: ["BOTTLEROCKET_ARM_64_NVIDIA"] });
  });
});

describe("node-group-pinned-release", () => {
  const { refuses } = check("node-group-pinned-release");
  it("refuses a release left to AWS, and a version without its commit", () => {
    refuses({ "nodeGroup.releaseVersion": undefined }, "releaseVersion must be <version>-<commit>, got nothing");
    refuses({ "nodeGroup.releaseVersion": "1.66.0" }, 'got "1.66.0"');
  });
});

describe("node-group-launch-template", () => {
  const { refuses } = check("node-group-launch-template");
  it("refuses EKS's own template, and one that changes by itself", () => {
    refuses({ "nodeGroup.launchTemplate": undefined }, "launchTemplate.version must be a number, got nothing");
    refuses({ "nodeGroup.launchTemplate.version": "$Latest" }, 'got "$Latest"');
  });
});

describe("node-group-image", () => {
  const { refuses, keeps, judges } = check("node-group-image");
  const image = { "launchTemplate.imageId": "ami-0123456789abcdef0" };
  it("refuses the image of a node group's launch template, found by id or by name", () => {
    refuses(image, 'imageId must be unset for a node group, got "ami-0123456789abcdef0"');
    const byName = { "nodeGroup.launchTemplate": { name: "system", version: "1" }, "launchTemplate.name": "system" };
    refuses({ ...image, ...byName }, "imageId must be unset");
  });
  it("keeps the image of a launch template that no node group uses", () => {
    keeps({ ...image, "launchTemplate.id": "lt-1" });
    judges({ ...image, nodeGroup: undefined }, 0);
  });
});
