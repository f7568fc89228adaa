import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import {
  cleanupRules,
  renderCleanupDeployment,
  renderCleanupService,
  validateNodeCleanupArgs,
} from "./manifests/node-cleanup";
import type { NodeCleanupArgs } from "./manifests/node-cleanup";
import { serviceLabels, targets } from "./manifests/service-monitor";
import { resourceName } from "./resource-name";

/**
 * The controller that deletes claims and volumes of lost nodes, so that their pods start on other nodes.
 *
 *     new NodeCleanup("cleanup", { storageClasses: ["fast-disks"] });
 */
export class NodeCleanup extends pulumi.ComponentResource {
  /** Namespace of its objects. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NodeCleanupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:NodeCleanup", name, args, opts);
    const checked = checkArgs(this, args, validateNodeCleanupArgs);
    const options = childOptions(this, opts);
    const child = (key: string) => resourceName("object", `${name}-${key}`);
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespaceObject = new k8s.core.v1.Namespace(child("namespace"), { metadata: { labels } }, options);
    const namespace = namespaceObject.metadata.name;
    this.namespace = namespace;
    const account = new k8s.core.v1.ServiceAccount(child("account"), { metadata: { namespace } }, options);
    const role = new k8s.rbac.v1.ClusterRole(child("role"), { rules: cleanupRules }, options);
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      child("binding"),
      {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      options,
    );
    const spec = pulumi
      .all([pulumi.output(checked), account.metadata.name])
      .apply(([known, accountName]) => renderCleanupDeployment(known, accountName));
    new k8s.apps.v1.Deployment(
      child("controller"),
      { metadata: { namespace }, spec },
      // Without the binding the controller could not list nodes, and would delete the volumes of existing nodes.
      pulumi.mergeOptions(options, { dependsOn: binding }),
    );
    new k8s.core.v1.Service(
      child("metrics"),
      { metadata: { namespace, labels: serviceLabels(targets.nodeCleanup) }, spec: renderCleanupService() },
      options,
    );
    this.registerOutputs({ namespace: this.namespace });
  }
}
