#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages of the given groups of tools/packages.txt that
# are missing; without root, says which command would.
# usage: tools/setup.sh GROUP...
set -eu

list=$(dirname "$0")/packages.txt

# The packages of one group, one a line.
group() {
	awk -v want="[$1]" '
		{ sub(/#.*/, "") }
		/^\[/ { inside = ($1 == want); found = found || inside; next }
		inside && NF { print $1 }
		END { if (!found) exit 1 }' "$list" || {
		echo "setup.sh: no group '$1' in $list" >&2
		exit 2
	}
}

# Those of the given packages that are not installed.
missing() {
	{ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || :; } |
		awk -v all="$*" '
			$1 == "installed" { have[$2] = 1 }
			END {
				n = split(all, name, " ")
				for (i = 1; i <= n; i++)
					if (!(name[i] in have)) print name[i]
			}'
}

install() {
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

[ $# -gt 0 ] || { echo "usage: $0 GROUP..." >&2; exit 2; }
packages=
for name; do
	names=$(group "$name") || exit 2
	packages="$packages $names"
done

if ! command -v dpkg-query >/dev/null; then
	echo "setup.sh: not a Debian system; these packages, or what stands for them, are needed:" >&2
	echo $packages >&2
	exit 0
fi

wanted=$(missing $packages)
[ -n "$wanted" ] || exit 0
wanted=$(echo $wanted)
if [ "$(id -u)" != 0 ]; then
	echo "Some packages are missing. Install them with" >&2
	echo "    sudo apt-get install --no-install-recommends $wanted" >&2
	exit 1
fi

echo "Installing $wanted"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install $wanted >"$log" 2>&1; then
	# Absent or outdated package lists: fetch them, once.
	if ! { apt-get update -qq && install $wanted; } >"$log" 2>&1; then
		cat "$log" >&2
		echo "setup.sh: the installation failed" >&2
		exit 1
	fi
fi
wanted=$(missing $packages)
[ -z "$wanted" ] || {
	cat "$log" >&2
	echo "setup.sh: still missing:" $wanted >&2
	exit 1
}
