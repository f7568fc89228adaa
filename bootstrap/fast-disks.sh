#!/bin/sh
# Links the local NVMe disks of an EC2 instance into /mnt/fast-disks of a Bottlerocket host, by serial and namespace.
# The contract is in README.md: settings, names, owned links, exit codes.
set -u

# These two variables are for tests only.
root=${FAST_DISKS_ROOT:-/.bottlerocket/rootfs}
settings=${FAST_DISKS_USER_DATA:-/.bottlerocket/bootstrap-containers/current/user-data}
folder=$root/mnt/fast-disks
# Not in the folder: the provisioner must not find it there if a boot is interrupted.
temporary=$root/mnt/.fast-disks.new
model='Amazon EC2 NVMe Instance Storage'
line_break='
'

error() { printf 'error: %s\n' "$1" >&2; }
die() {
	error "$2"
	exit "$1"
}

# Sets $safe: an external value with only characters that are safe on a console.
printable() {
	safe='' rest=$1
	while [ -n "$rest" ] && [ ${#safe} -lt 60 ]; do
		word=${rest%%[!A-Za-z0-9 ._:=/-]*}
		safe=$safe$word rest=${rest#"$word"}
		[ -z "$rest" ] || safe=$safe'?' rest=${rest#?}
	done
	while [ ${#safe} -gt 60 ]; do safe=${safe%?}; done
}

within() {
	case $1 in '' | *[!0-9]* | 0?* | ????*) return 1 ;; esac
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

read_settings() {
	minimum=0 exact=no on_missing=fail deadline=300 keys=' ' number=0 errors=0
	[ -e "$settings" ] || return 0
	[ -f "$settings" ] || die 10 'user-data: must be a file; correct the user-data of the bootstrap container'
	while read -r line || [ -n "$line" ]; do
		number=$((number + 1)) key=${line%%=*} value=${line#*=} rule=''
		case $line in
		'' | '#'*) continue ;;
		disks=*)
			within "$value" 1 64 || rule='must be 1 to 64'
			minimum=$value exact=yes
			;;
		minimumDisks=*)
			within "$value" 0 64 || rule='must be 0 to 64'
			minimum=$value
			;;
		onMissing=fail | onMissing=continue) on_missing=$value ;;
		onMissing=*) rule='must be fail or continue' ;;
		deadlineSeconds=*)
			within "$value" 0 600 || rule='must be 0 to 600'
			deadline=${value}0
			;;
		*=*) rule='the keys are disks, minimumDisks, onMissing and deadlineSeconds' ;;
		*) rule='must be key=value' ;;
		esac
		case $keys in *" $key "*) rule='this key must be set only once' ;; esac
		case $key$keys in 'disks '*'minimumDisks '* | 'minimumDisks '*'disks '*) rule='disks and minimumDisks exclude each other' ;; esac
		keys="$keys$key "
		[ -n "$rule" ] || continue
		printable "$line"
		error "user-data line $number: $rule, got \"$safe\"; correct the user-data of the bootstrap container"
		errors=1
	done <"$settings"
	[ "$errors" -eq 0 ] || exit 10
}

# Whether this is a name like nvme1n1. nvme1c1n1 is one path to a multipath namespace.
is_namespace() {
	case $1 in nvme*[!0-9n]*) return 1 ;; nvme[0-9]*n[0-9]*) ;; *) return 1 ;; esac
}

