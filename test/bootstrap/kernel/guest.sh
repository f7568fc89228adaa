#!/bin/sh
# The init of the virtual machine: makes NVMe disks, runs the script as Bottlerocket would, prints what came of it.
# Blocks begin with "@@ <name>"; kernel.test.ts reads them.
export PATH=/bin:/usr/sbin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
# The first serial line has the kernel's messages.
exec >/dev/ttyS1 2>&1
mount -t proc proc /proc
mount -t sysfs sys /sys
read -r cmdline </proc/cmdline
case $cmdline in *multipath=Y*) multipath=Y ;; *) multipath=N ;; esac
ip link set lo up
modprobe brd rd_nr=14 rd_size=4096
modprobe nvme_core "multipath=$multipath"
for module in nvme nvmet-tcp nvme-tcp ext4 crc32c_generic dm-mod; do modprobe "$module"; done
mount -t configfs config /sys/kernel/config
cd /sys/kernel/config/nvmet || exit 1
mkdir ports/1
echo tcp >ports/1/addr_trtype
echo ipv4 >ports/1/addr_adrfam
echo 127.0.0.1 >ports/1/addr_traddr
echo 4420 >ports/1/addr_trsvcid

ec2='Amazon EC2 NVMe Instance Storage'
ram=0
# offer <name> <model> <serial> <namespaces>
offer() {
	mkdir "subsystems/$1"
	echo 1 >"subsystems/$1/attr_allow_any_host"
	echo "$2" >"subsystems/$1/attr_model"
	echo "$3" >"subsystems/$1/attr_serial"
	for nsid in $4; do
		mkdir "subsystems/$1/namespaces/$nsid"
		echo "/dev/ram$ram" >"subsystems/$1/namespaces/$nsid/device_path"
		echo 1 >"subsystems/$1/namespaces/$nsid/enable"
		ram=$((ram + 1))
	done
	ln -s "/sys/kernel/config/nvmet/subsystems/$1" ports/1/subsystems/
}
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

connect() { echo "transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=$1" >/dev/nvme-fabrics || echo "@@ error: connect $1"; }
# disconnect <serial>: the controllers that have it
disconnect() {
	for controller in /sys/class/nvme/nvme*; do
		read -r serial <"$controller/serial"
		[ "$serial" != "$1" ] || echo 1 >"$controller/delete_controller"
	done
}
# device <serial>: its first namespace that is not a path
device() {
	for disk in /sys/block/nvme*n1; do
		case ${disk##*/} in nvme*c*) continue ;; esac
		read -r serial <"$disk/device/serial"
		[ "$serial" != "$1" ] || echo "${disk##*/}"
	done
}
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
settings=/.bottlerocket/bootstrap-containers/current/user-data
run() {
	echo "@@ $1 out"
	printf '%s\n' "$2" >"$settings"
	busybox sh "${3-/fast-disks.sh}" 2>/tmp/err
	code=$?
	echo "@@ $1 err"
	cat /tmp/err
	echo "@@ $1 code"
	echo "$code"
	echo "@@ $1 links"
	for link in /.bottlerocket/rootfs/mnt/fast-disks/*; do
		[ -L "$link" ] || continue
		target=$(readlink "$link")
		disk=/sys/block/${target##*/}
		echo "${link##*/} $target $(cat "$disk/device/serial") $(cat "$disk/nsid") $([ -b "$link" ] && echo block)"
	done
	echo "@@ $1 end"
}

# The host as a bootstrap container sees it: read-only but for /mnt.
mkdir -p /data /mnt /.bottlerocket/rootfs /.bottlerocket/bootstrap-containers/current
mount --rbind / /.bottlerocket/rootfs
mount -o remount,bind,ro /.bottlerocket/rootfs
mount --bind /mnt /.bottlerocket/rootfs/mnt
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
