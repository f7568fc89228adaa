import type { SelectorTerm } from "./selector-term";
import { validateSelectorTerms } from "./selector-term";

/** What each node of a pool is made of (https://karpenter.sh/docs/concepts/nodeclasses/). */
export interface NodeClassSpec {
  /** IAM role of the nodes, by name. Excludes `instanceProfile`. */
  role?: string;
  /** Ready-made instance profile, by name. Excludes `role`. */
  instanceProfile?: string;
  /** Terms that find the subnets, any of which may match. */
  subnetSelectorTerms: SelectorTerm[];
  /** Terms that find the security groups. */
  securityGroupSelectorTerms: SelectorTerm[];
  /** Bottlerocket version X.Y.Z; pinned, or a release by AWS would replace nodes that hold data. */
  bottlerocketVersion: string;
  /** TOML, see `renderUserData`. */
  userData: string;
  volumes: VolumeSpec;
  /** Tags of instances, volumes and network interfaces. */
  tags?: Record<string, string>;
}

/** Sizes of a node's EBS volumes. */
export interface VolumeSpec {
  /** Read-only root, in GiB. @default 4 */
  rootVolumeGiB?: number;
  /** Images, logs and writable layers of containers, in GiB. @default 20 */
  dataVolumeGiB?: number;
}

export function validateVolumes(volumes: VolumeSpec): string[] {
  const smallest = { rootVolumeGiB: 4, dataVolumeGiB: 10 };
  return (["rootVolumeGiB", "dataVolumeGiB"] as const).flatMap((field) => {
    const size = volumes[field];
    if (size === undefined || (Number.isInteger(size) && size >= smallest[field] && size <= 16384)) return [];
    return [`${field}: must be a whole number of GiB from ${smallest[field]} to 16384, got ${size}`];
  });
}

export function validateNodeClass(spec: NodeClassSpec): string[] {
  return [
    ...((spec.role === undefined) === (spec.instanceProfile === undefined)
      ? ["role: state exactly one of role and instanceProfile"]
      : []),
    ...validateSelectorTerms("subnetSelectorTerms", "subnet", spec.subnetSelectorTerms),
    ...validateSelectorTerms("securityGroupSelectorTerms", "sg", spec.securityGroupSelectorTerms),
    ...validateVolumes(spec.volumes),
  ];
}

/** EC2NodeClass as Karpenter 1.14 takes it. */
export function renderNodeClass(spec: NodeClassSpec) {
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    spec: {
      amiFamily: "Bottlerocket",
      amiSelectorTerms: [{ alias: `bottlerocket@v${spec.bottlerocketVersion}` }],
      ...(spec.role === undefined ? { instanceProfile: spec.instanceProfile } : { role: spec.role }),
      subnetSelectorTerms: spec.subnetSelectorTerms,
      securityGroupSelectorTerms: spec.securityGroupSelectorTerms,
      // instanceStorePolicy stays unset: RAID0 takes every local disk for the kubelet.
      blockDeviceMappings: [
        volume("/dev/xvda", spec.volumes.rootVolumeGiB ?? defaultVolumes.root),
        volume("/dev/xvdb", spec.volumes.dataVolumeGiB ?? defaultVolumes.data),
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      ...(spec.tags && { tags: spec.tags }),
      userData: spec.userData,
    },
  };
}

/** GiB, as Bottlerocket's AMIs have them. */
export const defaultVolumes = { root: 4, data: 20 };

function volume(deviceName: string, sizeGiB: number): object {
  return {
    deviceName,
    ebs: { volumeSize: `${sizeGiB}Gi`, volumeType: "gp3", encrypted: true, deleteOnTermination: true },
  };
}
