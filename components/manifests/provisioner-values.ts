import { names } from "../names";
import { folderOf } from "./discovery";
import type { Discovery } from "./discovery";
import { FileSystem, VolumeMode, Wipe } from "./storage-class";
import type { StorageClassSpec } from "./storage-class";

/** Scripts of the provisioner's image. */
const cleaners: Record<Wipe, string[]> = {
  discard: ["/scripts/blkdiscard.sh"],
  quick: ["/scripts/quick_reset.sh"],
  zero: ["/scripts/dd_zero.sh", "1"],
  shred: ["/scripts/shred.sh", "2"],
};

/**
 * Values of chart local-static-provisioner 2.9.0 for one class, on the nodes of that class only: two classes that
 * found the same folder on one node would make two volumes of each disk.
 * https://github.com/kubernetes-sigs/sig-storage-local-static-provisioner/tree/v2.9.0/helm
 */
export function renderProvisionerValues(storageClass: string, spec: StorageClassSpec, discovery?: Discovery): object {
  const volumeMode = spec.volumeMode ?? VolumeMode.filesystem;
  return {
    classes: [
      {
        name: storageClass,
        hostDir: folderOf(discovery),
        mountDir: folderOf(discovery),
        volumeMode,
        ...(volumeMode === VolumeMode.filesystem && { fsType: spec.fileSystem ?? FileSystem.ext4 }),
        namePattern: spec.namePattern ?? "*",
        blockCleanerCommand: cleaners[spec.wipe ?? Wipe.discard],
      },
    ],
    image: "registry.k8s.io/sig-storage/local-volume-provisioner:v2.9.0",
    nodeSelector: { [names.classLabel]: storageClass },
    tolerations: [{ key: names.classLabel, operator: "Exists", effect: "NoSchedule" }],
    priorityClassName: "system-node-critical",
    // The API server collects volumes of a lost node by itself: with 100 nodes lost at once, in 99 s instead of 262 s.
    setPVOwnerRef: true,
    // 2.9.0 never takes the taint away: the condition in its controller is inverted.
    removeNodeNotReadyTaint: false,
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}
