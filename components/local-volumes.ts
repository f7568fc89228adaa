import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./check";
import { childOptions } from "./child-options";
import { Discovery, discoveries } from "./manifests/discovery";
import { validateLocalVolumesArgs } from "./manifests/local-volumes";
import type { LocalVolumesArgs } from "./manifests/local-volumes";
import { renderProvisionerValues } from "./manifests/provisioner-values";
import { immutableFields, renderStorageClass } from "./manifests/storage-class";
import { resourceName } from "./resource-name";
import { charts, versions } from "./versions";

/**
 * Creates a PersistentVolume for each disk that appears in the nodes' folder. For each StorageClass it creates the class, and
 * for each kind of discovery a release of the local static provisioner on the nodes with that class and discovery.
 *
 *     new LocalVolumes("volumes", { storageClasses: { "fast-disks": {} } });
 */
export class LocalVolumes extends pulumi.ComponentResource {
  /** Namespace of the provisioners. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: LocalVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:LocalVolumes", name, args, opts);
    const checked = checkArgs(this, args, validateLocalVolumesArgs);
    const options = childOptions(this, opts);
    // The provisioner is privileged and sees the host's devices.
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    const namespace = new k8s.core.v1.Namespace(
      resourceName("object", `${name}-namespace`),
      { metadata: { labels } },
      options,
    );
    this.namespace = namespace.metadata.name;
    for (const [className, classArgs] of Object.entries(checked.storageClasses)) {
      const spec = pulumi.output(classArgs);
      const rendered = spec.apply((known) => renderStorageClass(className, known));
      new k8s.storage.v1.StorageClass(
        `${name}-${className}`,
        {
          metadata: rendered.metadata,
          provisioner: rendered.provisioner,
          volumeBindingMode: rendered.volumeBindingMode,
          reclaimPolicy: rendered.reclaimPolicy,
          allowedTopologies: rendered.allowedTopologies,
          mountOptions: rendered.mountOptions,
        },
        pulumi.mergeOptions(options, { replaceOnChanges: immutableFields, deleteBeforeReplace: true }),
      );
      for (const discovery of discoveries)
        new k8s.helm.v3.Release(
          resourceName("release", `${name}-${className}${discovery === Discovery.bootstrap ? "" : `-${discovery}`}`),
          {
            chart: "local-static-provisioner",
            version: versions.provisionerChart,
            repositoryOpts: { repo: charts.provisioner },
            namespace: namespace.metadata.name,
            values: spec.apply((known) => renderProvisionerValues(className, known, discovery)),
          },
          options,
        );
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}