# Creates the folder and sets $links to " name=device …": its links that this script owns, by name and target.
read_links() {
	links=' '
	for path in "$root/mnt" "$folder"; do
		[ ! -L "$path" ] || die 12 "${path#"$root"}: must be a folder, got a link; remove it"
	done
	[ -d "$folder" ] || mkdir "$folder" || die 12 '/mnt/fast-disks: cannot be created; look at /mnt'
	set --
	for path in "$folder"/*; do
		name=${path##*/}
		case $name in *[!A-Za-z0-9-]* | *-ns*[!0-9]*) ;; nvme-?*-ns?*) set -- "$@" "$name" && continue ;; esac
		[ -L "$path" ] || [ -e "$path" ] || continue
		printable "$name"
		printf 'left alone: /mnt/fast-disks/%s: not a link of fast-disks\n' "$safe"
	done
	[ $# -gt 0 ] || return 0
	IFS=$line_break
	set -f
	for line in $(cd "$folder" && stat -c %N -- "$@"); do
		# A line break in a target must not count as the next link.
		[ $# -gt 0 ] || die 12 '/mnt/fast-disks: a link has a line break in its target; remove it'
		device=${line#"'$1' -> '../../dev/"}
		if is_namespace "${device%"'"}"; then
			links="$links$1=${device%"'"} "
		else
			printf 'left alone: /mnt/fast-disks/%s: not a link of fast-disks\n' "$1"
		fi
		shift
	done
	set +f
	unset IFS
	[ $# -eq 0 ] || die 12 '/mnt/fast-disks: its links cannot be read; replace the node'
}

# Sets $value to the only line of a file, trimmed. A second line makes the value invalid, so that every check rejects it.
attribute() {
	value=''
	{
		read -r value
		if read -r rest || [ -n "$rest" ]; then value="$value|$rest"; fi
	} 2>/dev/null <"$1"
}

# Sets $mounted, the major:minor and source of every mount (btrfs has its own numbers), and $swaps.
read_uses() {
	mounted=' ' swaps=' '
	# If the container cannot read the host's table: its own table has the host's mounts too.
	for table in 1 self; do
		[ "$mounted" = ' ' ] || break
		while read -r _ _ number rest; do
			rest=${rest#* - * } rest=${rest%% *}
			mounted="$mounted$number ${rest##*/} "
		done 2>/dev/null <"$root/proc/$table/mountinfo"
	done
	[ "$mounted" != ' ' ] || die 12 '/proc: must have mountinfo, got none, so no disk is known to be free; look at the root folder'
	while read -r rest _; do swaps="$swaps${rest##*/} "; done 2>/dev/null <"$root/proc/swaps"
}

# Sets $reason if the disk is in use.
find_use() {
	reason=''
	for path in "$root/sys/block/$1/$1"p* "$root/sys/block/$1/holders"/*; do
		if [ -L "$path" ] || [ -e "$path" ]; then reason="${path##*/} is on it"; fi
	done
	case $mounted in *" $2 "* | *" $1 "*) reason='it is mounted' ;; esac
	case $swaps in *" $1 "*) reason='it is swap' ;; esac
	[ -n "$reason" ]
}

# Sets $address to the PCI address of the disk's controller. Controllers of a multipath namespace are one level deeper.
find_address() {
	address=''
	for path in "$root/sys/block/$1/device/address" "$root/sys/block/$1"/device/nvme*/address; do
		[ -e "$path" ] || continue
		attribute "$path"
		address=$address$value
	done
	case $address in *[!0-9a-f:.]*) address='' ;; ????:??:??.?) ;; *) address='' ;; esac
	[ -z "$address" ] || rest=${address#*:} bus=${rest%%:*} rest=${rest#*:} address=${address%%:*}-$bus-${rest%.*}-${rest#*.}
}

leave() { report="${report}left alone: $1: $2$line_break"; }

# Sets $ready to " name=device …", the required links, and $report to the reasons why other devices are left alone.
scan() {
	ready=' ' count=0 report='' disks='' keys=' ' twins=' '
	set -- "$root"/sys/block/*
	[ -e "$1" ] || die 12 '/sys/block: must have the devices, got none; look at the root folder'
	read_uses
	for path in "$root"/sys/block/nvme*; do
		[ -e "$path" ] || continue
		device=${path##*/}
		is_namespace "$device" || { leave "$device" 'it is not a namespace device' && continue; }
		attribute "$path/device/model"
		[ "$value" = "$model" ] || { printable "$value" && leave "$device" "its model is \"$safe\"" && continue; }
		[ -e "$root/dev/$device" ] || { leave "$device" 'it has no device node' && continue; }
		attribute "$path/dev"
		number=$value
		attribute "$path/nsid"
		nsid=$value
		case $number:$nsid in *[!0-9:]* | :* | *: | *::*) leave "$device" 'its number or namespace id is invalid' && continue ;; esac
		attribute "$path/device/serial"
		case $value in *[!A-Za-z0-9]* | ?????????????????????*) value='' ;; esac
		key=$value-ns$nsid
		case $keys in *" $key "*) twins="$twins$key " ;; esac
		keys="$keys$key " disks="$disks $device/$number/$key"
	done
	for disk in $disks; do
		device=${disk%%/*} key=${disk##*/} number=${disk#*/} name=nvme-${disk##*/}
		case $key$twins in -* | *" $key "*) find_address "$device" && name=nvme-${address:+pci-}$address-ns${key##*-ns} ;; esac
		case $name in nvme--*) leave "$device" 'it has neither a valid serial nor a valid address for a name' && continue ;; esac
		# A disk with a link from an earlier boot is a volume of the cluster: if it is in use, its consumer uses it.
		case $links in
		*" $name="*) ;;
		*) ! find_use "$device" "${number%/*}" || { leave "$device" "$reason" && continue; } ;;
		esac
		ready="$ready$name=$device " count=$((count + 1))
	done
}

