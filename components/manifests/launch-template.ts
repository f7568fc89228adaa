import type { TagsSpec } from "./tags";
import { volumesOf } from "./volumes";
import type { VolumeSpec } from "./volumes";

/**
 * The part of a managed node group's launch template that does not come from AWS. It has no image id, so that EKS chooses
 * the AMI and merges its own settings into our user data
 * (https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html).
 */
export function renderLaunchTemplate(userData: string, volumes: VolumeSpec, tags: TagsSpec) {
  return {
    userData: Buffer.from(userData).toString("base64"),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: volumesOf(volumes).map(({ deviceName, sizeGiB }) => ({
      deviceName,
      ebs: { volumeSize: sizeGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
    })),
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
  };
}
