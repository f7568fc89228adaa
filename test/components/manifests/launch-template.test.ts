import assert from "node:assert/strict";
import { renderLaunchTemplate } from "../../../components/manifests/launch-template";

describe("renderLaunchTemplate", () => {
  it("names no image, encrypts, requires IMDSv2 and tags instances and volumes", () => {
    const template = renderLaunchTemplate("a = 1\n", { rootVolumeGiB: 8 }, { Name: "n" });
    assert.equal(Buffer.from(template.userData, "base64").toString(), "a = 1\n");
    assert.equal("imageId" in template, false);
    assert.equal(template.metadataOptions.httpTokens, "required");
    assert.deepEqual(
      template.blockDeviceMappings.map(({ deviceName, ebs }) => [
        deviceName,
        ebs.volumeSize,
        ebs.volumeType,
        ebs.encrypted,
      ]),
      [
        ["/dev/xvda", 8, "gp3", "true"],
        ["/dev/xvdb", 20, "gp3", "true"],
      ],
    );
    assert.deepEqual(
      template.tagSpecifications,
      ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: "n" } })),
    );
  });
});
