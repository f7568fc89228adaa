import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { createImage } from "./image";
import {
  diskControllerRules,
  leaseRules,
  renderDiskController,
  renderDiskControllerService,
  renderDisruptionBudget,
  validateDiskControllerArgs,
} from "./manifests/disk-controller";
import type { DiskControllerArgs } from "./manifests/disk-controller";
import { serviceLabels, targets } from "./manifests/service-monitor";
import { resourceName } from "./resource-name";

/**
 * The controller that prevents pods from waiting for disks that they cannot get: while claims without a pod take every disk
 * of a node, it taints the node, so that Karpenter starts another one. With capacity `counted` it also writes how many disks
 * of a node consumers can get. Its image is built from `disk-controller/`, or a ready-made one.
 *
 *     new DiskController("disk-controller", { storageClasses: ["fast-disks"] });
 */
export class DiskController extends pulumi.ComponentResource {
  /** Image by digest. */
  readonly image: pulumi.Output<string>;
  /** Namespace of its objects. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: DiskControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:DiskController", name, args, opts);
    const checked = checkArgs(this, args, validateDiskControllerArgs);
    const options = childOptions(this, opts);
    const child = (key: string) => resourceName("object", `${name}-${key}`);
    this.image = createImage(
      name,
      { folder: "disk-controller", files: ["Dockerfile", "dist/main.js"] },
      checked,
      options,
    );
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespaceObject = new k8s.core.v1.Namespace(child("namespace"), { metadata: { labels } }, options);
    const namespace = namespaceObject.metadata.name;
    this.namespace = namespace;
    const account = new k8s.core.v1.ServiceAccount(child("account"), { metadata: { namespace } }, options);
    const bindings = createBindings(name, namespace, account, options);
    const spec = pulumi
      .all([pulumi.output(checked), this.image, namespace, account.metadata.name])
      .apply((known) => renderDiskController(...known));
    new k8s.apps.v1.Deployment(
      child("deployment"),
      { metadata: { namespace }, spec },
      // Without its permissions no replica becomes ready.
      pulumi.mergeOptions(options, { dependsOn: bindings }),
    );
    new k8s.policy.v1.PodDisruptionBudget(
      child("budget"),
      { metadata: { namespace }, spec: renderDisruptionBudget() },
      options,
    );
    new k8s.core.v1.Service(
      child("metrics"),
      { metadata: { namespace, labels: serviceLabels(targets.diskController) }, spec: renderDiskControllerService() },
      options,
    );
    this.registerOutputs({ image: this.image, namespace: this.namespace });
  }
}

/** Permissions of the account in the cluster, and on the Lease in its own namespace. */
function createBindings(
  name: string,
  namespace: pulumi.Output<string>,
  account: k8s.core.v1.ServiceAccount,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const child = (key: string) => resourceName("object", `${name}-${key}`);
  const apiGroup = "rbac.authorization.k8s.io";
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  const role = new k8s.rbac.v1.ClusterRole(child("role"), { rules: diskControllerRules }, options);
  const lease = new k8s.rbac.v1.Role(child("lease"), { metadata: { namespace }, rules: leaseRules }, options);
  return [
    new k8s.rbac.v1.ClusterRoleBinding(
      child("binding"),
      { roleRef: { apiGroup, kind: "ClusterRole", name: role.metadata.name }, subjects },
      options,
    ),
    new k8s.rbac.v1.RoleBinding(
      child("lease-binding"),
      { metadata: { namespace }, roleRef: { apiGroup, kind: "Role", name: lease.metadata.name }, subjects },
      options,
    ),
  ];
}
