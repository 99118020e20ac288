#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the seeds of the fuzz targets anew, from nothing but compilers and binutils.
# usage: fuzz/make-seeds.sh
set -eu
cd "$(dirname "$0")/seeds"
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p elf elf-depends ldcache ldconf archive object linkmap dwarf

cat >"$work/lib.c" <<'END'
__thread int counter;
extern int data __attribute__((weak));
int imported(const char *);
__asm__(".symver old_name, name@MINE_1\n.symver new_name, name@@MINE_2");
int old_name(void) { return imported("old"); }
int new_name(void) { return data + counter++; }
__asm__(".pushsection .note.dlopen,\"a\",%note\n.balign 4\n.long 4, 1f - 0f, 0x407c0c0a\n"
	".asciz \"FDO\"\n0: .asciz \"[{\\\"soname\\\":[\\\"liba.so.1\\\"],\\\"priority\\\":\\\"required\\\"}]\"\n"
	"1: .balign 4\n.popsection");
END
cat >"$work/map" <<'END'
MINE_1 { global: name; local: *; };
MINE_2 { } MINE_1;
END
cat >"$work/imported.c" <<'END'
int data;
int imported(const char *text) { return *text; }
END
printf 'IMPORTED_1 { };\n' >"$work/imported.map"

small="-nostdlib -fPIC -O1 -s -Wl,-z,noseparate-code,-z,norelro,-z,max-page-size=4096"
for machine in x86_64 i686 aarch64 arm s390x; do
	cc=$machine-linux-gnu-gcc
	[ $machine != arm ] || cc=arm-linux-gnueabihf-gcc
	$cc $small -shared "$work/imported.c" -o "$work/lib$machine.so" -Wl,-soname,libimported.so \
		-Wl,--version-script,"$work/imported.map"
	for style in gnu sysv; do
		$cc $small -shared "$work/lib.c" "$work/lib$machine.so" -o "elf/$machine-$style" \
			-Wl,-soname,libmine.so.1,--hash-style=$style,-rpath,/opt/lib \
			-Wl,--version-script,"$work/map"
	done
	$cc -c -O1 "$work/imported.c" -o "object/$machine"
done
x86_64-linux-gnu-gcc $small -pie -Wl,-z,pack-relative-relocs,-z,x86-64-v3 -x c - -o elf/program <<'END'
int _start(void) { return 0; }
int (*table[])(void) = { _start, _start };
END

x86_64-linux-gnu-gcc -c -O1 -flto -ffat-lto-objects "$work/imported.c" -o object/lto
cp object/x86_64 "$work/one.o"
cp object/i686 "$work/a name that is longer than sixteen.o"
(
	cd "$work"
	rm -f gnu.a thin.a
	ar rcsD gnu.a one.o "a name that is longer than sixteen.o"
	ar rcsDT thin.a one.o "a name that is longer than sixteen.o"
)
cp "$work/gnu.a" archive/gnu
cp "$work/thin.a" archive/thin
printf '!<arch>\n%-16s%-12s%-6s%-6s%-8s%-10s`\n%s\n' '#1/12' 0 0 0 100644 17 'long_name.o content' \
	>archive/bsd

root=$work/root
mkdir -p "$root/etc" "$root/usr/lib" "$root/lib/glibc-hwcaps/x86-64-v2"
cp elf/x86_64-gnu elf/s390x-gnu elf/arm-sysv elf-depends/
cp elf/x86_64-gnu "$root/lib/libmine.so.1"
cp elf/x86_64-gnu "$root/lib/glibc-hwcaps/x86-64-v2/libmine.so.1"
cp elf/i686-gnu "$root/usr/lib/libmine.so.1"
cp "$work/libx86_64.so" "$root/lib/libimported.so.9"
cp "$work/libx86_64.so" "$root/lib/libimported.so.10"
for form in new old compat; do
	/sbin/ldconfig -r "$root" -c $form -X 2>/dev/null
	cp "$root/etc/ld.so.cache" "ldcache/$form"
