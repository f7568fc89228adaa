import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { BottlerocketSettings } from "./manifests/bottlerocket";
import { instanceTrust, nodePolicies } from "./manifests/controller-policies";
import { renderLaunchTemplate } from "./manifests/launch-template";
import type { SystemNodesSpec } from "./manifests/system-nodes";
import { sizesOf, validateSystemNodes } from "./manifests/system-nodes";
import { renderUserData, validateUserData } from "./manifests/user-data";

export interface SystemNodesArgs extends SystemNodesSpec {
  /** A cluster of the eks package, with authentication mode API. */
  cluster: pulumi.Input<eks.Cluster>;
  subnetIds: pulumi.Input<string[]>;
  /** The cluster's minor version. */
  kubernetesVersion: string;
  /** X.Y.Z. */
  bottlerocketVersion: string;
  /** Settings below `bottlerocket`. @default - none */
  clusterSettings?: BottlerocketSettings;
  /** Tags of instances and volumes. @default - none */
  tags?: Record<string, string>;
}

/**
 * A managed node group of Bottlerocket on arm64, of one OS version, for what must not run on nodes that come and go.
 *
 *     new SystemNodes("system", { cluster, subnetIds, kubernetesVersion: "1.35", bottlerocketVersion: "1.66.0" });
 */
export class SystemNodes extends pulumi.ComponentResource {
  readonly nodeGroup: pulumi.Output<aws.eks.NodeGroup>;

  constructor(name: string, args: SystemNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:SystemNodes", name, args, opts);
    const layers = [args.clusterSettings ?? {}, args.bottlerocket ?? {}];
    fail(this, [...validateSystemNodes(args), ...validateUserData(layers, "eks")]);
    const { role, attachments } = createNodeRole(this, name, args.tags);
    const template = new aws.ec2.LaunchTemplate(
      `${name}-template`,
      { ...renderLaunchTemplate(renderUserData(layers), args, { Name: name, ...args.tags }), tags: args.tags },
      { parent: this },
    );
    const sizes = sizesOf(args);
    const group = new eks.ManagedNodeGroup(
      `${name}-group`,
      {
        cluster: args.cluster,
        nodeRoleArn: role.arn,
        subnetIds: args.subnetIds,
        amiType: "BOTTLEROCKET_ARM_64",
        version: args.kubernetesVersion,
        releaseVersion: releaseOf(this, args),
        instanceTypes: args.instanceTypes ?? ["m7g.large"],
        scalingConfig: { ...sizes, desiredSize: sizes.minSize },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        tags: args.tags,
      },
      { parent: this, dependsOn: [...attachments, ...[opts?.dependsOn ?? []].flat()] as pulumi.Resource[] },
    );
    this.nodeGroup = group.nodeGroup;
    this.registerOutputs({ nodeGroup: this.nodeGroup });
  }
}

function createNodeRole(parent: SystemNodes, name: string, tags: SystemNodesArgs["tags"]) {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: JSON.stringify(instanceTrust), tags }, { parent });
  const attachments = nodePolicies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}` },
        { parent },
      ),
  );
  return { role, attachments };
}

// EKS wants `<version>-<commit>`, which only this public parameter knows.
function releaseOf(parent: SystemNodes, args: SystemNodesArgs): pulumi.Output<string> {
  const folder = `/aws/service/bottlerocket/aws-k8s-${args.kubernetesVersion}/arm64/${args.bottlerocketVersion}`;
  return aws.ssm.getParameterOutput({ name: `${folder}/image_version` }, { parent }).insecureValue;
}
