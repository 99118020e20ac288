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

# A root as dpkg keeps it: packages whose libraries have a symbols file, a shlibs file, or nothing.
debian_root() {
	mkdir -p root/usr/lib root/var/lib/dpkg/info root/etc
	ln -sfn usr/lib root/lib
	mkdir -p root/lib64
	cp -L /lib64/ld-linux-x86-64.so.2 root/lib64/
	for name in sym shl bare loose; do
		printf 'V_1 { global: %s_a; }; V_2 { global: %s_b; };\n' $name $name >$name.map
		printf 'int %s_a, %s_b;\n' $name $name >$name.c
		gcc -shared -fPIC -nostdlib -Wl,-soname,lib$name.so.1 -Wl,--version-script=$name.map \
			-o root/usr/lib/lib$name.so.1.0 $name.c
		ln -sf lib$name.so.1.0 root/usr/lib/lib$name.so.1
		[ $name = loose ] || printf '/.\n/usr/lib\n/usr/lib/lib%s.so.1\n/usr/lib/lib%s.so.1.0\n' \
			$name $name >root/var/lib/dpkg/info/pkg-$name.list
	done
	cat >root/var/lib/dpkg/info/pkg-sym.symbols <<'S'
libsym.so.1 pkg-sym #MINVER#
| pkg-sym (>= 2) | pkg-other #MINVER#, pkg-data
* Build-Depends-Package: libsym-dev
 sym_a@V_1 1.0
 sym_b@V_2 1.5 1
S
	printf 'libshl 1 pkg-shl (>= 3), pkg-common\nudeb: libshl 1 pkg-shl-udeb\n' \
		>root/var/lib/dpkg/info/pkg-shl.shlibs
}

# A program NAME that uses SYMBOLs: program NAME LIBRARY… -- SYMBOL…
program() {
	name=$1 libraries=
	shift
	while [ "$1" != -- ]; do
		libraries="$libraries root/usr/lib/lib$1.so.1"
		shift
	done
	shift
	printf 'int start_of_it(void) { return 0' >body
	for symbol; do
		printf 'extern int %s;\n' "$symbol"
		printf ' + %s' "$symbol" >>body
	done >$name.c
	printf '; }\n' | cat body - >>$name.c
	gcc -nostdlib -fPIC -Wl,--no-as-needed,-e,start_of_it -o $name $name.c $libraries
}

# A note of dlopen in an object NAME.o: note NAME JSON
note() {
	length=$(printf '%s' "$2" | wc -c)
	{
		printf '.section .note.dlopen, "a", @note\n.balign 4\n.long 4, %d, 0x407c0c0a\n.asciz "FDO"\n' $((length + 1))
		printf '.asciz "%s"\n.balign 4\n' "$(printf '%s' "$2" | sed 's/"/\\"/g')"
	} >$1.s
	gcc -c -o $1.o $1.s
}

# A package PACKAGE.deb with the file FILE as a program: package PACKAGE VERSION DEPENDS FILE
package() {
	rm -rf tree
	mkdir -p tree/DEBIAN tree/usr/bin
	cp "$4" tree/usr/bin/
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: N <n@example.com>\nDescription: x\n' "$1" "$2" \
		>tree/DEBIAN/control
	[ -z "$3" ] || printf 'Depends: %s\n' "$3" >>tree/DEBIAN/control
	dpkg-deb --root-owner-group -b tree $1.deb >/dev/null
}

# What dpkg has installed in root: installed PACKAGE VERSION …
installed() {
	while [ $# -gt 0 ]; do
		printf 'Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: %s\n\n' "$1" "$2"
		shift 2
	done >root/var/lib/dpkg/status
}

# A package of rpm: rpm_package NAME VERSION FILE PATH [LINE…], the lines into its spec file
rpm_package() {
	name=$1 version=$2 file=$3 path=$4
	shift 4
	rm -rf rpmbuild
	mkdir -p rpmbuild
	{
		printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: x\nLicense: x\n' $name $version
		printf '%s\n' "$@"
		printf '%%description\nx\n%%install\nmkdir -p %%{buildroot}%s\n' "$(dirname $path)"
		printf 'cp %s/%s %%{buildroot}%s\n%%files\n%s\n' "$PWD" $file $path $path
	} >rpmbuild/$name.spec
	rpmbuild -bb --quiet --define "_topdir $PWD/rpmbuild" --define '_build_id_links none' \
		--define '__strip /bin/true' --define 'debug_package %{nil}' rpmbuild/$name.spec >rpmbuild/log 2>&1 ||
		{ cat rpmbuild/log; return 1; }
	cp rpmbuild/RPMS/*/*.rpm .
}
