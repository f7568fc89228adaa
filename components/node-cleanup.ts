import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { NodeCleanupSpec } from "./manifests/node-cleanup";
import {
  cleanupRules,
  renderCleanupDeployment,
  renderCleanupService,
  validateNodeCleanup,
} from "./manifests/node-cleanup";

export interface NodeCleanupArgs extends NodeCleanupSpec {
  /** StorageClasses whose claims and volumes are given up with their node. */
  storageClasses: string[];
}

/**
 * The controller that gives up claims and volumes of nodes that are gone, so that their pods start elsewhere.
 *
 *     new NodeCleanup("cleanup", { storageClasses: ["fast-disks"] });
 */
export class NodeCleanup extends pulumi.ComponentResource {
  constructor(name: string, args: NodeCleanupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:NodeCleanup", name, args, opts);
    fail(this, validateNodeCleanup(args));
    const inherited = { parent: this, replaceWith: opts?.replaceWith };
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespaceObject = new k8s.core.v1.Namespace(`${name}-namespace`, { metadata: { labels } }, inherited);
    const namespace = namespaceObject.metadata.name;
    const metadata = { namespace };
    const account = new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata }, inherited);
    const role = new k8s.rbac.v1.ClusterRole(`${name}-role`, { rules: cleanupRules }, inherited);
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-binding`,
      {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      inherited,
    );
    const spec = account.metadata.name.apply((account) => renderCleanupDeployment(args, args.storageClasses, account));
    new k8s.apps.v1.Deployment(
      `${name}-controller`,
      { metadata, spec },
      // Without the binding it could not list nodes, and would delete the volumes of nodes that are there.
      { ...inherited, dependsOn: [binding, ...[opts?.dependsOn ?? []].flat()] as pulumi.Resource[] },
    );
    new k8s.core.v1.Service(`${name}-metrics`, { metadata, spec: renderCleanupService() }, inherited);
    this.registerOutputs({});
  }
}
