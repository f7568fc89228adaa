#!/bin/sh
# Links every unused EC2 instance-store disk of the host into /mnt/fast-disks, by serial. Never formats, wipes or mounts.
set -eu
root=/.bottlerocket/rootfs
folder=$root/mnt/fast-disks
mkdir -p "$folder"
for block in /sys/block/nvme*n*; do
  disk=${block##*/}
  [ -e "$block/device/model" ] || continue
  read -r model <"$block/device/model"
  [ "$model" = "Amazon EC2 NVMe Instance Storage" ] || continue
  read -r serial <"$block/device/serial"
  read -r nsid <"$block/nsid"
  link=$folder/nvme-$serial-ns$nsid
  ln -s "../../dev/$disk" "$link.new"
  mv -T "$link.new" "$link"
done
