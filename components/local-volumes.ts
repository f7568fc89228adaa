import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { fail } from "./fault";
import type { Discovery } from "./manifests/discovery";
import { renderProvisionerValues } from "./manifests/provisioner-values";
import type { StorageClassSpec } from "./manifests/storage-class";
import { renderStorageClass, validateStorageClass } from "./manifests/storage-class";

export interface LocalVolumesArgs {
  /** StorageClasses by name. */
  storageClasses: Record<string, StorageClassSpec>;
  /** How the disks of each class are found. @default - by the bootstrap container */
  discoveries?: Record<string, Discovery>;
}

/**
 * Makes a PersistentVolume of each disk that appears in the nodes' folder: per StorageClass the class itself and a
 * release of the local static provisioner on the nodes that feed it.
 *
 *     new LocalVolumes("volumes", { storageClasses: { "fast-disks": {} } });
 */
export class LocalVolumes extends pulumi.ComponentResource {
  constructor(name: string, args: LocalVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-fast-disks:index:LocalVolumes", name, args, opts);
    const classes = Object.entries(args.storageClasses);
    fail(
      this,
      classes.flatMap(([className, spec]) =>
        validateStorageClass(className, spec).map((fault) => `storageClasses.${className}.${fault}`),
      ),
    );
    const inherited = { parent: this, replaceWith: opts?.replaceWith };
    // The provisioner is privileged and sees the host's devices.
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    const namespace = new k8s.core.v1.Namespace(`${name}-namespace`, { metadata: { labels } }, inherited);
    for (const [className, spec] of classes) {
      new k8s.storage.v1.StorageClass(`${name}-${className}`, renderStorageClass(className, spec), inherited);
      new k8s.helm.v3.Release(
        `${name}-${className}`,
        {
          chart: "local-static-provisioner",
          version: "2.9.0",
          repositoryOpts: { repo: "https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner" },
          namespace: namespace.metadata.name,
          values: renderProvisionerValues(className, spec, args.discoveries?.[className]),
        },
        inherited,
      );
    }
    this.registerOutputs({});
  }
}
