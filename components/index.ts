export { AddOns } from "./add-ons";
export { BootImage } from "./boot-image";
export { Cluster } from "./cluster";
export { DiskController } from "./disk-controller";
export { DiskNodeGroup } from "./disk-node-group";
export { ExistingCluster } from "./existing-cluster";
export { FastDisks } from "./fast-disks";
export { InterruptionQueue } from "./interruption-queue";
export { Karpenter } from "./karpenter";
export { KarpenterIdentity } from "./karpenter-identity";
export { LocalVolumes } from "./local-volumes";
export { Monitoring } from "./monitoring";
export { Network } from "./network";
export { NodeCleanup } from "./node-cleanup";
export { NodePool } from "./node-pool";
export { SystemNodes } from "./system-nodes";
export type { AddOnsArgs, AddOnVersionsArgs } from "./manifests/add-ons";
export { OnMissing } from "./manifests/boot-container";
export type { BootImageArgs } from "./manifests/boot-image";
export { BootstrapMode } from "./manifests/bottlerocket";
export type {
  BootstrapCommandArgs,
  BootstrapContainerArgs,
  BottlerocketArgs,
  BottlerocketSettingsArgs,
  HostContainerArgs,
  KernelSettingsArgs,
  KubernetesSettingsArgs,
} from "./manifests/bottlerocket";
export type { ClusterArgs, ControlPlaneArgs } from "./manifests/cluster";
export { Discovery } from "./manifests/discovery";
export { DiskCapacity } from "./manifests/disk-capacity";
export type { DiskControllerArgs } from "./manifests/disk-controller";
export type { DiskNodeGroupArgs, DiskNodeGroupSettingsArgs } from "./manifests/disk-node-group";
export type { DiskNodesArgs } from "./manifests/disk-nodes";
export type { ExistingClusterArgs, ExistingClusterSettingsArgs } from "./manifests/existing-cluster";
export type { ExistingKarpenterArgs } from "./manifests/existing-karpenter";
export type { FastDisksArgs } from "./manifests/fast-disks";
export type { ImageSourceArgs } from "./manifests/image";
export { OnMaintenance } from "./manifests/interruption";
export type { InterruptionQueueArgs } from "./manifests/interruption-queue";
export type { KarpenterArgs, KarpenterSettingsArgs } from "./manifests/karpenter";
export type { KarpenterIdentityArgs } from "./manifests/karpenter-identity";
export type { LocalVolumesArgs } from "./manifests/local-volumes";
export type { MonitoringArgs } from "./manifests/monitoring";
export { NatGateways } from "./manifests/network";
export type { ExistingVpcArgs, NetworkArgs, NewVpcArgs, VpcArgs } from "./manifests/network";
export type { CleanupTimesArgs, NodeCleanupArgs } from "./manifests/node-cleanup";
export type { NodeGroupArgs } from "./manifests/node-group";
export type { NodePoolArgs } from "./manifests/node-pool";
export { renderPlacement } from "./manifests/placement";
export type { Placement, PlacementResources, PlacementSpec, Toleration } from "./manifests/placement";
export { CapacityType, OnDrift } from "./manifests/pool";
export type { PoolArgs } from "./manifests/pool";
export type { PrometheusArgs } from "./manifests/prometheus";
export type { RequirementArgs } from "./manifests/requirements";
export type { SelectorTermArgs } from "./manifests/selector-term";
export { FileSystem, ReclaimPolicy, VolumeMode, Wipe } from "./manifests/storage-class";
export type { StorageClassArgs } from "./manifests/storage-class";
export type { SystemNodesArgs, SystemNodesSettingsArgs } from "./manifests/system-nodes";
export type { VolumeArgs } from "./manifests/volumes";
