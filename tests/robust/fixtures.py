# SPDX-License-Identifier: Apache-2.0
"""Small ELF files for the robustness tests, built on the spot."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import support  # noqa: E402

LIBRARY = """
#include <stddef.h>
int one(int x) { return x + 1; }
int two_old(int x) { return x + 2; }
int two_new(int x) { return x + 3; }
__asm__(".symver two_old,two@V_1.0");
__asm__(".symver two_new,two@@V_2.0");
int data[4] = { 1, 2, 3, 4 };
const int *const table[] = { data, data + 1, data + 2 };
__thread int of_thread = 7;
__attribute__((weak)) extern int maybe(int);
int caller(int x) { return maybe ? maybe(x) : x + of_thread + *table[x & 1]; }
static int resolved(int x) { return x; }
static int (*resolve(void))(int) { return resolved; }
int indirect(int x) __attribute__((ifunc("resolve")));
"""
NO_IFUNC = LIBRARY.split("static int resolved")[0]
MAP = "V_1.0 { global: one; two; data; caller; indirect; of_thread; local: *; };\nV_2.0 { global: two; } V_1.0;\n"
OLD_MAP = "V_1.0 { global: one; two; data; caller; indirect; of_thread; local: *; };\n"
PROGRAM = """
#include <stdio.h>
extern int one(int), two(int), indirect(int), data[4];
extern __thread int of_thread;
int main(void) { printf("%d\\n", one(1) + two(2) + indirect(3) + data[1] + of_thread); return 0; }
"""
# Other classes, byte orders and machines; without a C library.
CROSS = ["i686-linux-gnu", "s390x-linux-gnu", "arm-linux-gnueabihf", "aarch64-linux-gnu"]


def sources(folder):
    (folder / "lib.c").write_text(LIBRARY)
    (folder / "old.c").write_text(LIBRARY.replace("@@V_2.0", "@@V_1.0").replace(
        '__asm__(".symver two_old,two@V_1.0");', ""))
    (folder / "plain.c").write_text(NO_IFUNC)
    (folder / "prog.c").write_text(PROGRAM)
    (folder / "lib.map").write_text(MAP)
    (folder / "old.map").write_text(OLD_MAP)


def pair(folder):
    """good/prog, which fits its good/libx.so.1, and bad/prog, whose library lacks V_2.0."""
    folder = Path(folder)
    sources(folder)
    for name in "good", "bad":
        (folder / name).mkdir()
    support.build("gcc -O1 -shared -fPIC -o good/libx.so.1 -Wl,-soname,libx.so.1 "
                  "-Wl,--version-script=lib.map lib.c", folder)
    support.build("gcc -O1 -shared -fPIC -o bad/libx.so.1 -Wl,-soname,libx.so.1 "
                  "-Wl,--version-script=old.map old.c", folder)
    support.build("gcc -O1 -o good/prog prog.c good/libx.so.1 -Wl,-rpath,'$ORIGIN'", folder)
    support.build("cp good/prog bad/prog", folder)
    return folder / "good/prog", folder / "bad/prog"


def small_library(folder):
    """A stripped library of about 9 kB with versions, relocations, TLS and both hash tables."""
    folder = Path(folder)
    sources(folder)
    many = "".join(f"int extra_{i}(int x) {{ return x * {i}; }}\n" for i in range(48))
    (folder / "small.c").write_text(LIBRARY + many)
    (folder / "small.map").write_text(MAP.replace("one;", "one; extra_*;"))
    support.build("gcc -O1 -s -shared -fPIC -nostdlib -o libsmall.so.1 -Wl,-soname,libsmall.so.1 "
                  "-Wl,--hash-style=both -Wl,-z,noseparate-code -Wl,--build-id "
                  "-Wl,--version-script=small.map small.c", folder)
    return folder / "libsmall.so.1"


def variety(folder):
    """Built files of several classes, byte orders, machines and kinds."""
    folder = Path(folder)
    pair(folder)
    built = [folder / "good/prog", folder / "good/libx.so.1", small_library(folder)]

    def add(name, command):
        support.build(command, folder)
        built.append(folder / name)

    for target in CROSS:
        name = f"lib-{target}.so"
        add(name, f"{target}-gcc -O1 -s -shared -fPIC -nostdlib -o {name} -Wl,-soname,{name} "
            "-Wl,--hash-style=both -Wl,--version-script=lib.map plain.c")
    add("musl-prog", "printf 'int main(void){return 0;}' >m.c; musl-gcc -s -o musl-prog m.c")
    add("static-prog", "musl-gcc -s -static -o static-prog m.c")
    add("relr.so", "gcc -O1 -s -shared -fPIC -nostdlib -o relr.so -Wl,-z,pack-relative-relocs "
        "-Wl,--version-script=lib.map plain.c")
    add("object.o", "gcc -O1 -g -c -o object.o lib.c")
    add("archive.a", "ar rcs archive.a object.o")
    return built
