import type { Policies } from "@pulumi/policy";
import { cleanupCoverage } from "./cleanup-coverage";
import { cleanupDelay } from "./cleanup-delay";
import { cleanupImage } from "./cleanup-image";
import { cleanupPermissions } from "./cleanup-permissions";
import { cleanupReplica } from "./cleanup-replica";
import { clusterAccessEntries } from "./cluster-access-entries";
import { clusterAuditLogs } from "./cluster-audit-logs";
import { clusterPrivateEndpoint } from "./cluster-private-endpoint";
import { clusterPublicCidrs } from "./cluster-public-cidrs";
import { eventRulePattern } from "./event-rule-pattern";
import { karpenterApiVersion } from "./karpenter-api-version";
import { karpenterInterruptionQueue } from "./karpenter-interruption-queue";
import { karpenterPodIdentity } from "./karpenter-pod-identity";
import { nodeClassBottlerocket } from "./node-class-bottlerocket";
import { nodeClassIdentity } from "./node-class-identity";
import { nodeClassInstanceStore } from "./node-class-instance-store";
import { nodeClassPinnedImage } from "./node-class-pinned-image";
import { nodeGroupBottlerocket } from "./node-group-bottlerocket";
import { nodeGroupImage } from "./node-group-image";
import { nodeGroupLaunchTemplate } from "./node-group-launch-template";
import { nodeGroupPinnedRelease } from "./node-group-pinned-release";
import { nodeMetadataImdsv2 } from "./node-metadata-imdsv2";
import { nodePoolArm64 } from "./node-pool-arm64";
import { nodePoolConsolidation } from "./node-pool-consolidation";
import { nodePoolDrift } from "./node-pool-drift";
import { nodePoolExpiry } from "./node-pool-expiry";
import { nodePoolInstanceTypes } from "./node-pool-instance-types";
import { nodePoolLimits } from "./node-pool-limits";
import { nodePoolLocalNvme } from "./node-pool-local-nvme";
import { nodePoolSpot } from "./node-pool-spot";
import { nodePoolWidth } from "./node-pool-width";
import { nodeVolumesEncrypted } from "./node-volumes-encrypted";
import { provisionerClasses } from "./provisioner-classes";
import { provisionerFolder } from "./provisioner-folder";
import { provisionerNodes } from "./provisioner-nodes";
import { provisionerPinned } from "./provisioner-pinned";
import { provisionerStartupTaint } from "./provisioner-startup-taint";
import { provisionerWipe } from "./provisioner-wipe";
import { queueEncryption } from "./queue-encryption";
import { queueTls } from "./queue-tls";
import { repositoryEncrypted } from "./repository-encrypted";
import { repositoryImmutable } from "./repository-immutable";
import { repositoryLifecycle } from "./repository-lifecycle";
import { repositoryScanned } from "./repository-scanned";
import { storageClassBinding } from "./storage-class-binding";
import { storageClassReclaimPolicy } from "./storage-class-reclaim-policy";
import { storageEngines } from "./storage-engines";
import { userDataBootContainer } from "./user-data-boot-container";
import { userDataValid } from "./user-data-valid";

/** All policies, by what they judge. */
// prettier-ignore
export const groups: Record<string, Policies> = {
  "node pools": [
    karpenterApiVersion, nodePoolArm64, nodePoolConsolidation, nodePoolDrift, nodePoolExpiry, nodePoolInstanceTypes,
    nodePoolLimits, nodePoolLocalNvme, nodePoolSpot, nodePoolWidth,
  ],
  "node classes": [nodeClassBottlerocket, nodeClassIdentity, nodeClassInstanceStore, nodeClassPinnedImage],
  nodes: [nodeMetadataImdsv2, nodeVolumesEncrypted, userDataBootContainer, userDataValid],
  "managed node groups": [nodeGroupBottlerocket, nodeGroupImage, nodeGroupLaunchTemplate, nodeGroupPinnedRelease],
  storage: [
    provisionerClasses, provisionerFolder, provisionerNodes, provisionerPinned, provisionerStartupTaint,
    provisionerWipe, storageClassBinding, storageClassReclaimPolicy, storageEngines,
  ],
  cleanup: [cleanupCoverage, cleanupDelay, cleanupImage, cleanupPermissions, cleanupReplica],
  "boot image": [repositoryEncrypted, repositoryImmutable, repositoryLifecycle, repositoryScanned],
  cluster: [clusterAccessEntries, clusterAuditLogs, clusterPrivateEndpoint, clusterPublicCidrs],
  Karpenter: [eventRulePattern, karpenterInterruptionQueue, karpenterPodIdentity, queueEncryption, queueTls],
};

export const policies: Policies = Object.values(groups).flat();
