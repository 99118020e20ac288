# Libraries and symbols files for the cases of `deps --symbols`.
printf 'int a, b, new;\n' >foo.c
printf 'V_1 { global: a; b; }; V_2 { global: new; } V_1;\n' >foo.map
gcc -shared -fPIC -nostdlib -Wl,-soname,libfoo.so.1 -Wl,--version-script=foo.map -o libfoo.so.1 foo.c
printf 'int bar;\n' >bar.c
gcc -shared -fPIC -nostdlib -Wl,-soname,libbar.so.1 -o libbar.so.1 bar.c
mkdir -p debian
printf 'Source: foo\n\nPackage: libfoo1\nArchitecture: any\n' >debian/control

# What both tools are asked: LEVEL OLD LIBRARY…
gensymbols() {
	level=$1 old=$2
	shift 2
	dpkg-gensymbols -plibfoo1 -v2.0 -q "-c$level" "-I$old" $(printf -- '-e%s ' "$@") -O/dev/null
}
