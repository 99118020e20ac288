# SPDX-License-Identifier: Apache-2.0
# For the cases about packages: a library as it is installed, its debug file, and packages of both.
#
#   library DIR SOURCE [OPTION...]  DIR/usr/lib/x86_64-linux-gnu/libfoo.so.1.0, with debug information, and its link
#   debug DIR                       moves that to DIR.debug/usr/lib/debug/.build-id
#   deb FILE DIR [COMPRESSION]      a .deb of DIR
#   rpm FILE DIR [COMPRESSION]      an .rpm of DIR

place=usr/lib/x86_64-linux-gnu

library() {
	folder=$1 source=$2
	shift 2
	mkdir -p "$folder/$place"
	gcc -w -g -O0 -shared -fPIC -Wl,--build-id -Wl,-soname,libfoo.so.1 \
		-o "$folder/$place/libfoo.so.1.0" "$@" "$source"
	ln -sf libfoo.so.1.0 "$folder/$place/libfoo.so.1"
}

debug() {
	id=$(readelf -n "$1/$place/libfoo.so.1.0" | sed -n 's/.*Build ID: //p')
	rest=${id#??}
	mkdir -p "$1.debug/usr/lib/debug/.build-id/${id%$rest}"
	objcopy --only-keep-debug "$1/$place/libfoo.so.1.0" "$1.debug/usr/lib/debug/.build-id/${id%$rest}/$rest.debug"
	strip --strip-unneeded "$1/$place/libfoo.so.1.0"
}

deb() {
	rm -rf deb.tmp
	cp -a "$2" deb.tmp
	mkdir -p deb.tmp/DEBIAN "$(dirname "$1")"
	name=$(basename "$1")
	printf 'Package: %s\nVersion: 1.0\nArchitecture: amd64\nMaintainer: n <n@example.org>\nDescription: d\n' \
		"${name%%_*}" >deb.tmp/DEBIAN/control
	dpkg-deb --root-owner-group ${3:+-Z$3} -b deb.tmp "$1" >/dev/null
}

rpm() {
	name=$(basename "$1")
	mkdir -p "$(dirname "$1")"
	cat >rpm.spec <<-SPEC
		Name: ${name%%-1.0*}
		Version: 1.0
		Release: 1
		Summary: s
		License: none
		AutoReqProv: no
		%description
		d
		%install
		mkdir -p %{buildroot}
		cp -a $PWD/$2/. %{buildroot}
		%files
		/*
	SPEC
	rpmbuild -bb --quiet --define "_topdir $PWD/rpm.tmp" --define "_build_id_links none" \
		--define "_binary_payload ${3:-w6.xzdio}" --define "__os_install_post %{nil}" \
		--define "debug_package %{nil}" --define "_rpmdir $PWD/rpm.out" rpm.spec
	mv rpm.out/*/*.rpm "$1"
}
