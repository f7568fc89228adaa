#!/bin/sh
# The loop of the published recipe, written anew from its description, to be compared with: it links every nvme*n1 that
# does not appear among the mounts. Do not use it; bootstrap/README.md says why.
root=$FAST_DISKS_ROOT
mkdir -p "$root/mnt/fast-disks"
cd "$root/dev" || exit
for device in nvme*n1; do
	name=$(basename "$device")
	if ! mount | grep -q "$name"; then
		ln -s "../../dev/$name" "$root/mnt/fast-disks/$name"
	fi
done
