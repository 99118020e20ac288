# SPDX-License-Identifier: Apache-2.0
# For the cases of cmd/fix and cmd/backport: builds a library with the code that abifit wrote.
#
#   fixed DIR COMPILER [OPTION...]   DIR/libfoo.so.1 of DIR/head.h, DIR/code.h and DIR/body.c, with DIR/map
#   ask DIR OLD NEW [SYMBOL...]      DIR/code.h and DIR/map by `abifit fix`; DIR/fill.sed writes the bodies
#   prog_of DIR NAME [OPTION...]     a program linked with DIR/libfoo.so.1; its code on standard input

ask() {
	folder=$1
	shift
	abifit fix --only code "$@" | sed -f "$folder/fill.sed" >"$folder/code.h"
	abifit fix --only map --whole-map "$@" >"$folder/map"
}

fixed() {
	folder=$1
	compiler=$2
	shift 2
	cat "$folder/head.h" "$folder/code.h" "$folder/body.c" >"$folder/fixed.${SUFFIX:-c}"
	script=
	[ ! -s "$folder/map" ] || script=-Wl,--version-script=$folder/map
	$compiler -Wall -Wextra -Werror -O2 -shared -fPIC -o "$folder/libfoo.so.1" -Wl,-soname,libfoo.so.1 $script "$@" "$folder/fixed.${SUFFIX:-c}"
}

prog_of() {
	folder=$1
	name=$2
	shift 2
	${CC:-gcc} -x "${LANGUAGE:-c}" - -x none -o "$name" "$@" -Wl,--no-as-needed "$folder/libfoo.so.1"
}
