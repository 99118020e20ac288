#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Unpacks small Debian systems of other suites and other machines from the
# archive that this machine's own apt uses, to be looked at by foreign.py.
#
#   foreign.sh [NAME…]       NAME is SUITE-ARCH; default: the list below
#   foreign.sh --list        prints the names
#
# They land in $ABIFIT_ROOTS (default ${XDG_CACHE_HOME:-~/.cache}/abifit-roots), one
# folder each. Nothing of the machine's own package state is touched, no
# maintainer script runs; only `ldconfig` of the new system is started, in a chroot.
# A folder with a file .complete is left as it is.
set -eu

NAMES="bullseye-amd64 trixie-amd64 sid-amd64 bookworm-i386
bookworm-s390x bookworm-armhf bookworm-arm64"
PACKAGES="base-files libc6 libc-bin libstdc++6 libgcc-s1 coreutils bash util-linux mount login passwd
bsdutils grep sed tar gzip bzip2 xz-utils zstd findutils diffutils gawk procps psmisc iproute2
openssl curl wget git gnutls-bin python3-minimal gdb binutils rsync e2fsprogs file less nano
sqlite3 libxml2-utils dbus systemd udev kmod openssh-client gnupg"
# For machines that need an emulator: fewer.
PACKAGES_EMULATED="base-files libc6 libc-bin libstdc++6 libgcc-s1 coreutils bash util-linux grep sed
tar gzip xz-utils findutils procps openssl curl git gnutls-bin python3-minimal gdb"

ROOTS=${ABIFIT_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/abifit-roots}

say() { printf '%s\n' "foreign.sh: $*" >&2; }
die() { say "$*"; exit 1; }

# The mirror of the machine's first sources entry that carries Debian itself.
mirror() {
	{
		cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
			sed -n 's/^deb[ \t]*\(\[[^]]*\]\)\{0,1\}[ \t]*\([a-z+]*:[^ \t]*\).*/\2/p'
		cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
			sed -n 's/^URIs:[ \t]*\([^ \t]*\).*/\1/p'
	} | grep -E '/debian/?$' | head -n 1
}

# Whether this kernel starts 32-bit programs.
ia32() {
	mkdir -p "$ROOTS/.apt"
	probe=$ROOTS/.apt/ia32
	# The smallest program: ELF header, one program header, exit(0).
	printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0' >"$probe"
	printf '\124\200\4\10\64\0\0\0\0\0\0\0\0\0\0\0\64\0\40\0\1\0\0\0\0\0\0\0' >>"$probe"
	printf '\1\0\0\0\0\0\0\0\0\200\4\10\0\200\4\10\133\0\0\0\133\0\0\0\5\0\0\0\0\20\0\0' >>"$probe"
	printf '\61\300\100\61\333\315\200' >>"$probe"
	chmod +x "$probe"
	"$probe" 2>/dev/null
}

emulator() {
	case $1 in
	s390x) echo qemu-s390x-static ;;
	i386) ia32 || echo qemu-i386-static ;;
	armhf | armel) echo qemu-arm-static ;;
	arm64) echo qemu-aarch64-static ;;
	ppc64el) echo qemu-ppc64le-static ;;
	riscv64) echo qemu-riscv64-static ;;
	esac
}

private_apt() {
	state=$1 suite=$2 arch=$3
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/empty"
	: >"$state/status"
	key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -f "$key" ] || die "no $key (package debian-archive-keyring)"
	echo "deb [arch=$arch signed-by=$key] $(mirror) $suite main" >"$state/sources.list"
	# The machine's ways of fetching (a proxy, say), and nothing else of its configuration.
	apt-config dump | grep '^Acquire::' >"$state/apt.conf" || :
	cat >>"$state/apt.conf" <<-CONF
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		APT::Update::Error-Mode "any";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::State "$state";
		Dir::State::lists "$state/lists";
		Dir::State::status "$state/status";
		Dir::Cache "$state/cache";
		Dir::Etc::sourcelist "$state/sources.list";
		Dir::Etc::sourceparts "$state/empty";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "$state/empty";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "$state/empty";
	CONF
	export APT_CONFIG="$state/apt.conf"
}

make_root() {
	name=$1 suite=${1%-*} arch=${1##*-}
	root=$ROOTS/$name state=$ROOTS/.apt/$name
	# One at a time: two tests may want the same one.
	mkdir -p "$ROOTS"
	exec 9>"$ROOTS/.lock"
	flock 9
	[ -f "$root/.complete" ] && { say "$name: there already"; return 0; }
	emulator=$(emulator "$arch")
	packages=$PACKAGES
	[ -z "$emulator" ] || packages=$PACKAGES_EMULATED
	if [ -n "$emulator" ] && ! command -v "$emulator" >/dev/null; then
		die "$name: no $emulator (package qemu-user-static)"
	fi
	[ -n "$(mirror)" ] || die "no Debian mirror among this machine's apt sources"

	private_apt "$state" "$suite" "$arch"
	say "$name: package lists"
	apt-get -qq update
	say "$name: packages"
	# shellcheck disable=SC2086
	apt-get -qq -y --download-only install $packages >/dev/null
	unset APT_CONFIG

	say "$name: unpacking $(ls "$state"/cache/archives/*.deb | wc -l) packages"
	rm -rf "$root"
	mkdir -p "$root/usr"
	for dir in bin sbin lib lib32 lib64 libx32; do
		mkdir -p "$root/usr/$dir"
		ln -s "usr/$dir" "$root/$dir"
	done
	for package in "$state"/cache/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -x --keep-directory-symlink --no-same-owner -C "$root"
	done
	mkdir -p "$root/etc" "$root/tmp"
	if [ -n "$emulator" ]; then
		cp "$(command -v "$emulator")" "$root/$emulator"
		chroot "$root" "/$emulator" /sbin/ldconfig
	else
		chroot "$root" /sbin/ldconfig
	fi
	[ -s "$root/etc/ld.so.cache" ] || die "$name: ldconfig left no cache"
	rm -f "$state"/cache/archives/*.deb
	: >"$root/.complete"
	say "$name: done, $(du -sh "$root" | cut -f1)"
}

if [ "${1-}" = --list ]; then
	printf '%s\n' $NAMES
	exit 0
fi
[ "$(id -u)" = 0 ] || die "has to run as root (chroot)"
mkdir -p "$ROOTS"
[ $# -gt 0 ] || set -- $NAMES
for name in "$@"; do
	make_root "$name"
done
