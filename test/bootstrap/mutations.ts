/** One rule of the script broken: the text that stands once in it, and what stands there instead. */
export interface Mutation {
  breaks: string;
  from: string;
  to: string;
}

export const mutations: Mutation[] = [
  // settings
  { breaks: "user-data must be a file", from: `[ -f "$settings" ] || die 10`, to: `true || die 10` },
  {
    breaks: "no user-data means defaults",
    from: `[ -e "$settings" ] || return 0`,
    to: `[ -e "$settings" ] || exit 10`,
  },
  {
    breaks: "a last line without line break counts",
    from: `while read -r line || [ -n "$line" ]; do`,
    to: `while read -r line; do`,
  },
  { breaks: "blanks around a line do not count", from: `while read -r line ||`, to: `while IFS= read -r line ||` },
  { breaks: "comments and blank lines are allowed", from: `'' | '#'*) continue ;;`, to: `'') continue ;;` },
  { breaks: "blank lines are allowed", from: `'' | '#'*) continue ;;`, to: `'#'*) continue ;;` },
  { breaks: "the line number is right", from: `number=$((number + 1)) key=`, to: `number=1 key=` },
  { breaks: "64 disks are allowed", from: `within "$value" 1 64`, to: `within "$value" 1 63` },
  { breaks: "65 disks are not allowed", from: `within "$value" 1 64`, to: `within "$value" 1 65` },
  { breaks: "an exact number is not 0", from: `within "$value" 1 64`, to: `within "$value" 0 64` },
  { breaks: "disks is validated", from: `within "$value" 1 64 || rule='must be 1 to 64'`, to: `:` },
  { breaks: "disks is used", from: `minimum=$value exact=yes`, to: `exact=yes` },
  { breaks: "disks is exact", from: `minimum=$value exact=yes`, to: `minimum=$value` },
  { breaks: "a minimum of 0 is allowed", from: `within "$value" 0 64`, to: `within "$value" 1 64` },
  { breaks: "a minimum of 64 is allowed", from: `within "$value" 0 64`, to: `within "$value" 0 63` },
  { breaks: "a minimum of 65 is not allowed", from: `within "$value" 0 64`, to: `within "$value" 0 65` },
  { breaks: "minimumDisks is validated", from: `within "$value" 0 64 || rule='must be 0 to 64'`, to: `:` },
  {
    breaks: "minimumDisks is used",
    from: `			minimum=$value
			;;`,
    to: `			;;`,
  },
  {
    breaks: "minimumDisks is not exact",
    from: `			minimum=$value
			;;`,
    to: `			minimum=$value exact=yes
			;;`,
  },
  {
    breaks: "an exact number after a minimum is an error",
    from: `'disks '*'minimumDisks '* | 'minimumDisks '*'disks '*)`,
    to: `'minimumDisks '*'disks '*)`,
  },
  {
    breaks: "a minimum after an exact number is an error",
    from: `'disks '*'minimumDisks '* | 'minimumDisks '*'disks '*)`,
    to: `'disks '*'minimumDisks '*)`,
  },
  {
    breaks: "an unknown key is an error",
    from: `*=*) rule='the keys are disks, minimumDisks, onMissing and deadlineSeconds' ;;`,
    to: `*=*) ;;`,
  },
  { breaks: "deadlineSeconds is used", from: `deadline=\${value}0`, to: `:` },
  { breaks: "deadlineSeconds is in seconds", from: `deadline=\${value}0`, to: `deadline=$value` },
  { breaks: "all errors are reported", from: `		errors=1`, to: `		exit 10` },
  { breaks: "an error ends the run", from: `[ "$errors" -eq 0 ] || exit 10`, to: `:` },
  { breaks: "the default is no minimum", from: `minimum=0 exact=no`, to: `minimum=1 exact=no` },
  { breaks: "the default is not exact", from: `exact=no on_missing`, to: `exact=yes on_missing` },
  { breaks: "the default deadline is 30 s", from: `deadline=300`, to: `deadline=310` },
  { breaks: "onMissing=fail is known", from: `onMissing=fail | onMissing=continue)`, to: `onMissing=continue)` },
  { breaks: "onMissing=continue is known", from: `onMissing=fail | onMissing=continue)`, to: `onMissing=fail)` },
  { breaks: "onMissing is used", from: `on_missing=$value ;;`, to: `;;` },
  { breaks: "onMissing is validated", from: `onMissing=*) rule='must be fail or continue' ;;`, to: `onMissing=*) ;;` },
  { breaks: "600 seconds are allowed", from: `within "$value" 0 600`, to: `within "$value" 0 599` },
  { breaks: "601 seconds are not allowed", from: `within "$value" 0 600`, to: `within "$value" 0 601` },
  { breaks: "0 seconds are allowed", from: `within "$value" 0 600`, to: `within "$value" 1 600` },
  { breaks: "a line without = is an error", from: `*) rule='must be key=value' ;;`, to: `*) ;;` },
  { breaks: "a key stands once", from: `case $keys in *" $key "*) rule=`, to: `case $keys in *"xx"*) rule=` },
  { breaks: "a key is remembered", from: `keys="$keys$key "\n\t\t[ -n`, to: `[ -n` },
  { breaks: "a hostile line is not shown as it is", from: `printable "$line"`, to: `safe=$line` },
  { breaks: "the default is to fail", from: `on_missing=fail deadline`, to: `on_missing=continue deadline` },
  { breaks: "a number has a value", from: `case $1 in '' | *[!0-9]*`, to: `case $1 in *[!0-9]*` },
  { breaks: "a number has digits only", from: `'' | *[!0-9]* | 0?*`, to: `'' | 0?*` },
  { breaks: "a number has no leading zero", from: `| 0?* | ????*`, to: `| ????*` },
  { breaks: "a number has three digits at most", from: `| 0?* | ????*)`, to: `| 0?*)` },
  { breaks: "what is shown has an end", from: `while [ \${#safe} -gt 60 ]; do safe=\${safe%?}; done`, to: `` },
  {
    breaks: "what is shown is safe",
    from: `safe=$safe'?' rest=\${rest#?}`,
    to: `safe=$safe\${rest%"\${rest#?}"} rest=\${rest#?}`,
  },

  // the folder and its links
  { breaks: "/mnt is no link", from: `for path in "$root/mnt" "$folder"; do`, to: `for path in "$folder"; do` },
  { breaks: "the folder is no link", from: `for path in "$root/mnt" "$folder"; do`, to: `for path in "$root/mnt"; do` },
  { breaks: "the folder is made", from: `[ -d "$folder" ] || mkdir "$folder" ||`, to: `[ -d "$folder" ] ||` },
  {
    breaks: "a folder that cannot be made ends the run",
    from: `mkdir "$folder" || die 12 '/mnt/fast-disks: cannot be created; look at /mnt'`,
    to: `mkdir "$folder"`,
  },
  {
    breaks: "a name of ours has no other characters",
    from: `case $name in *[!A-Za-z0-9-]* | *-ns*[!0-9]*) ;;`,
    to: `case $name in *-ns*[!0-9]*) ;;`,
  },
  {
    breaks: "a name of ours ends with its number",
    from: `case $name in *[!A-Za-z0-9-]* | *-ns*[!0-9]*) ;;`,
    to: `case $name in *[!A-Za-z0-9-]*) ;;`,
  },
  { breaks: "a name of ours has a namespace", from: `nvme-?*-ns?*) set`, to: `nvme-?*) set` },
  {
    breaks: "what is not ours is reported",
    from: `[ -L "$path" ] || [ -e "$path" ] || continue\n\t\tprintable`,
    to: `continue\n\t\tprintable`,
  },
  {
    breaks: "a dangling link that is not ours is reported",
    from: `[ -L "$path" ] || [ -e "$path" ] || continue\n\t\tprintable`,
    to: `[ -e "$path" ] || continue\n\t\tprintable`,
  },
  {
    breaks: "a file that is not ours is reported",
    from: `[ -L "$path" ] || [ -e "$path" ] || continue\n\t\tprintable`,
    to: `[ -L "$path" ] || continue\n\t\tprintable`,
  },
  { breaks: "a hostile name is not shown as it is", from: `printable "$name"`, to: `safe=$name` },
  {
    breaks: "a target with a line break ends the run",
    from: `[ $# -gt 0 ] || die 12 '/mnt/fast-disks: a link has a line break in its target; remove it'`,
    to: `[ $# -gt 0 ] || break`,
  },
  {
    breaks: "a target of ours begins with ../../dev/",
    from: `device=\${line#"'$1' -> '../../dev/"}`,
    to: `device=\${line#"'$1' -> '"} device=\${device##*/}`,
  },
  {
    breaks: "a target of ours is a namespace",
    from: `if is_namespace "\${device%"'"}"; then`,
    to: `if [ "$device" != "$line" ]; then`,
  },
  {
    breaks: "an unreadable link ends the run",
    from: `[ $# -eq 0 ] || die 12 '/mnt/fast-disks: its links cannot be read; replace the node'`,
    to: `:`,
  },
  { breaks: "link lines are not split at spaces", from: `IFS=$line_break\n`, to: `\n` },

  // what is a disk
  {
    breaks: "a path to a namespace is no namespace",
    from: `nvme*[!0-9n]*) return 1 ;; nvme[0-9]*n`,
    to: `nvme[0-9]*n`,
  },
  {
    breaks: "a controller is no namespace",
    from: `nvme[0-9]*n[0-9]*) ;; *) return 1`,
    to: `nvme[0-9]*) ;; *) return 1`,
  },
  {
    breaks: "only NVMe devices are looked at",
    from: `in "$root"/sys/block/nvme*; do`,
    to: `in "$root"/sys/block/*; do`,
  },
  {
    breaks: "further namespaces are looked at",
    from: `in "$root"/sys/block/nvme*; do`,
    to: `in "$root"/sys/block/nvme*n1; do`,
  },
  { breaks: "a pattern without match is no device", from: `[ -e "$path" ] || continue\n\t\tdevice=`, to: `device=` },
  { breaks: "the model is exact", from: `[ "$value" = "$model" ] ||`, to: `[ -n "$value" ] ||` },
  {
    breaks: "the model ends where it ends",
    from: `[ "$value" = "$model" ] ||`,
    to: `[ "\${value#"$model"}" != "$value" ] ||`,
  },
  {
    breaks: "the model begins where it begins",
    from: `[ "$value" = "$model" ] ||`,
    to: `[ "\${value%"$model"}" != "$value" ] ||`,
  },
  {
    breaks: "a device without a model is left alone",
    from: `[ "$value" = "$model" ] ||`,
    to: `[ -z "$value" ] || [ "$value" = "$model" ] ||`,
  },
  { breaks: "the model is compared without its padding", from: `\t\tread -r value\n`, to: `\t\tIFS= read -r value\n` },
  { breaks: "a model that is shown is safe", from: `printable "$value" && leave`, to: `safe=$value && leave` },
  {
    breaks: "a device needs its node",
    from: `[ -e "$root/dev/$device" ] || { leave "$device" 'it has no device node' && continue; }`,
    to: ``,
  },
  { breaks: "the namespace id comes from sysfs", from: `nsid=$value`, to: `nsid=\${device##*n}` },
  { breaks: "number and namespace id are digits", from: `in *[!0-9:]* | :*`, to: `in :*` },
  { breaks: "the number is there", from: `| :* | *: | *::*)`, to: `| *: | *::*)` },
  { breaks: "the namespace id is there", from: `| :* | *: | *::*)`, to: `| :* | *::*)` },
  { breaks: "the number is whole", from: `| :* | *: | *::*)`, to: `| :* | *:)` },
  {
    breaks: "a second line spoils a value",
    from: `if read -r rest || [ -n "$rest" ]; then value="$value|$rest"; fi`,
    to: `:`,
  },
  {
    breaks: "an empty second line spoils a value",
    from: `if read -r rest || [ -n "$rest" ]; then value=`,
    to: `read -r rest; if [ -n "$rest" ]; then value=`,
  },

  // names
  {
    breaks: "a serial has letters and digits only",
    from: `case $value in *[!A-Za-z0-9]* | ?????????????????????*)`,
    to: `case $value in *[!A-Za-z0-9./*\\ -]* | ?????????????????????*)`,
  },
  { breaks: "a serial has no dash", from: `case $value in *[!A-Za-z0-9]* |`, to: `case $value in *[!A-Za-z0-9-]* |` },
  { breaks: "a serial has small letters", from: `case $value in *[!A-Za-z0-9]* |`, to: `case $value in *[!A-Z0-9]* |` },
  {
    breaks: "a serial has 20 characters at most",
    from: `| ?????????????????????*) value=''`,
    to: `| ??????????????????????*) value=''`,
  },
  {
    breaks: "a serial may have 20 characters",
    from: `| ?????????????????????*) value=''`,
    to: `| ????????????????????*) value=''`,
  },
  {
    breaks: "a serial that is too long has no end",
    from: `| ?????????????????????*) value=''`,
    to: `| ?????????????????????) value=''`,
  },
  { breaks: "the name has the namespace id", from: `key=$value-ns$nsid`, to: `key=$value-ns1` },
  {
    breaks: "a serial that stands twice is no name",
    from: `case $key$twins in -* | *" $key "*)`,
    to: `case $key in -*)`,
  },
  {
    breaks: "the first of two disks with one serial is not preferred",
    from: `case $keys in *" $key "*) twins="$twins$key " ;; esac`,
    to: `case $keys in *" $key "*) continue ;; esac`,
  },
  {
    breaks: "serials are compared whole",
    from: `case $keys in *" $key "*) twins`,
    to: `case $keys in *"$key "*) twins`,
  },
  {
    breaks: "namespaces of one serial are not twins",
    from: `case $keys in *" $key "*) twins`,
    to: `case $keys in *" $value-ns"*) twins`,
  },
  {
    breaks: "only local disks can be twins",
    from: `\t\tattribute "$path/device/model"\n`,
    to: `\t\tattribute "$path/device/serial"; case $keys in *" $value-ns1 "*) twins="$twins$value-ns1 " ;; esac; attribute "$path/device/model"\n`,
  },
  {
    breaks: "a missing serial is no name",
    from: `case $key$twins in -* | *" $key "*)`,
    to: `case $twins in *" $key "*)`,
  },
  {
    breaks: "the address of a multipath disk is found",
    from: `"$root/sys/block/$1/device/address" "$root/sys/block/$1"/device/nvme*/address`,
    to: `"$root/sys/block/$1/device/address"`,
  },
  {
    breaks: "the address of a disk is found",
    from: `"$root/sys/block/$1/device/address" "$root/sys/block/$1"/device/nvme*/address`,
    to: `"$root/sys/block/$1"/device/nvme*/address`,
  },
  { breaks: "two addresses are none", from: `address=$address$value`, to: `address=$value` },
  {
    breaks: "an address has digits only",
    from: `case $address in *[!0-9a-f:.]*) address='' ;;`,
    to: `case $address in`,
  },
  { breaks: "an address has the form of PCI", from: `????:??:??.?) ;; *) address='' ;;`, to: `????:??:??.?) ;;` },
  { breaks: "an address names one function", from: `$bus-\${rest%.*}-\${rest#*.}`, to: `$bus-\${rest%.*}-0` },
  { breaks: "an address names one slot", from: `$bus-\${rest%.*}-\${rest#*.}`, to: `$bus-00-\${rest#*.}` },
  { breaks: "an address says that it is one", from: `nvme-\${address:+pci-}$address`, to: `nvme-$address` },
  {
    breaks: "a disk without a name is left alone",
    from: `case $name in nvme--*) leave`,
    to: `case $name in nvme==*) leave`,
  },

  // who uses a disk
  { breaks: "a mount's number tells", from: `case $mounted in *" $2 "* | *" $1 "*)`, to: `case $mounted in *" $1 "*)` },
  { breaks: "a mount's source tells", from: `case $mounted in *" $2 "* | *" $1 "*)`, to: `case $mounted in *" $2 "*)` },
  { breaks: "a number is compared to its end", from: `in *" $2 "* |`, to: `in *" $2"* |` },
  { breaks: "a number is compared from its beginning", from: `in *" $2 "* |`, to: `in *"\${2#*:} "* |` },
  {
    breaks: "a source is compared to its end",
    from: `| *" $1 "*) reason='it is mounted'`,
    to: `| *" $1"*) reason='it is mounted'`,
  },
  {
    breaks: "a source is found behind the optional fields",
    from: `rest=\${rest#* - * }`,
    to: `rest=\${rest#* * * * - * }`,
  },
  {
    breaks: "a source is compared without its folder",
    from: `mounted="$mounted$number \${rest##*/} "`,
    to: `mounted="$mounted$number $rest "`,
  },
  {
    breaks: "the container's own table is the second choice",
    from: `for table in 1 self; do`,
    to: `for table in 1; do`,
  },
  { breaks: "the host's table is the first choice", from: `for table in 1 self; do`, to: `for table in self 1; do` },
  { breaks: "unknown mounts end the run", from: `[ "$mounted" != ' ' ] || die 12`, to: `true || die 12` },
  { breaks: "swap tells", from: `case $swaps in *" $1 "*) reason='it is swap' ;; esac`, to: `` },
  {
    breaks: "a kernel without swap is no error",
    from: `done 2>/dev/null <"$root/proc/swaps"`,
    to: `done <"$root/proc/swaps"`,
  },
  { breaks: "swap is compared whole", from: `case $swaps in *" $1 "*)`, to: `case $swaps in *"$1"*)` },
  {
    breaks: "partitions tell",
    from: `in "$root/sys/block/$1/$1"p* "$root/sys/block/$1/holders"/*; do`,
    to: `in "$root/sys/block/$1/holders"/*; do`,
  },
  {
    breaks: "holders tell",
    from: `in "$root/sys/block/$1/$1"p* "$root/sys/block/$1/holders"/*; do`,
    to: `in "$root/sys/block/$1/$1"p*; do`,
  },
  { breaks: "a consumer's disk keeps its link", from: `*" $name="*) ;;\n\t\t*) ! find_use`, to: `*) ! find_use` },
  {
    breaks: "only a linked disk is a consumer's",
    from: `*" $name="*) ;;\n\t\t*) ! find_use`,
    to: `*=*) ;;\n\t\t*) ! find_use`,
  },
  { breaks: "sysfs must be there", from: `[ -e "$1" ] || die 12 '/sys/block`, to: `true || die 12 '/sys/block` },

  // waiting
  {
    breaks: "the deadline ends the wait for disks",
    from: `|| [ "$waited" -ge "$deadline" ]; then break; fi`,
    to: `; then break; fi`,
  },
  {
    breaks: "an exact number is not waited for when it is there",
    from: `if [ "$exact" = yes ] || [ $((waited`,
    to: `if [ $((waited`,
  },
  {
    breaks: "an exact number is not waited for when it comes late",
    from: `[ "$exact" = yes ] || [ $((waited`,
    to: `[ "$exact$waited" = yes0 ] || [ $((waited`,
  },
  {
    breaks: "a minimum is not enough for a first look",
    from: `[ "$exact" = yes ] || [ $((waited`,
    to: `[ "$count" != x ] || [ $((waited`,
  },
  { breaks: "stable is the same for 0.3 s", from: `changed)) -ge 3 ]`, to: `changed)) -ge 2 ]` },
  { breaks: "stable is no longer than 0.3 s", from: `changed)) -ge 3 ]`, to: `changed)) -ge 4 ]` },
  { breaks: "a change begins the 0.3 s again", from: `before=$* changed=$waited`, to: `before=$*` },
  {
    breaks: "the set of the last look counts",
    from: `before=$* changed=$waited`,
    to: `before=\${before:-$*} changed=$waited`,
  },
  {
    breaks: "the deadline ends the wait for a stable set",
    from: `-ge 3 ] || [ "$waited" -ge "$deadline" ]; then`,
    to: `-ge 3 ]; then`,
  },
  { breaks: "five seconds are looked at in tenths", from: `"$waited" -lt 50 ]`, to: `"$waited" -lt 10 ]` },
  { breaks: "after five seconds whole seconds are enough", from: `[ "$waited" -lt 50 ] && sleep`, to: `sleep` },
  {
    breaks: "a sleep that takes no fractions is noticed",
    from: `&& sleep 0.1 2>/dev/null; then`,
    to: `&& { sleep 0.1 || :; }; then`,
  },
  { breaks: "a tenth is counted as a tenth", from: `waited=$((waited + 1))`, to: `waited=$((waited + 2))` },
  { breaks: "a second is counted as ten tenths", from: `waited=$((waited + 10))`, to: `waited=$((waited + 1))` },
  {
    breaks: "a second is slept where it is counted",
    from: `		sleep 1
`,
    to: `		sleep 0.1
`,
  },
  { breaks: "tenths are shown as seconds", from: `seconds=$((waited / 10)).`, to: `seconds=$waited.` },
  { breaks: "tenths are shown", from: `.$((waited % 10))`, to: `.0` },
  {
    breaks: "the deadline is not passed",
    from: `if [ "$count" -ge "$minimum" ] || [ "$waited" -ge "$deadline" ]; then break; fi`,
    to: `if [ "$count" -ge "$minimum" ] || [ "$waited" -gt "$deadline" ]; then break; fi`,
  },
  { breaks: "the expected number is waited for", from: `if [ "$count" -ge "$minimum" ] ||`, to: `if true ||` },
  {
    breaks: "more than the expected number is enough",
    from: `if [ "$count" -ge "$minimum" ] ||`,
    to: `if [ "$count" -eq "$minimum" ] ||`,
  },
  {
    breaks: "a disk of somebody else does not count",
    from: `ready="$ready$name=$device " count=$((count + 1))`,
    to: `ready="$ready$name=$device "; set -- $disks; count=$#`,
  },
  {
    breaks: "an EBS volume does not count",
    from: `printable "$value" && leave "$device" "its model`,
    to: `printable "$value" && count=$((count + 1)) && leave "$device" "its model`,
  },
  { breaks: "the reasons are printed", from: `\tprintf '%s' "$report"`, to: `\t:` },

  // links
  { breaks: "a link whose disk is there stays", from: `case $ready in *" \${link%%=*}="*) continue ;; esac`, to: `` },
  {
    breaks: "a link is looked for by its whole name",
    from: `case $ready in *" \${link%%=*}="*) continue ;; esac`,
    to: `case $ready in *" \${link%%=*}"*) continue ;; esac`,
  },
  { breaks: "a link whose disk is gone goes", from: `[ $# -eq 0 ] || rm -f -- "$@" || failed=1`, to: `:` },
  { breaks: "a link that cannot be removed is a failure", from: `rm -f -- "$@" || failed=1`, to: `rm -f -- "$@"` },
  { breaks: "removed links are counted", from: `removed=$#`, to: `removed=0` },
  { breaks: "a right link is not made again", from: `*" $link "*) verb=kept ;;`, to: `` },
  {
    breaks: "a right link is right to the end of its target",
    from: `*" $link "*) verb=kept`,
    to: `*" $link"*) verb=kept`,
  },
  {
    breaks: "a wrong link is replaced",
    from: `*" $name="*) verb=repaired &&`,
    to: `*" $name="*) verb=repaired ;; 0) `,
  },
  {
    breaks: "a new link is not taken for a wrong one",
    from: `*" $name="*) verb=repaired &&`,
    to: `*" $name"*) verb=repaired &&`,
  },
  { breaks: "the temporary link is not made inside a folder", from: `[ ! -d "$temporary" ] && ln -s`, to: `ln -s` },
  { breaks: "a temporary link of a broken boot goes", from: `[ ! -L "$temporary" ] || rm -f -- "$temporary"`, to: `:` },
  {
    breaks: "a link is replaced by renaming",
    from: `ln -s "$target" "$temporary" && mv -f "$temporary" "$path" ;;`,
    to: `rm -f "$path" && ln -s "$target" "$path" ;;`,
  },
  {
    breaks: "a link is not made inside a folder",
    from: `{ [ ! -d "$path" ] && ln -s "$target" "$path"; }`,
    to: `ln -s "$target" "$path"`,
  },
  {
    breaks: "nothing in the way is replaced",
    from: `[ ! -d "$path" ] && ln -s "$target" "$path"`,
    to: `[ ! -d "$path" ] && ln -sf "$target" "$path"`,
  },
  { breaks: "four new links are made by one process", from: `[ $# -ge 24 ] ||`, to: `[ $# -ge 30 ] ||` },
  { breaks: "three new links need no archive", from: `[ $# -ge 24 ] ||`, to: `[ $# -ge 18 ] ||` },
  { breaks: "a link in the way is not taken for unpacked", from: `if [ -L "$folder/$name" ] || [ -e`, to: `if [ -e` },
  {
    breaks: "a file in the way is not unpacked over",
    from: `|| [ -e "$folder/$name" ]; then continue`,
    to: `; then continue`,
  },
  { breaks: "a name is padded to its length", from: `fill $((110 + \${#name} + 1))`, to: `fill $((110 + \${#name}))` },
  { breaks: "a target is padded to its length", from: `fill \${#target}`, to: `fill 17` },
  { breaks: "two bytes need two more", from: `2) nuls='\\0\\0' ;;`, to: `2) nuls='' ;;` },
  { breaks: "one byte needs three more", from: `1) nuls='\\0\\0\\0' ;;`, to: `1) nuls='\\0' ;;` },
  { breaks: "three bytes need one more", from: `3) nuls='\\0' ;;`, to: `3) nuls='' ;;` },
  { breaks: "four bytes need no more", from: `*) nuls='' ;;`, to: `*) nuls='\\0\\0\\0\\0' ;;` },
  { breaks: "a name has its length", from: `$((\${#name} + 1)) "$name"`, to: `$((\${#name})) "$name"` },
  { breaks: "a target has its length", from: `"$@" \${#target} $((`, to: `"$@" 17 $((` },
  { breaks: "what is unpacked is a link", from: `A1FF`, to: `81A4` },
  { breaks: "an archive has its end", from: `'TRAILER!!!'`, to: `'TRAILER'` },
  { breaks: "links are unpacked into the folder", from: `(cd "$folder" && cpio -i)`, to: `cpio -i` },
  { breaks: "a cpio that fails is not shown", from: `&& cpio -i) 2>/dev/null`, to: `&& cpio -i)` },
  {
    breaks: "a link that cpio made is not made again",
    from: `case $archived in *" $name "*) [`,
    to: `case $archived in *"/$name "*) [`,
  },
  {
    breaks: "a link that cpio made leads to its disk",
    from: `[ "$path" -ef "$root/dev/\${link#*=}" ]`,
    to: `[ -L "$path" ]`,
  },
  { breaks: "a link that cpio did not make is made", from: `[ "$path" -ef "$root/dev/\${link#*=}" ]`, to: `:` },
  {
    breaks: "a link that is not from the archive is not looked at",
    from: `*) false ;; esac ||`,
    to: `*) [ -L "$path" ] ;; esac ||`,
  },
  {
    breaks: "a rename that fails is a failure",
    from: `&& mv -f "$temporary" "$path" ;;`,
    to: `&& { mv -f "$temporary" "$path" || :; } ;;`,
  },
  {
    breaks: "targets are relative",
    from: `target=../../dev/\${link#*=}\n\t\tpath=`,
    to: `target=/dev/\${link#*=}\n\t\tpath=`,
  },
  {
    breaks: "targets of many links are relative",
    from: `target=../../dev/\${link#*=}\n\t\t#`,
    to: `target=/dev/\${link#*=}\n\t\t#`,
  },
  { breaks: "a link that cannot be made is a failure", from: `failed=1 && continue\n\t\t}`, to: `continue\n\t\t}` },
  { breaks: "a link that cannot be made is not counted", from: `failed=1 && continue\n\t\t}`, to: `failed=1\n\t\t}` },

  // the outcome
  { breaks: "a failure has its exit code", from: `[ "$failed" -eq 0 ] || exit 13`, to: `:` },
  {
    breaks: "a failure comes before missing disks",
    from: `[ "$failed" -eq 0 ] || exit 13\n[ "$count" -lt "$minimum" ] || exit 0`,
    to: `[ "$count" -lt "$minimum" ] || exit $((failed * 13))`,
  },
  {
    breaks: "enough is success",
    from: `[ "$count" -lt "$minimum" ] || exit 0`,
    to: `[ "$count" -le "$minimum" ] || exit 0`,
  },
  { breaks: "missing disks are said", from: `error "$rule after`, to: `: "$rule after` },
  {
    breaks: "the message has the key",
    from: `if [ "$exact" = yes ]; then rule`,
    to: `if [ "$exact" = no ]; then rule`,
  },
  { breaks: "missing disks fail the boot", from: `[ "$on_missing" = continue ] || exit 11`, to: `:` },
  { breaks: "missing disks can be accepted", from: `[ "$on_missing" = continue ] || exit 11`, to: `exit 11` },
];
