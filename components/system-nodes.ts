import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { renderLaunchTemplate } from "./manifests/launch-template";
import { defaultInstanceTypes, sizesOf, validateSystemNodesArgs } from "./manifests/system-nodes";
import type { SystemNodesArgs } from "./manifests/system-nodes";
import { renderUserData } from "./manifests/user-data";
import { createNodeRole } from "./node-role";
import { resourceName } from "./resource-name";

/**
 * A managed node group of Bottlerocket on arm64, of one OS version, for what must not run on nodes that come and go.
 *
 *     new SystemNodes("system", { clusterName, subnetIds, kubernetesVersion: "1.35", bottlerocketVersion: "1.66.0" });
 */
export class SystemNodes extends pulumi.ComponentResource {
  /** The cluster's name, known once the nodes run: what needs them takes it from here. */
  readonly clusterName: pulumi.Output<string>;
  /** Name of the managed node group. */
  readonly nodeGroupName: pulumi.Output<string>;

  constructor(name: string, args: SystemNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:SystemNodes", name, args, opts);
    const checked = checkArgs(this, args, validateSystemNodesArgs);
    const options = childOptions(this, opts);
    const { role, attachments } = createNodeRole(this, name, "role", checked.tags, options);
    const template = createLaunchTemplate(name, checked, options);
    const sizes = pulumi
      .all([checked.minSize, checked.maxSize])
      .apply(([minSize, maxSize]) => sizesOf({ minSize, maxSize }));
    const group = new aws.eks.NodeGroup(
      resourceName("nodeGroup", `${name}-group`),
      {
        clusterName: checked.clusterName,
        nodeRoleArn: role.arn,
        subnetIds: checked.subnetIds,
        amiType: "BOTTLEROCKET_ARM_64",
        version: checked.kubernetesVersion,
        releaseVersion: releaseOf(this, checked),
        instanceTypes: checked.instanceTypes ?? defaultInstanceTypes,
        scalingConfig: { minSize: sizes.minSize, maxSize: sizes.maxSize, desiredSize: sizes.minSize },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        tags: checked.tags,
      },
      pulumi.mergeOptions(options, { dependsOn: attachments }),
    );
    this.nodeGroupName = group.nodeGroupName;
    this.clusterName = group.clusterName;
    this.registerOutputs({ clusterName: this.clusterName, nodeGroupName: this.nodeGroupName });
  }
}

function createLaunchTemplate(name: string, args: SystemNodesArgs, options: pulumi.CustomResourceOptions) {
  const { clusterSettings, bottlerocket, rootVolumeGiB, dataVolumeGiB, tags } = args;
  const rendered = pulumi
    .output({ clusterSettings, bottlerocket, rootVolumeGiB, dataVolumeGiB, tags })
    .apply((spec) => {
      const userData = renderUserData([spec.clusterSettings ?? {}, spec.bottlerocket ?? {}]);
      return renderLaunchTemplate(userData, spec, { Name: name, ...spec.tags });
    });
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      userData: rendered.userData,
      metadataOptions: rendered.metadataOptions,
      blockDeviceMappings: rendered.blockDeviceMappings,
      tagSpecifications: rendered.tagSpecifications,
      tags,
    },
    options,
  );
}

// EKS wants `<version>-<commit>`, which only this public parameter knows.
function releaseOf(parent: SystemNodes, args: SystemNodesArgs): pulumi.Output<string> {
  const name = pulumi.interpolate`/aws/service/bottlerocket/aws-k8s-${args.kubernetesVersion}/arm64/${args.bottlerocketVersion}/image_version`;
  return aws.ssm.getParameterOutput({ name }, { parent }).insecureValue;
}
