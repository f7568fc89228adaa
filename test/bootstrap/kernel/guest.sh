#!/bin/sh
# The init of the virtual machine: makes NVMe disks, runs the script as Bottlerocket would, prints what came of it.
# kernel.test.ts reads it.
# shellcheck source=test/bootstrap/kernel/disks.sh
. /disks.sh

offer free "$ec2" AWSFREE 1
offer pair "$ec2" AWSPAIR '1 2'
offer ebs 'Amazon Elastic Block Store' vol0123456789abcdef 1
offer parted "$ec2" AWSPARTED 1
offer mounted "$ec2" AWSMOUNTED 1
offer held "$ec2" AWSHELD 1
offer swap "$ec2" AWSSWAP 1
offer nameless "$ec2" ../../AWS 1
offer twin1 "$ec2" AWSTWIN 1
offer twin2 "$ec2" AWSTWIN 1
offer late "$ec2" AWSLATE 1

use() {
	mount -t ext4 "/dev/$(device AWSMOUNTED)" /data || echo '@@ error: mount'
	swapon "/dev/$(device AWSSWAP)" || echo '@@ error: swapon'
	echo "0 8 linear /dev/$(device AWSHELD) 0" | dmsetup create --noudevsync held || echo '@@ error: dmsetup'
}
release() {
	umount /data
	swapoff -a
	dmsetup remove --noudevsync held
}

echo '@@ facts'
echo "read-only $(touch /.bottlerocket/rootfs/x 2>/dev/null && echo no || echo yes)"

run nothing 'onMissing=fail'

first='free pair ebs parted mounted held swap nameless twin1 twin2'
for name in $first; do connect "$name"; done
sleep 1
mke2fs -q "/dev/$(device AWSMOUNTED)" 2>/dev/null || mke2fs "/dev/$(device AWSMOUNTED)" >/dev/null
mkswap "/dev/$(device AWSSWAP)" >/dev/null
printf 'n\np\n1\n\n\nw\n' | fdisk "/dev/$(device AWSPARTED)" >/dev/null 2>&1
use
echo '@@ facts devices'
for disk in /sys/block/nvme*; do
	echo "${disk##*/} $(readlink -f "$disk/device") $(cat "$disk/device/model" 2>/dev/null)"
done
cat /proc/swaps

run first 'disks=3'

# The consumer of the free disk builds on it; everything comes back in another order; the EBS volume, in its place.
release
for serial in AWSFREE AWSPAIR vol0123456789abcdef AWSPARTED AWSMOUNTED AWSHELD AWSSWAP ../../AWS AWSTWIN; do disconnect "$serial"; done
sleep 1
for name in ebs swap held twin2 mounted pair parted free; do connect "$name"; done
sleep 1
use
echo "0 8 linear /dev/$(device AWSFREE) 0" | dmsetup create --noudevsync consumer || echo '@@ error: consumer'
run renumbered 'minimumDisks=4
onMissing=continue
deadlineSeconds=2'

# One disk goes, one comes while the script waits.
disconnect AWSPAIR
(
	sleep 2
	connect late
) &
run late 'disks=3
deadlineSeconds=60'
wait

# A folder that cannot be written, and one without room for a second link.
mount -t tmpfs none /.bottlerocket/rootfs/mnt
mkdir /.bottlerocket/rootfs/mnt/fast-disks
mount -o remount,ro /.bottlerocket/rootfs/mnt
run read-only ''
umount /.bottlerocket/rootfs/mnt
mount -t tmpfs -o nr_inodes=3 none /.bottlerocket/rootfs/mnt
run full ''
umount /.bottlerocket/rootfs/mnt

# All links at once, with and without cpio, on a folder of its own.
connect pair
sleep 1
for how in with without; do
	mount -t tmpfs none /.bottlerocket/rootfs/mnt
	[ "$how" = with ] || rm /bin/cpio
	run "many $how cpio" 'minimumDisks=4'
	umount /.bottlerocket/rootfs/mnt
done

# QEMU's own NVMe is on PCI but has a model of its own; one disk alone, one behind a subsystem.
mount -t tmpfs none /.bottlerocket/rootfs/mnt
sed "s/^model=.*/model='QEMU NVMe Ctrl'/" /fast-disks.sh >/tmp/qemu.sh
run pci '' /tmp/qemu.sh
echo '@@ facts pci'
for controller in /sys/class/nvme/nvme*; do echo "${controller##*/} $(cat "$controller/address")"; done
echo '@@ done'
poweroff -f
