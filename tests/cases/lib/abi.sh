# SPDX-License-Identifier: Apache-2.0
# For the cases of abi/*: builds releases of a library, and a program of the first one.
#
#   lib DIR [OPTION...] <CODE       DIR/libfoo.so.1 with that soname; "map" in DIR is its version script
#   map DIR <SCRIPT                 the version script of DIR
#   prog NAME [OPTION...] <CODE     a program linked with old/libfoo.so.1
#   typed [OPTION...] SOURCE...     with debug information: of NAME.c or NAME.cc NAME/libfoo.so.1 by gcc, and
#                                   clang/NAME/libfoo.so.1 by clang
#   headed [OPTION...] SOURCE...    as typed; the public headers of NAME are in h/NAME

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

typed() {
	options=
	for source; do
		name=${source%.*}
		case $source in
		-*) options="$options $source" && continue ;;
		*.cc) gnu=g++ llvm=clang++ ;;
		*) gnu=gcc llvm=clang ;;
		esac
		mkdir -p "$name" "clang/$name"
		for compiler in $gnu $llvm; do
			folder=$name
			[ $compiler = $gnu ] || folder=clang/$name
			$compiler -w -g -O0 -shared -fPIC $options -o "$folder/libfoo.so.1" -Wl,-soname,libfoo.so.1 "$source"
		done
	done
}

headed() {
	more=
	for unit; do
		case $unit in
		-*) more="$more $unit" ;;
		*) typed $more "-Ih/${unit%.*}" "$unit" ;;
		esac
	done
}
