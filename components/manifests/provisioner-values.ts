import { names } from "../names";
import { versions } from "../versions";
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
 * Values of chart local-static-provisioner 2.9.0 for one class and one kind of discovery. The release runs only on nodes with
 * that class and discovery: two releases that find the same disk would create two volumes of it.
 * https://github.com/kubernetes-sigs/sig-storage-local-static-provisioner/tree/v2.9.0/helm
 */
export function renderProvisionerValues(storageClass: string, spec: StorageClassSpec, discovery: Discovery): object {
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
    image: versions.provisionerImage,
    nodeSelector: { [names.classLabel]: storageClass, [names.discoveryLabel]: discovery },
    tolerations: [names.classLabel, names.takenTaint].map((key) => ({ key, operator: "Exists", effect: "NoSchedule" })),
    priorityClassName: "system-node-critical",
    // With an owner reference, a deleted Node object deletes its volumes, and their disks are offered unwiped.
    setPVOwnerRef: false,
    useNodeNameOnly: true,
    // 2.9.0 never removes the taint: the condition in its controller is inverted.
    removeNodeNotReadyTaint: false,
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}
