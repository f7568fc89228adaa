import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { mostRecent, validateAddOnsArgs } from "./manifests/add-ons";
import type { AddOnsArgs } from "./manifests/add-ons";

/**
 * EKS add-ons with their versions. Create vpc-cni, kube-proxy and eks-pod-identity-agent before the nodes, and coredns after
 * them: EKS waits until coredns runs.
 *
 *     new AddOns("dns", { clusterName, kubernetesVersion: "1.35", versions: { coredns: "most-recent" } });
 */
export class AddOns extends pulumi.ComponentResource {
  /** The cluster's name, known once its add-ons run. Use it for resources that need the add-ons. */
  readonly clusterName: pulumi.Output<string>;
  /** Versions in use, by add-on. */
  readonly versions: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AddOnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:AddOns", name, args, opts);
    const checked = checkArgs(this, args, validateAddOnsArgs);
    const addOns = Object.entries(checked.versions).map(
      ([addonName, version]) =>
        new aws.eks.Addon(
          `${name}-${addonName}`,
          {
            clusterName: checked.clusterName,
            addonName,
            addonVersion: versionOf(this, addonName, version, checked.kubernetesVersion),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            tags: checked.tags,
          },
          childOptions(this, opts),
        ),
    );
    this.clusterName = pulumi
      .all([checked.clusterName, pulumi.all(addOns.map((addOn) => addOn.arn))])
      .apply(([clusterName]) => clusterName);
    this.versions = pulumi
      .all(addOns.map((addOn) => pulumi.all([addOn.addonName, addOn.addonVersion])))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ clusterName: this.clusterName, versions: this.versions });
  }
}

function versionOf(
  parent: AddOns,
  addonName: string,
  version: pulumi.Input<string>,
  kubernetesVersion: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi
    .output(version)
    .apply((stated) =>
      stated === mostRecent
        ? aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion, mostRecent: true }, { parent }).version
        : pulumi.output(stated),
    );
}
