import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { defaultInstanceTypes, sizesOf, validateSystemNodesArgs } from "./manifests/system-nodes";
import type { SystemNodesArgs } from "./manifests/system-nodes";
import { createNodeGroup } from "./node-group";

/**
 * A managed node group of Bottlerocket on arm64, of one OS version, for pods that must not run on spot nodes.
 *
 *     new SystemNodes("system", { clusterName, subnetIds, kubernetesVersion: "1.35", bottlerocketVersion: "1.66.0" });
 */
export class SystemNodes extends pulumi.ComponentResource {
  /** The cluster's name, known once the nodes run. Use it for resources that need the nodes. */
  readonly clusterName: pulumi.Output<string>;
  /** Name of the managed node group. */
  readonly nodeGroupName: pulumi.Output<string>;

  constructor(name: string, args: SystemNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:SystemNodes", name, args, opts);
    const checked = checkArgs(this, args, validateSystemNodesArgs);
    const options = childOptions(this, opts);
    const { clusterSettings, bottlerocket, minSize, maxSize } = checked;
    const { group } = createNodeGroup(
      this,
      name,
      {
        args: checked,
        layers: pulumi
          .output({ clusterSettings, bottlerocket })
          .apply((spec) => [spec.clusterSettings ?? {}, spec.bottlerocket ?? {}]),
        kubernetesVersion: checked.kubernetesVersion,
        group: {
          version: checked.kubernetesVersion,
          instanceTypes: checked.instanceTypes ?? defaultInstanceTypes,
          scalingConfig: pulumi.output({ minSize, maxSize }).apply((spec) => {
            const sizes = sizesOf(spec);
            return { ...sizes, desiredSize: sizes.minSize };
          }),
        },
      },
      options,
    );
    this.nodeGroupName = group.nodeGroupName;
    this.clusterName = group.clusterName;
    this.registerOutputs({ clusterName: this.clusterName, nodeGroupName: this.nodeGroupName });
  }
}
