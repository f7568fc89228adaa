import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BottlerocketSettingsSpec } from "./manifests/bottlerocket";
import { renderLaunchTemplate } from "./manifests/launch-template";
import type { NodeGroupArgs } from "./manifests/node-group";
import { renderUserData } from "./manifests/user-data";
import type { VolumeArgs } from "./manifests/volumes";
import { createNodeRole } from "./node-role";
import { resourceName } from "./resource-name";

/** Parts of a managed node group. */
export interface NodeGroupParts {
  args: NodeGroupArgs & VolumeArgs;
  /** Layers of Bottlerocket's settings. */
  layers: pulumi.Output<BottlerocketSettingsSpec[]>;
  /** Minor version for which the Bottlerocket release is looked up. */
  kubernetesVersion: pulumi.Input<string>;
  /** Other arguments of the group than cluster, role, template and release. */
  group: Omit<aws.eks.NodeGroupArgs, "clusterName" | "nodeRoleArn" | "subnetIds">;
  /** Inputs of the group that `up` leaves as they are. */
  ignoreChanges?: string[];
}

/** A managed node group of Bottlerocket on arm64, of one OS version, with its own role and launch template. */
export function createNodeGroup(
  parent: pulumi.ComponentResource,
  name: string,
  parts: NodeGroupParts,
  options: pulumi.CustomResourceOptions,
): { group: aws.eks.NodeGroup; role: aws.iam.Role } {
  const { args, layers, kubernetesVersion, group, ignoreChanges } = parts;
  const { role, attachments } = createNodeRole(parent, name, "role", args.tags, options);
  const template = createLaunchTemplate(name, args, layers, options);
  const created = new aws.eks.NodeGroup(
    resourceName("nodeGroup", `${name}-group`),
    {
      ...group,
      clusterName: args.clusterName,
      subnetIds: args.subnetIds,
      nodeRoleArn: role.arn,
      amiType: "BOTTLEROCKET_ARM_64",
      releaseVersion: releaseOf(parent, kubernetesVersion, args.bottlerocketVersion),
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      tags: args.tags,
    },
    pulumi.mergeOptions(options, { dependsOn: attachments, ignoreChanges }),
  );
  return { group: created, role };
}

function createLaunchTemplate(
  name: string,
  args: NodeGroupArgs & VolumeArgs,
  layers: pulumi.Output<BottlerocketSettingsSpec[]>,
  options: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const { rootVolumeGiB, dataVolumeGiB, tags } = args;
  const rendered = pulumi
    .output({ layers, volumes: { rootVolumeGiB, dataVolumeGiB }, tags })
    .apply((spec) => renderLaunchTemplate(renderUserData(spec.layers), spec.volumes, { Name: name, ...spec.tags }));
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

// EKS needs `<version>-<commit>`, which is only in this public parameter.
function releaseOf(
  parent: pulumi.ComponentResource,
  kubernetesVersion: pulumi.Input<string>,
  bottlerocketVersion: pulumi.Input<string>,
): pulumi.Output<string> {
  const name = pulumi.interpolate`/aws/service/bottlerocket/aws-k8s-${kubernetesVersion}/arm64/${bottlerocketVersion}/image_version`;
  return aws.ssm.getParameterOutput({ name }, { parent }).insecureValue;
}