done

printf '/etc/ld.so.conf\ninclude conf.d/*.conf\n/opt/a # x\nhwcap 1 y\n/opt/b=libc6\n' >ldconf/root
printf '\0/etc/conf.d/x.conf\n/opt/c\ninclude /etc/*.conf\n\0/opt/a/liba.so.1.0\nL\nliba.so.1' >>ldconf/root
printf '\0/opt/a/liba.so\n@/opt/a/liba.so.1.0\0/lib/glibc-hwcaps/v2/liba.so.2\nL\nliba.so.1' >>ldconf/root
printf '\0/usr/lib/libb.so.10\nL\nlibb.so\0/usr/lib/libb.so.9\nL\nlibb.so' >>ldconf/root

cat >"$work/main.c" <<'END'
int imported(const char *);
int a_function_whose_name_is_longer_than_the_column_of_fifty(void);
int _start(void) { return imported("") + a_function_whose_name_is_longer_than_the_column_of_fifty(); }
END
echo 'int a_function_whose_name_is_longer_than_the_column_of_fifty(void) { return 1; }' >"$work/far.c"
(
	cd "$work"
	gcc -c main.c far.c imported.c
	rm -f libx.a
	ar rcsD libx.a far.o imported.o
	for linker in bfd gold lld; do
		gcc -fuse-ld=$linker -nostdlib -static main.o libx.a -Wl,-Map=$linker.map,--cref -o x >out
	done
	gcc -fuse-ld=lld -nostdlib -static main.o libx.a -Wl,--why-extract=why.map -o x
)
cp "$work/bfd.map" linkmap/bfd
cp "$work/gold.map" linkmap/gold
cp "$work/lld.map" linkmap/lld
cp "$work/why.map" linkmap/why-extract

mkdir -p waivers abignore
cat >waivers/blocks <<'END'
# what we live with
rule = abi/sym-function-removed
subject = foo*
reason = never documented

