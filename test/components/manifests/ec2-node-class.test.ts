import assert from "node:assert/strict";
import { renderNodeClass } from "../../../components/manifests/ec2-node-class";

describe("renderNodeClass", () => {
  it("pins the AMI, encrypts the volumes, requires IMDSv2, and leaves the local disks alone", () => {
    const { spec } = renderNodeClass({
      instanceProfile: "p",
      subnetSelectorTerms: [{ tags: { a: "b" } }],
      securityGroupSelectorTerms: [{ id: "sg-01234567" }],
      bottlerocketVersion: "1.66.0",
      userData: "x = 1",
      dataVolumeGiB: 50,
      tags: { t: "v" },
    });
    const volume = (volumeSize: string) => ({
      volumeSize,
      volumeType: "gp3",
      encrypted: true,
      deleteOnTermination: true,
    });
    assert.deepEqual(spec, {
      amiFamily: "Bottlerocket",
      amiSelectorTerms: [{ alias: "bottlerocket@v1.66.0" }],
      instanceProfile: "p",
      subnetSelectorTerms: [{ tags: { a: "b" } }],
      securityGroupSelectorTerms: [{ id: "sg-01234567" }],
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: volume("4Gi") },
        { deviceName: "/dev/xvdb", ebs: volume("50Gi") },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      tags: { t: "v" },
      userData: "x = 1",
    });
  });
});
