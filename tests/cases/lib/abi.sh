# SPDX-License-Identifier: Apache-2.0
# For the cases of abi/*: builds releases of a library, and a program of the first one.
#
#   lib DIR [OPTION...] <CODE       DIR/libfoo.so.1 with that soname; "map" in DIR is its version script
#   map DIR <SCRIPT                 the version script of DIR
#   prog NAME [OPTION...] <CODE     a program linked with old/libfoo.so.1

lib() {
	folder=$1
	shift
	mkdir -p "$folder"
	script=
	[ ! -f "$folder/map" ] || script=-Wl,--version-script=$folder/map
	${CC:-gcc} -x c - -x none -shared -fPIC -g0 -o "$folder/libfoo.so.1" -Wl,-soname,libfoo.so.1 $script "$@"
}

map() {
	mkdir -p "$1"
	cat >"$1/map"
}

prog() {
	name=$1
	shift
	${CC:-gcc} -x c - -x none -o "$name" "$@" -Wl,--no-as-needed old/libfoo.so.1
}
