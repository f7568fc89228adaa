import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { renderKarpenterValues } from "./manifests/karpenter-values";
import { names } from "./names";

export interface KarpenterArgs {
  /** X.Y.Z of both charts. */
  version: string;
  clusterName: pulumi.Input<string>;
  /** Name of the queue. */
  interruptionQueue: pulumi.Input<string>;
}

/**
 * Karpenter's CRDs and controller, as two Helm releases of one version: Helm never upgrades the CRDs inside the
 * controller's chart. Its pods need the Pod Identity association, the agent and two nodes: depend on them.
 *
 *     new Karpenter("karpenter", { version: "1.14.0", clusterName, interruptionQueue }, { dependsOn: identity });
 */
export class Karpenter extends pulumi.ComponentResource {
  constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Karpenter", name, args, opts);
    const release = { version: args.version, namespace: names.karpenterNamespace };
    const inherited = { parent: this, replaceWith: opts?.replaceWith };
    const crds = new k8s.helm.v3.Release(
      `${name}-crds`,
      { chart: "oci://public.ecr.aws/karpenter/karpenter-crd", ...release },
      inherited,
    );
    new k8s.helm.v3.Release(
      `${name}-controller`,
      {
        chart: "oci://public.ecr.aws/karpenter/karpenter",
        ...release,
        skipCrds: true,
        values: pulumi
          .all([args.clusterName, args.interruptionQueue])
          .apply(([clusterName, queue]) => renderKarpenterValues(clusterName, queue)),
      },
      { ...inherited, dependsOn: [crds, ...[opts?.dependsOn ?? []].flat()] as pulumi.Resource[] },
    );
    this.registerOutputs({});
  }
}
