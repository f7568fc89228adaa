import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { BottlerocketSettings } from "./manifests/bottlerocket";
import { Discovery } from "./manifests/discovery";
import type { NodeClassSpec } from "./manifests/ec2-node-class";
import { renderNodeClass, validateNodeClass } from "./manifests/ec2-node-class";
import type { PoolSpec } from "./manifests/fast-disks";
import { layersOf, validatePool } from "./manifests/fast-disks";
import { capacityOfPool, defaultGracePeriod, renderNodePool, secondsOf, validateNodePool } from "./manifests/node-pool";
import type { SelectorTerm } from "./manifests/selector-term";
import { renderUserData, validateUserData } from "./manifests/user-data";

export interface NodePoolArgs extends PoolSpec {
  /** Image of the bootstrap container, by digest; needed unless `discovery` is udev. */
  bootImage?: pulumi.Input<string>;
  /** X.Y.Z. */
  bottlerocketVersion: string;
  /** Settings below `bottlerocket`. @default - none */
  clusterSettings?: BottlerocketSettings;
  /** IAM role of the nodes, by name. Excludes `instanceProfile`. */
  role?: pulumi.Input<string>;
  /** Terms that find the subnets, any of which may match. */
  subnetSelectorTerms: SelectorTerm[];
  /** Terms that find the security groups. */
  securityGroupSelectorTerms: SelectorTerm[];
  /** Tags of instances and volumes. @default - none */
  tags?: Record<string, string>;
}

/**
 * Nodes that are sure to have local NVMe: an EC2NodeClass and a NodePool of Karpenter. Both depend on what their
 * component depends on, which has to be all that Karpenter needs to drain them.
 *
 *     new NodePool("fast", { instanceTypes: ["c8gd.xlarge"], bootImage, bottlerocketVersion: "1.66.0", role,
 *       subnetSelectorTerms, securityGroupSelectorTerms }, { dependsOn: karpenter });
 */
export class NodePool extends pulumi.ComponentResource {
  /** Name of the NodePool in Kubernetes. */
  readonly nodePoolName: pulumi.Output<string>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:NodePool", name, args, opts);
    fail(this, validateArgs(args));
    for (const warning of capacityOfPool(args).warnings) void pulumi.log.warn(`${name}: ${warning}`, this);

    const grace = secondsOf(args.terminationGracePeriod ?? defaultGracePeriod);
    // Both wait until the last node is gone, which takes the drain and EC2's own time.
    const options = {
      parent: this,
      dependsOn: opts?.dependsOn,
      customTimeouts: { delete: `${Math.ceil(grace / 60) + 20}m` },
    };
    const nodeClass = pulumi
      .all([args.bootImage, args.role])
      .apply(([image, role]) => renderNodeClass(nodeClassOf(args, image ?? "", role)));
    const ec2NodeClass = new k8s.apiextensions.CustomResource(
      `${name}-class`,
      { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: {}, spec: nodeClass.spec },
      options,
    );
    const nodePool = new k8s.apiextensions.CustomResource(
      `${name}-pool`,
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        // An empty one, or the SDK makes no output of the name that the provider chooses.
        metadata: {},
        spec: ec2NodeClass.metadata.name.apply((className) => renderNodePool(args, className).spec),
      },
      options,
    );
    this.nodePoolName = nodePool.metadata.name;
    this.registerOutputs({ nodePoolName: this.nodePoolName });
  }
}

function nodeClassOf(args: NodePoolArgs, image: string, role: string | undefined): NodeClassSpec {
  return { ...args, role, userData: renderUserData(layersOf(args.clusterSettings, args, image)), volumes: args };
}

function validateArgs(args: NodePoolArgs): string[] {
  const faults = [...validateNodePool(args), ...validatePool(args)];
  if (args.bootImage === undefined && args.discovery !== Discovery.udev)
    faults.push("bootImage: state the image of the bootstrap container, or discovery udev");
  if (faults.length > 0) return faults;
  const role = args.role === undefined ? undefined : "known later";
  return [
    ...validateUserData(layersOf(args.clusterSettings, args, "image"), "karpenter"),
    ...validateNodeClass(nodeClassOf(args, "image", role)),
  ];
}
