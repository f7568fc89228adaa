import { isOf } from "./kinds";
import { resourcePolicy } from "./policy";
import { at, isTable, isWhole, listOf, must, oneOf, textOf } from "./value";

export const nodeVolumesEncrypted = resourcePolicy({
  name: "node-volumes-encrypted",
  severity: "high",
  description:
    "EBS volumes of nodes are encrypted gp3, Bottlerocket's data volume among them: what is not stated depends on the account, and images and logs of pods lie in plain text.",
  remedy: "map /dev/xvda and /dev/xvdb with ebs {volumeType: gp3, encrypted: true}",
  kinds: ["nodeClass", "launchTemplate"],
  faults: (resource) => {
    const path = isOf("nodeClass", resource) ? "spec.blockDeviceMappings" : "blockDeviceMappings";
    const mappings = at(resource.props, path);
    // Karpenter's own default for Bottlerocket is encrypted gp3; EC2's is what the account says.
    if (mappings === undefined && isOf("nodeClass", resource)) return [];
    const volumes = listOf(mappings).filter(isTable);
    const faults = volumes.flatMap((volume) => {
      const found = [
        ...must(volume, "ebs.encrypted", "be true", oneOf(true, "true")),
        ...must(volume, "ebs.volumeType", "be gp3", oneOf("gp3")),
      ];
      return volume.ebs === undefined ? [] : found.map((fault) => `${path} of ${textOf(volume.deviceName)}: ${fault}`);
    });
    const mapped = volumes.some(({ deviceName }) => deviceName === "/dev/xvdb") || !isWhole(mappings);
    // Another OS has its data elsewhere.
    const family = oneOf("Bottlerocket", undefined)(at(resource.props, "spec.amiFamily"));
    if (mapped || !family || at(resource.props, "imageId") !== undefined) return faults;
    return [...faults, `${path} must map /dev/xvdb, got no such device`];
  },
});
