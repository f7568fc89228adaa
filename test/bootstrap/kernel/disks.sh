#!/bin/sh
# What the virtual machines share: the system, NVMe disks over TCP, the host as a bootstrap container sees it.
# Blocks of output begin with "@@ <name>".
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

# shellcheck disable=SC2034 # For the guests.
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
		echo "${link##*/} $target $(cat "$disk/device/serial" 2>/dev/null) $(cat "$disk/nsid" 2>/dev/null) $([ -b "$link" ] && echo block)"
	done
	echo "@@ $1 end"
}

# The host as a bootstrap container sees it: read-only but for /mnt.
mkdir -p /data /mnt /.bottlerocket/rootfs /.bottlerocket/bootstrap-containers/current
mount --rbind / /.bottlerocket/rootfs
mount -o remount,bind,ro /.bottlerocket/rootfs
mount --bind /mnt /.bottlerocket/rootfs/mnt