rule = load/*
subject = lib?.so.*
input = libfoo.so.\*
reason = another day
expires = 2027-01-31
END
cat >waivers/sections <<'END'
; libabigail's
[suppress_function]
  name_regexp = ^(foo|ns::f)$
  symbol_version = V_1
  change_kind = deleted-function
[suppress_variable]
  soname_not_regexp = libbar
  label = others
[suppress_file]
  file_name_regexp = \\.so\\.[0-9]+
END
cat >abignore/section <<'END'
  label = ours
  name_regexp = ^fo\{2\}(a|b)*[[:digit:]]+x?$ # rest
  name_not_regexp = \\bx
  change_kind = all
  drop = yes
[suppress_type]
  name = T
END
printf '%s' '^(([ab]*c)+|[^]]d{2,3}|\w.){1,2}$' >abignore/pattern

cat >"$work/types.cc" <<'EOF'
namespace n { enum e : short { red = -1, blue = 70000 & 0x7fff }; }
struct base { virtual int f(int) = 0; unsigned a : 3, b : 9; };
struct derived : virtual base { int f(int) override; derived *next; union { int i; float x[2]; }; n::e kind; };
int derived::f(int k) { struct local { int q; } l = { k }; return l.q + (next ? next->f(k) : 0); }
static int hidden = 3;
int *const shown = &hidden;
EOF
seed() {
	name=$1
	shift
	"$@" -c -g -O1 -fdebug-prefix-map="$work=." -gno-record-gcc-switches -fno-asynchronous-unwind-tables \
		-fno-ident "$work/types.cc" -o "dwarf/$name"
}
clang_seed() {
	name=$1
	shift
	(cd "$work" && clang++ "$@" -c -g -O1 -fno-ident types.cc -o "$name.o")
	cp "$work/$name.o" "dwarf/$name"
}
for version in 2 3 4 5; do seed gcc-$version g++ -gdwarf-$version -gstrict-dwarf; done
seed type-units-4 g++ -gdwarf-4 -fdebug-types-section
seed type-units-5 g++ -gdwarf-5 -fdebug-types-section
seed wide g++ -gdwarf-5 -gdwarf64
seed compressed g++ -gz=zlib
objcopy --compress-debug-sections=zlib-gnu dwarf/gcc-4 dwarf/zdebug
objcopy --compress-debug-sections=zstd dwarf/gcc-5 dwarf/zstd
clang_seed clang-5 -gdwarf-5
clang_seed split-4 -gdwarf-4 -gsplit-dwarf
clang_seed split-5 -gdwarf-5 -gsplit-dwarf=single
cp "$work/split-4.dwo" dwarf/split-dwo
# Instances of templates whose arguments stand apart from their names.
cat >"$work/names.cc" <<'EOF'
namespace n { enum class e : char { red, blue = 7 }; typedef struct { int i; } untagged; namespace { struct own { int o; }; } }
template <typename T, int N> struct holder { T value[N]; struct inner { T *at; } in; };
template <template <typename, int> class H, n::e E, char C, bool B, typename... A> struct pack { H<A..., 2> held; };
holder<const int *const *, 3> a; pack<holder, n::e::blue, '\n', true, int (*)(n::untagged &, ...)> b; holder<int n::own::*, 1> c;
holder<holder<long, 2>::inner, 4> d; holder<int (n::own::*)(short) const, 1> f; pack<holder, (n::e)9, 'x', false, unsigned char[3]> g;
EOF
for form in -gsimple-template-names -fdebug-types-section "-gsimple-template-names -fdebug-types-section"; do
	name=$(echo "$form" | tr -d ' ' | tr -c 'a-z\n' - | cut -c2-)
	(cd "$work" && clang++ $form -c -g -O1 -fno-ident names.cc -o names.o)
	cp "$work/names.o" "dwarf/$name"
done
for machine in i686 s390x arm aarch64; do
	cc=$machine-linux-gnu-gcc
	[ $machine != arm ] || cc=arm-linux-gnueabihf-gcc
	printf 'struct s { struct s *next; int bits : 5; } s;\nint f(struct s *p) { return p->bits; }\n' >"$work/types.c"
	$cc -c -g -O1 "$work/types.c" -o "dwarf/$machine" -fdebug-prefix-map="$work=." -fno-ident
done
g++ -shared -nostdlib -g -gdwarf-4 -O1 "$work/types.cc" "$work/types.c" -o "$work/dwz" -fdebug-prefix-map="$work=." \
	-Wl,-z,noseparate-code,-z,norelro,-z,max-page-size=4096
cp "$work/dwz" "$work/dwz2"
(cd "$work" && dwz -m common dwz dwz2)
cp "$work/common" dwarf/dwz-common
cp "$work/dwz" dwarf/dwz

# Several files in one: the sizes of the first two, then all of them.
join() {
	python3 - "$@" <<'END'
import struct, sys
parts = [open(name, "rb").read() if name else b"" for name in sys.argv[2:]]
open(sys.argv[1], "wb").write(struct.pack("<II", len(parts[0]), len(parts[1])) + b"".join(parts))
END
}
mkdir -p debug-files
cat >"$work/a.c" <<'END'
struct s { struct s *next; enum { A, B } kind; int bits : 3; };
int f(struct s *s) { return s->kind + s->bits; }
END
cat >"$work/b.c" <<'END'
typedef struct { struct s *s; short t[3]; } plain;
plain shared = { 0 };
int g(plain *p) { return p->t[1]; }
END
(
	cd "$work"
	small="-nostdlib -fPIC -shared -O1 -fno-ident -fno-asynchronous-unwind-tables -Wl,--build-id"
	small="$small -Wl,-z,noseparate-code,-z,norelro,-z,max-page-size=4096 -fdebug-prefix-map=$work=/w"
	for version in 4 5; do
		clang $small -gdwarf-$version -gsplit-dwarf -fdebug-types-section -c a.c -o a.o
		clang $small -gdwarf-$version -gsplit-dwarf -fdebug-types-section -c b.c -o b.o
		clang $small a.o b.o -o x
		llvm-dwp -o x.dwp a.dwo b.dwo
		join "$OLDPWD/debug-files/split-$version" x a.dwo x.dwp
	done
	gcc $small -g -gdwarf-4 a.c b.c -o x
	cp x y
	objcopy --only-keep-debug x x.debug
	objcopy -g --add-gnu-debuglink=x.debug x x.linked
	join "$OLDPWD/debug-files/separate" x.linked x.debug ""
	dwz -m common -M common x y
	join "$OLDPWD/debug-files/alternate" x common ""
)

mkdir -p package pkgconfig
mkdir -p "$work/data/usr/lib" "$work/control"
cp "$work/libx86_64.so" "$work/data/usr/lib/libimported.so.1"
ln -s libimported.so.1 "$work/data/usr/lib/libimported.so"
ln "$work/data/usr/lib/libimported.so.1" "$work/data/usr/lib/other"
printf 'Package: libimported1\nVersion: 1\n' >"$work/control/control"
tidy="-b1 --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner"
tar $tidy -cf "$work/control.tar" -C "$work/control" ./control
for format in gnu ustar pax; do
	tar $tidy --format=$format --pax-option=delete=atime,delete=ctime -cf package/$format -C "$work/data" usr 2>/dev/null ||
		tar $tidy --format=$format -cf package/$format -C "$work/data" usr
done
for pack in gzip xz bzip2 zstd; do $pack -c <package/gnu >package/$pack; done
printf '2.0\n' >"$work/debian-binary"
cp package/xz "$work/data.tar.xz"
rm -f package/deb
ar rcD package/deb "$work/debian-binary" "$work/control.tar" "$work/data.tar.xz"
{
	printf '\355\253\356\333'
	head -c 92 /dev/zero
	for section in signature header; do printf '\216\255\350\001' && head -c 12 /dev/zero; done
	python3 - "$work/data/usr/lib/libimported.so.1" <<'END'
import sys
data = open(sys.argv[1], "rb").read()
# Of hard links the last one has the content.
for name, mode, links, inode, content in (
        ("./usr/lib/other", 0o100644, 2, 7, b""), ("./usr/lib/libimported.so.1", 0o100755, 2, 7, data),
        ("./usr/lib/libimported.so", 0o120777, 1, 8, b"libimported.so.1"), ("TRAILER!!!", 0, 1, 0, b"")):
    head = b"070701" + b"".join(b"%08x" % n for n in (
        inode, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)) + name.encode() + b"\0"
    for part in (head, content):
        sys.stdout.buffer.write(part + bytes(-len(part) % 4))
END
} >package/rpm
cat >pkgconfig/zlib <<'END'
prefix=${pcfiledir}/../..
includedir=${prefix}/include

Name: zlib
Version: 1.2
Requires: a >= 1, b
Libs: -L${prefix}/lib -lz \
  -lm # and more
Cflags: -I${includedir} "-DNAME=a b"
END

mkdir -p dwarf-line
printf 'extern int g(int);\nint f(int a) { if (a) return g(a) + 1; return 2; }\nint h(void) { return g(2); }\n' >"$work/line.c"
(
	cd "$work"
	for version in 2 5; do
		gcc -gdwarf-$version -O1 -fdebug-prefix-map="$work"=/w -c line.c -o "$OLDPWD/dwarf-line/gcc-$version"
	done
	clang -gdwarf-5 -O1 -fdebug-prefix-map="$work"=/w -c line.c -o "$OLDPWD/dwarf-line/clang-5"
	arm-linux-gnueabihf-gcc -gdwarf-4 -ffunction-sections -fdebug-prefix-map="$work"=/w -c line.c \
		-o "$OLDPWD/dwarf-line/arm-4"
)
