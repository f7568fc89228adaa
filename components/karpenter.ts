import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { renderKarpenterValues, validateKarpenterArgs } from "./manifests/karpenter";
import type { KarpenterArgs } from "./manifests/karpenter";
import { names } from "./names";
import { resourceName } from "./resource-name";
import { charts } from "./versions";

/**
 * Karpenter's CRDs and controller, as two Helm releases of one version: Helm never upgrades the CRDs inside the
 * controller's chart. Its pods need the Pod Identity association, the agent and two nodes: depend on them.
 *
 *     new Karpenter("karpenter", { version: "1.14.0", clusterName, interruptionQueue }, { dependsOn: identity });
 */
export class Karpenter extends pulumi.ComponentResource {
  constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:Karpenter", name, args, opts);
    const checked = checkArgs(this, args, validateKarpenterArgs);
    const options = childOptions(this, opts);
    const crds = new k8s.helm.v3.Release(
      resourceName("release", `${name}-crds`),
      { chart: charts.karpenterDefinitions, version: checked.version, namespace: names.karpenterNamespace },
      options,
    );
    new k8s.helm.v3.Release(
      resourceName("release", `${name}-controller`),
      {
        chart: charts.karpenter,
        version: checked.version,
        namespace: names.karpenterNamespace,
        skipCrds: true,
        values: pulumi
          .all([checked.clusterName, checked.interruptionQueue, checked.capacity])
          .apply(([clusterName, queue, capacity]) => renderKarpenterValues(clusterName, queue, capacity)),
      },
      pulumi.mergeOptions(options, { dependsOn: crds }),
    );
    this.registerOutputs({});
  }
}
