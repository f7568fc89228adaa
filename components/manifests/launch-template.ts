import { defaultVolumes } from "./ec2-node-class";
import type { VolumeSpec } from "./ec2-node-class";

/**
 * The part of a managed node group's launch template that does not come from AWS. Without an image id, so that EKS
 * picks the AMI and merges its own settings into our user data
 * (https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html).
 */
export function renderLaunchTemplate(userData: string, volumes: VolumeSpec, tags: Record<string, string>) {
  return {
    userData: Buffer.from(userData).toString("base64"),
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      volume("/dev/xvda", volumes.rootVolumeGiB ?? defaultVolumes.root),
      volume("/dev/xvdb", volumes.dataVolumeGiB ?? defaultVolumes.data),
    ],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
  };
}

function volume(deviceName: string, volumeSize: number) {
  return { deviceName, ebs: { volumeSize, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } };
}
