import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { mostRecent } from "./manifests/cluster";

export interface AddOnsArgs {
  clusterName: pulumi.Input<string>;
  /** Minor version that `most-recent` is chosen for. */
  kubernetesVersion: string;
  /** EKS's add-on names to versions, or to `most-recent`. */
  versions: Record<string, string>;
  /** @default - none */
  tags?: Record<string, string>;
}

/**
 * EKS add-ons of stated versions. vpc-cni, kube-proxy and eks-pod-identity-agent belong before the nodes, coredns
 * behind them: EKS waits until it runs.
 *
 *     new AddOns("dns", { clusterName, kubernetesVersion: "1.35", versions: { coredns: "most-recent" } });
 */
export class AddOns extends pulumi.ComponentResource {
  /** Versions in use, by add-on. */
  readonly versions: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AddOnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:AddOns", name, args, opts);
    const addOns = Object.entries(args.versions).map(
      ([addOnName, version]) =>
        new aws.eks.Addon(
          `${name}-${addOnName}`,
          {
            clusterName: args.clusterName,
            addonName: addOnName,
            addonVersion: version === mostRecent ? mostRecentOf(this, addOnName, args.kubernetesVersion) : version,
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            tags: args.tags,
          },
          { parent: this, dependsOn: opts?.dependsOn },
        ),
    );
    this.versions = pulumi
      .all(addOns.map((addOn) => pulumi.all([addOn.addonName, addOn.addonVersion])))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ versions: this.versions });
  }
}

function mostRecentOf(parent: AddOns, addonName: string, kubernetesVersion: string): pulumi.Output<string> {
  return aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion, mostRecent: true }, { parent }).version;
}
