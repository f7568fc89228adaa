import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { first } from "./fixed";
import {
  capacityOfGroup,
  diskNodeGroupLayers,
  renderDiskNodeGroup,
  validateDiskNodeGroupArgs,
} from "./manifests/disk-node-group";
import type { DiskNodeGroupArgs } from "./manifests/disk-node-group";
import { createNodeGroup } from "./node-group";

/**
 * Nodes that always have local NVMe, without Karpenter: a managed node group of EKS. Every change of their image or settings
 * replaces the nodes, with all data on them.
 *
 *     new DiskNodeGroup("base", { instanceTypes: ["c8gd.xlarge"], minSize: 3, bootImage, clusterName, subnetIds,
 *       bottlerocketVersion: "1.66.0" });
 */
export class DiskNodeGroup extends pulumi.ComponentResource {
  /** Name of the managed node group. */
  readonly nodeGroupName: pulumi.Output<string>;
  /** Name of the IAM role of its nodes; EKS creates its access entry. */
  readonly nodeRoleName: pulumi.Output<string>;

  constructor(name: string, args: DiskNodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:DiskNodeGroup", name, args, opts);
    const checked = checkArgs(this, args, validateDiskNodeGroupArgs);
    const options = childOptions(this, opts);
    const { instanceTypes, capacityType, capacity } = checked;
    pulumi.output({ instanceTypes, capacityType, capacity }).apply((spec) => {
      for (const warning of capacityOfGroup(spec).warnings)
        void pulumi.log.warn(`${name}.instanceTypes: ${warning}`, this);
    });
    const { group, role } = createNodeGroup(
      this,
      name,
      {
        // Other subnets would replace the group, and with it all data on its nodes.
        args: { ...checked, subnetIds: first(`${name}-subnets`, pulumi.output(checked.subnetIds), options) },
        layers: layersOf(checked),
        kubernetesVersion: checked.kubernetesVersion ?? versionOf(this, checked),
        group: groupOf(checked),
        // Otherwise `up` would undo the size that an autoscaler or a user has set.
        ignoreChanges: checked.maxSize === undefined ? undefined : ["scalingConfig.desiredSize"],
      },
      options,
    );
    this.nodeGroupName = group.nodeGroupName;
    this.nodeRoleName = role.name;
    this.registerOutputs({ nodeGroupName: this.nodeGroupName, nodeRoleName: this.nodeRoleName });
  }
}

function layersOf(args: DiskNodeGroupArgs) {
  const { instanceTypes, clusterSettings, bottlerocket, storageClass, discovery, onMissing, bootImage } = args;
  return pulumi
    .output({ instanceTypes, clusterSettings, bottlerocket, storageClass, discovery, onMissing, bootImage })
    .apply(diskNodeGroupLayers);
}

function groupOf(args: DiskNodeGroupArgs) {
  const { instanceTypes, capacityType, minSize, maxSize, maxUnavailable, forceUpdateVersion } = args;
  const { labels, storageClass, taint } = args;
  const rendered = pulumi
    .output({
      instanceTypes,
      capacityType,
      minSize,
      maxSize,
      maxUnavailable,
      forceUpdateVersion,
      labels,
      storageClass,
      taint,
    })
    .apply(renderDiskNodeGroup);
  return {
    version: args.kubernetesVersion,
    instanceTypes: rendered.instanceTypes,
    capacityType: rendered.capacityType,
    scalingConfig: rendered.scalingConfig,
    labels: rendered.labels,
    taints: rendered.taints,
    updateConfig: rendered.updateConfig,
    nodeRepairConfig: rendered.nodeRepairConfig,
    forceUpdateVersion: rendered.forceUpdateVersion,
  };
}

/** The current version of the cluster, used only to find the Bottlerocket release. */
function versionOf(parent: DiskNodeGroup, { clusterName }: DiskNodeGroupArgs): pulumi.Output<string> {
  return aws.eks.getClusterOutput({ name: clusterName }, { parent }).version;
}
