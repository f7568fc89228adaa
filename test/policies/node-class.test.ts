import { check } from "./check";

const spec = "nodeClass.spec";

describe("node-class-bottlerocket", () => {
  const { refuses, keeps } = check("node-class-bottlerocket");
  it("refuses another family", () => {
    refuses({ [`${spec}.amiFamily`]: "AL2023" }, 'spec.amiFamily must be Bottlerocket, got "AL2023"');
    refuses({ [`${spec}.amiFamily`]: undefined, [`${spec}.amiSelectorTerms`]: [{ id: "ami-1" }] }, "got nothing");
  });
  it("refuses an alias of another family", () => {
    const edits = { [`${spec}.amiSelectorTerms.0.alias`]: "al2023@v20260901" };
    refuses(edits, 'spec.amiSelectorTerms must have an alias of bottlerocket, got "al2023@v20260901"');
  });
  it("keeps the family that an alias implies", () => {
    keeps({ [`${spec}.amiFamily`]: undefined });
  });
});

describe("node-class-pinned-image", () => {
  const { refuses, keeps } = check("node-class-pinned-image");
  const terms = `${spec}.amiSelectorTerms`;
  it("refuses latest, a version without v, and what finds any image", () => {
    refuses({ [`${terms}.0.alias`]: "bottlerocket@latest" }, "spec.amiSelectorTerms must pin a release, got");
    refuses({ [`${terms}.0.alias`]: "bottlerocket@1.66.0" }, "must pin a release");
    refuses({ [terms]: [{ tags: { Name: "bottlerocket" } }] }, "must pin a release");
    refuses({ [terms]: undefined }, "got nothing");
  });
  it("keeps an image by id", () => {
    keeps({ [terms]: [{ id: "ami-0123456789abcdef0" }] });
  });
});

describe("node-class-identity", () => {
  const { refuses, keeps } = check("node-class-identity");
  it("refuses both and neither", () => {
    refuses(
      { [`${spec}.role`]: "nodes" },
      'spec must name one of role and instanceProfile, got ["role","instanceProfile"]',
    );
    refuses({ [`${spec}.instanceProfile`]: undefined }, "got []");
  });
  it("keeps a role", () => {
    keeps({ [`${spec}.role`]: "nodes", [`${spec}.instanceProfile`]: undefined });
  });
});

describe("node-class-instance-store", () => {
  const { refuses, keeps } = check("node-class-instance-store");
  const raid = { [`${spec}.instanceStorePolicy`]: "RAID0" };
  const bare = { [`${spec}.userData`]: undefined };
  const labels = "nodePool.spec.template.metadata.labels";
  it("refuses RAID0 where a container links the disks", () => {
    refuses({ ...raid, nodePool: undefined }, 'spec.instanceStorePolicy must be unset beside fast disks, got "RAID0"');
  });
  it("refuses RAID0 on nodes of a pool with fast disks", () => {
    refuses({ ...raid, ...bare }, "must be unset");
  });
  it("refuses RAID0 on nodes where the provisioner runs", () => {
    refuses({ ...raid, ...bare, [labels]: {}, "provisioner.values.nodeSelector": {} }, "must be unset");
  });
  it("keeps RAID0 on nodes whose disks nobody offers", () => {
    keeps({ ...raid, ...bare, [labels]: {} });
  });
});

describe("node-volumes-encrypted", () => {
  const { refuses, keeps } = check("node-volumes-encrypted");
  const mappings = `${spec}.blockDeviceMappings`;
  it("refuses a volume in plain text, stated or not", () => {
    const rule = "spec.blockDeviceMappings of /dev/xvdb: ebs.encrypted must be true, got";
    refuses({ [`${mappings}.1.ebs.encrypted`]: false }, `${rule} false`);
    refuses({ [`${mappings}.1.ebs.encrypted`]: undefined }, `${rule} nothing`);
    refuses(
      { "launchTemplate.blockDeviceMappings.0.ebs.encrypted": "false" },
      'ebs.encrypted must be true, got "false"',
    );
  });
  it("refuses another type", () => {
    refuses({ [`${mappings}.0.ebs.volumeType`]: "gp2" }, 'of /dev/xvda: ebs.volumeType must be gp3, got "gp2"');
  });
  it("refuses to leave the data volume to the image", () => {
    refuses({ [`${mappings}.1`]: undefined }, "spec.blockDeviceMappings must map /dev/xvdb, got no such device");
    refuses({ "launchTemplate.blockDeviceMappings": undefined }, "blockDeviceMappings must map /dev/xvdb");
  });
  it("keeps another OS without that device, if what it has is encrypted", () => {
    keeps({ [`${mappings}.1`]: undefined, [`${spec}.amiFamily`]: "AL2023" });
    const own = { "launchTemplate.imageId": "ami-1", "launchTemplate.blockDeviceMappings.0.deviceName": "/dev/sda1" };
    keeps(own);
    refuses({ ...own, "launchTemplate.blockDeviceMappings.0.ebs.encrypted": "false" }, "of /dev/sda1: ebs.encrypted");
  });
  it("keeps instance-store mappings, and Karpenter's own defaults", () => {
    keeps({ "launchTemplate.blockDeviceMappings.1": { deviceName: "/dev/sdb", virtualName: "ephemeral0" } });
    keeps({ [mappings]: undefined });
  });
});

describe("node-metadata-imdsv2", () => {
  const { refuses, keeps } = check("node-metadata-imdsv2");
  it("refuses IMDSv1 and a second hop", () => {
    refuses(
      { [`${spec}.metadataOptions.httpTokens`]: "optional" },
      'spec.metadataOptions.httpTokens must be required, got "optional"',
    );
    refuses({ [`${spec}.metadataOptions.httpPutResponseHopLimit`]: 2 }, "httpPutResponseHopLimit must be 1, got 2");
    refuses({ "launchTemplate.metadataOptions.httpPutResponseHopLimit": 2 }, "must be 1, got 2");
  });
  it("refuses EC2's defaults in a launch template, not Karpenter's in a node class", () => {
    refuses(
      { "launchTemplate.metadataOptions.httpTokens": undefined },
      "metadataOptions.httpTokens must be required, got nothing",
    );
    keeps({ [`${spec}.metadataOptions`]: undefined });
    keeps({ [`${spec}.metadataOptions`]: {} });
  });
});
