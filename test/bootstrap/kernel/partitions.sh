#!/bin/sh
# The init of the virtual machine for what docs/volumes-per-disk.md says of partitions, RAID and namespaces.
# partitions.test.ts reads it.
# shellcheck source=test/bootstrap/kernel/disks.sh
. /disks.sh
modprobe raid0
for name in cut raw parted raida raidb spaces; do
	offer "$name" "$ec2" "$(echo "AWS$name" | tr '[:lower:]' '[:upper:]')" 1
	connect "$name"
done
sleep 1

# table <device> <size of each>: two partitions
table() {
	printf 'label: gpt\n,%s\n,%s\n' "$2" "$2" | sfdisk -q "/dev/$1" || echo '@@ error: sfdisk'
	sleep 1
}
read_table() { blockdev --rereadpt "/dev/$1"; }
partitions() { find "/sys/block/$1/" -maxdepth 1 -name "$1p*" | wc -l; }
sum() { dd if="$1" bs=64k 2>/dev/null | md5sum; }
fill() { dd if=/dev/urandom of="$1" bs=64k 2>/dev/null; }
forget() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}
zero() { dd if=/dev/zero of="/dev/$1" bs=64k 2>/dev/null; }

cut=$(device AWSCUT)
size=$(cat "/sys/block/$cut/size")
table "$cut" 1M
dd if="/dev/$cut" of=/tmp/first count=34 2>/dev/null
dd if="/dev/$cut" of=/tmp/second skip=$((size - 33)) count=33 2>/dev/null
zero "$cut"
read_table "$cut"
# put <file> <its sector> <of the disk> <sectors>
put() {
	dd if="/tmp/$1" of="/dev/$cut" skip="$2" seek="$3" count="$4" conv=notrunc 2>/dev/null
	read_table "$cut"
	partitions "$cut"
}
echo '@@ written piece by piece'
echo "second table $(put second 0 $((size - 33)) 32)"
echo "its header $(put second 32 $((size - 1)) 1)"
echo "first table $(put first 2 2 32)"
echo "its header $(put first 1 1 1)"
echo "protective MBR $(put first 0 0 1)"
echo '@@ a broken first header'
dd if=/dev/zero of="/dev/$cut" seek=1 count=1 conv=notrunc 2>/dev/null
read_table "$cut"
partitions "$cut"
wipefs --noheadings --output TYPE "/dev/$cut"

raw=$(device AWSRAW)
fill "/dev/$raw"
echo '@@ signatures of data'
wipefs "/dev/$raw"
raida=$(device AWSRAIDA) raidb=$(device AWSRAIDB)
mdadm --create --quiet --run --force /dev/md/one --level=0 --chunk=256 --raid-devices=2 "/dev/$raida" "/dev/$raidb"
run assembled 'disks=4'
array=$(readlink -f /dev/md/one)
echo '@@ array'
echo "$(cat "/sys/block/${array##*/}/size") $(cat "/sys/block/$raida/size")"
mdadm --stop --quiet "$array"
run stopped 'disks=6'

parted=$(device AWSPARTED)
table "$parted" 1M
ln -s "../../dev/${parted}p1" /mnt/fast-disks/mine-1
run 'parted after its link' 'disks=6'
rm /mnt/fast-disks/nvme-AWSPARTED-ns1
run 'parted before its link' 'disks=5'
disconnect AWSPARTED
disconnect AWSRAW
sleep 1
connect parted
connect raw
sleep 1
echo '@@ renumbered'
echo "$parted $(device AWSPARTED) $(readlink /mnt/fast-disks/mine-1) $([ -e /mnt/fast-disks/mine-1 ] || echo dangles)"

subsystem=/sys/kernel/config/nvmet/subsystems/spaces
add_namespace() {
	mkdir "$subsystem/namespaces/$1"
	echo "/dev/ram$ram" >"$subsystem/namespaces/$1/device_path"
	echo 1 >"$subsystem/namespaces/$1/enable"
	sleep 2
}
add_namespace 2
run 'second namespace' ''
echo 0 >"$subsystem/namespaces/1/enable"
sleep 2
run 'first namespace gone' ''

# QEMU's disk takes discards. The commands are those of the provisioner's scripts.
disk=''
for entry in /sys/block/nvme*; do
	read -r serial <"$entry/device/serial"
	[ "$serial" != DISCARDS ] || disk=${entry##*/}
done
table "$disk" 4M
one=/dev/${disk}p1 two=/dev/${disk}p2
start=$(cat "/sys/block/$disk/${disk}p1/start")
ends=$(($(cat "/sys/block/$disk/${disk}p2/start") + $(cat "/sys/block/$disk/${disk}p2/size")))
tables() {
	{
		dd if="/dev/$disk" count="$start"
		dd if="/dev/$disk" skip="$ends"
	} 2>/dev/null | md5sum
}
wipe() {
	case $1 in
	discard) /usr/sbin/blkdiscard "$2" </dev/null 2>/dev/null ;;
	quick) /usr/sbin/mke2fs -q -F "$2" >/dev/null 2>&1 && /usr/sbin/wipefs -q -a "$2" ;;
	zero) dd if=/dev/zero of="$2" bs=8096 2>/dev/null || true ;;
	shred) /usr/sbin/shred -zf -n 1 "$2" ;;
	esac
}
for how in discard quick zero shred; do
	fill "$one"
	fill "$two"
	/usr/sbin/mke2fs -q -F -E nodiscard "$one" >/dev/null 2>&1
	forget
	neighbour=$(sum "$two") around=$(tables)
	echo "@@ wipe $how"
	wipe "$how" "$one"
	echo "code $?"
	forget
	[ "$neighbour" = "$(sum "$two")" ] && echo 'neighbour same'
	[ "$around" = "$(tables)" ] && echo 'tables same'
	echo "signatures $(wipefs "$one" | wc -l)"
	echo "bytes $(tr -d '\0' <"$one" | wc -c)"
done

# The whole disk has a link too, and its volume is wiped while a consumer has the second partition.
/usr/sbin/mke2fs -q -F "$two" >/dev/null 2>&1
mount -t ext4 "$two" /data || echo '@@ error: mount'
for how in discard quick zero shred; do
	echo "@@ wipe the whole disk, $how"
	printf mark | dd of="/dev/$disk" seek="$((ends + 1))" conv=notrunc 2>/dev/null
	sync
	wipe "$how" "/dev/$disk"
	echo "code $?"
	forget
	dd if="/dev/$disk" skip="$((ends + 1))" bs=512 count=1 2>/dev/null | tr -d '\0'
	echo
done
echo '@@ done'
poweroff -f