# Most devices appear early: five seconds in steps of 0.1 s, then of 1 s. If sleep takes no fractions, all steps are 1 s.
pause() {
	if [ "$waited" -lt 50 ] && sleep 0.1 2>/dev/null; then
		waited=$((waited + 1))
	else
		sleep 1
		waited=$((waited + 10))
	fi
}

# Without an exact number, the set of devices must be unchanged for 0.3 s. The deadline ends the wait. Unit: 0.1 s.
wait_for_disks() {
	waited=0 changed=0 before=''
	while :; do
		set -- "$root"/sys/block/nvme*
		[ "$*" = "$before" ] || before=$* changed=$waited
		if [ "$exact" = yes ] || [ $((waited - changed)) -ge 3 ] || [ "$waited" -ge "$deadline" ]; then
			scan
			if [ "$count" -ge "$minimum" ] || [ "$waited" -ge "$deadline" ]; then break; fi
		fi
		pause
	done
	seconds=$((waited / 10)).$((waited % 10))
	printf '%s' "$report"
}

remove_links() {
	set --
	for link in $links; do
		case $ready in *" ${link%%=*}="*) continue ;; esac
		printf 'removed: %s: no local disk has this name now\n' "${link%%=*}"
		set -- "$@" "$folder/${link%%=*}"
	done
	removed=$#
	[ $# -eq 0 ] || rm -f -- "$@" || failed=1
}

# Sets $nuls to the padding of this number of bytes to a multiple of four.
fill() {
	case $(($1 % 4)) in 1) nuls='\0\0\0' ;; 2) nuls='\0\0' ;; 3) nuls='\0' ;; *) nuls='' ;; esac
}

# Creates four or more new links by one process, a cpio of an archive that the shell writes, and sets $archived to their
# names. cpio may fail or be missing: make_links checks each link, and creates missing ones.
unpack_links() {
	archived=' '
	set --
	for link in $ready; do
		name=${link%%=*} target=../../dev/${link#*=}
		# A cpio may replace existing files.
		if [ -L "$folder/$name" ] || [ -e "$folder/$name" ]; then continue; fi
		archived="$archived$name "
		fill $((110 + ${#name} + 1))
		set -- "$@" ${#target} $((${#name} + 1)) "$name" "$nuls" "$target"
		fill ${#target}
		set -- "$@" "$nuls"
	done
	[ $# -ge 24 ] || return 0
	# Fields: inode, mode, uid, gid, links, mtime, size, four device numbers, length of the name, check. Only two vary.
	set -- "$@" 0 11 'TRAILER!!!' '\0\0\0' '' ''
	printf '070701000000000000A1FF00000000000000000000000100000000%08x00000000000000000000000000000000%08x00000000%s\000%b%s%b' "$@" | (cd "$folder" && cpio -i) 2>/dev/null
}

make_links() {
	linked=0
	[ ! -L "$temporary" ] || rm -f -- "$temporary"
	unpack_links
	for link in $ready; do
		name=${link%%=*} target=../../dev/${link#*=}
		path=$folder/$name
		case $links in
		*" $link "*) verb=kept ;;
		*" $name="*) verb=repaired && [ ! -d "$temporary" ] && ln -s "$target" "$temporary" && mv -f "$temporary" "$path" ;;
		*)
			verb=added
			# shellcheck disable=SC3013 # Both shells have -ef.
			case $archived in *" $name "*) [ "$path" -ef "$root/dev/${link#*=}" ] ;; *) false ;; esac ||
				# If the path is a folder, ln would create the link inside it.
				{ [ ! -d "$path" ] && ln -s "$target" "$path"; }
			;;
		esac || {
			error "/mnt/fast-disks/$name: must be a link to $target, cannot be created; remove what is in the way"
			failed=1 && continue
		}
		linked=$((linked + 1))
		printf '%s: %s -> %s\n' "$verb" "$name" "$target"
	done
}

read_settings
read_links
wait_for_disks
failed=0
remove_links
make_links
printf 'fast-disks: %s linked, %s removed, %s expected, waited %s s\n' "$linked" "$removed" "$minimum" "$seconds"
[ "$failed" -eq 0 ] || exit 13
[ "$count" -lt "$minimum" ] || exit 0
if [ "$exact" = yes ]; then rule="disks: must be $minimum"; else rule="minimumDisks: must be $minimum or more"; fi
error "$rule after $seconds s, got $count; look at the lines above and the instance type"
[ "$on_missing" = continue ] || exit 11
