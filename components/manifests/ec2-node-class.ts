import type { SelectorTermSpec } from "./selector-term";
import type { TagsSpec } from "./tags";
import { volumesOf } from "./volumes";
import type { VolumeSpec } from "./volumes";

/** Image, volumes, network and settings of a pool's nodes (https://karpenter.sh/docs/concepts/nodeclasses/). */
export interface NodeClassSpec extends VolumeSpec {
  /** IAM role of the nodes, by name; otherwise `instanceProfile`. */
  role?: string;
  instanceProfile?: string;
  subnetSelectorTerms: SelectorTermSpec[];
  securityGroupSelectorTerms: SelectorTermSpec[];
  /** Bottlerocket version X.Y.Z; it is pinned, because otherwise each AWS release would replace nodes with data. */
  bottlerocketVersion: string;
  /** TOML, see `renderUserData`. */
  userData: string;
  tags?: TagsSpec;
}

/** EC2NodeClass for Karpenter 1.14. */
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
      // instanceStorePolicy stays unset: RAID0 uses every local disk for container storage.
      blockDeviceMappings: volumesOf(spec).map(({ deviceName, sizeGiB }) => ({
        deviceName,
        ebs: { volumeSize: `${sizeGiB}Gi`, volumeType: "gp3", encrypted: true, deleteOnTermination: true },
      })),
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
