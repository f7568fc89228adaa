import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { deleteTimeoutOf, renderNodePool, renderPoolNodeClass, validateNodePoolArgs } from "./manifests/node-pool";
import type { NodePoolArgs } from "./manifests/node-pool";
import { DiskCapacity } from "./manifests/disk-capacity";
import { renderNodeOverlay } from "./manifests/node-overlay";
import { capacityOfPool } from "./manifests/pool";
import type { PoolSpec } from "./manifests/pool";
import { resourceName } from "./resource-name";

/**
 * Nodes that always have local NVMe: an EC2NodeClass and a NodePool of Karpenter, and a NodeOverlay if disks are counted.
 * All depend on the component's dependencies, which must include everything that Karpenter needs to drain nodes.
 *
 *     new NodePool("fast", { instanceTypes: ["c8gd.xlarge"], bootImage, bottlerocketVersion: "1.66.0", role,
 *       subnetSelectorTerms, securityGroupSelectorTerms }, { dependsOn: karpenter });
 */
export class NodePool extends pulumi.ComponentResource {
  /** Name of the NodePool in Kubernetes. */
  readonly nodePoolName: pulumi.Output<string>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:NodePool", name, args, opts);
    const checked = checkArgs(this, args, validateNodePoolArgs);
    const spec = pulumi.output(checked);
    spec.apply((known) => {
      const key = known.instanceTypes === undefined ? "requirements" : "instanceTypes";
      for (const warning of capacityOfPool(known, checked.capacity).warnings)
        void pulumi.log.warn(`${name}.${key}: ${warning}`, this);
    });
    // Both wait until the last node is gone, which takes the drain and EC2's own time.
    const options = pulumi.mergeOptions(childOptions(this, opts), {
      customTimeouts: { delete: deleteTimeoutOf(args.terminationGracePeriod) },
    });
    const nodeClass = new k8s.apiextensions.CustomResource(
      resourceName("object", `${name}-class`),
      {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        // Without this empty object the SDK has no output for the name that the provider chooses.
        metadata: {},
        spec: spec.apply((known) => renderPoolNodeClass(known).spec),
      },
      options,
    );
    const nodePool = new k8s.apiextensions.CustomResource(
      resourceName("object", `${name}-pool`),
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: {},
        spec: pulumi
          .all([spec, nodeClass.metadata.name])
          .apply(([known, className]) => renderNodePool(known, className, checked.capacity).spec),
      },
      options,
    );
    this.nodePoolName = nodePool.metadata.name;
    if (checked.capacity === DiskCapacity.counted)
      createOverlay(name, spec, this.nodePoolName, childOptions(this, opts));
    this.registerOutputs({ nodePoolName: this.nodePoolName });
  }
}

/** Created after the pool that it names, and so deleted before it: without it the pool starts no new node. */
function createOverlay(
  name: string,
  spec: pulumi.Output<PoolSpec>,
  nodePoolName: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): void {
  const overlay = pulumi.all([spec, nodePoolName]).apply(([known, pool]) => renderNodeOverlay(known, pool));
  new k8s.apiextensions.CustomResource(
    resourceName("object", `${name}-disks`),
    { apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: overlay.metadata, spec: overlay.spec },
    pulumi.mergeOptions(options, { customTimeouts: { create: "5m", update: "5m" } }),
  );
}
