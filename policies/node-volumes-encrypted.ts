import { isOf } from "./kinds";
import { resourcePolicy } from "./policy";
import { at, isWhole, listOf, must, oneOf, tableOf, textOf } from "./value";

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
    const faults = listOf(mappings).flatMap((mapping) => {
      const ebs = tableOf(at(mapping, "ebs"));
      const device = `${path} of ${textOf(at(mapping, "deviceName"))}`;
      const found = [
        ...must(ebs, "encrypted", "be true", oneOf(true, "true")),
        ...must(ebs, "volumeType", "be gp3", oneOf("gp3")),
      ];
      return isWhole(at(mapping, "ebs")) || Object.keys(ebs).length > 0 ? found.map((one) => `${device}: ${one}`) : [];
    });
    const mapped = listOf(mappings).some((mapping) => [at(mapping, "deviceName")].includes("/dev/xvdb"));
    return mapped || !isWhole(mappings) ? faults : [...faults, `${path} must map /dev/xvdb, got no such device`];
  },
});
