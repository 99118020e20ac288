# SPDX-License-Identifier: Apache-2.0
"""The fixtures of musl.py: one rule of musl's loader each."""

import os
import shutil

from elfpatch import Elf

CALLS = "extern int foo(void);\nint main(void) { return foo(); }\n"
CALLS_MID = "extern int mid(void);\nint main(void) { return mid(); }\n"
MID = "extern int foo(void);\nint mid(void) { return foo(); }\n"
OTHER = "int other(void) { return 1; }\n"
IGNORE = "-Wl,--unresolved-symbols=ignore-in-shared-libs"


def path(*folders, tag="RUNPATH"):
    return ("-Wl,--enable-new-dtags" if tag == "RUNPATH" else "-Wl,--disable-new-dtags",
            "-Wl,-rpath," + ":".join(folders))


def cases(b):
    _search(b)
    _identity(b)
    _symbols(b)
    _versions(b)
    _files(b)
    _glibc(b)


def _search(b):
    name = b.fresh("no-library")
    b.judge(name, b.build("program", "int main(void) { return 2; }\n"), 2)
    name = b.fresh("run-path")
    b.judge(name, b.build("program", CALLS, b.foo("libfoo.so", 3), *path(b.place)), 3)
    name = b.fresh("origin")
    b.judge(name, b.build("bin/program", CALLS, b.foo("lib/libfoo.so", 3), *path("$ORIGIN/../lib")), 3)
    name = b.fresh("other-token-voids-the-path")
    b.judge(name, b.build("program", CALLS, b.foo("libfoo.so", 3), *path("$LIB", b.place)), 127)
    name = b.fresh("library-missing")
    program = b.build("program", CALLS, b.foo("libfoo.so", 3))
    b.judge(name, program, 127)
    b.judge("library-path", program, 3, library_path=b.place)
    for tag in ("RUNPATH", "RPATH"):
        name = b.fresh(f"{tag.lower()}-is-inherited")
        deep = b.foo("deep/libfoo.so", 4)
        mid = b.lib("mid/libmid.so", MID, deep)
        b.judge(name, b.build("program", CALLS_MID, mid, "-Wl,--allow-shlib-undefined",
                              *path(b.at("mid"), b.at("deep"), tag=tag)), 4)
        name = b.fresh(f"library-path-before-{tag.lower()}")
        one, _ = b.foo("one/libfoo.so", 1), b.foo("two/libfoo.so", 2)
        b.judge(name, b.build("program", CALLS, one, *path(b.at("one"), tag=tag)), 2,
                library_path=b.at("two"))
    name = b.fresh("preload")
    one, first = b.foo("libfoo.so", 1), b.foo("first.so", 2)
    b.judge(name, b.build("program", CALLS, one, *path(b.place)), 2, preload=first,
            provider=("foo", first))
    name = b.fresh("filter-is-ignored")
    b.foo("libreal.so", 1)
    foo = b.foo("libfoo.so", 2, "-Wl,-F,libreal.so")
    b.judge(name, b.build("program", CALLS, foo, *path(b.place)), 2)


def _identity(b):
    name = b.fresh("soname-does-not-answer")
    foo = b.foo("real/libfoo.so", 5)
    user = b.lib("libuser.so", MID, foo)
    stub = b.foo("stub/other.so", 9)
    shutil.copy(foo, b.at("other.so"))
    b.judge(name, b.build("program", CALLS_MID, stub, user, IGNORE, *path(b.place)), 127)
    name = b.fresh("a-path-is-not-a-file-name")
    one, two = b.foo("one/libfoo.so", 1, soname=b.at("one/libfoo.so")), b.foo("two/libfoo.so", 2)
    user = b.lib("libuser.so", MID, two)
    b.judge(name, b.build("program", CALLS_MID, one, user, IGNORE, *path(b.place, b.at("two"))))
    name = b.fresh("one-file-two-names")
    foo = b.foo("libfoo.so", 6, soname="")
    os.symlink("libfoo.so", b.at("libalso.so"))
    user = b.lib("libuser.so", MID, f"-L{b.place}", "-Wl,--no-as-needed", "-lalso")
    b.judge(name, b.build("program", CALLS_MID, user, f"-L{b.place}", "-lfoo", *path(b.place)), 6)


def _symbols(b):
    def changed(name, source, expect, *flags, library=OTHER, built="int foo(void) { return 1; }\n"):
        """Linked with one library, started with another in its place."""
        b.fresh(name)
        program = b.build("program", source, b.lib("link/libfoo.so", built), *path(b.place), *flags)
        b.lib("libfoo.so", library)
        b.judge(name, program, expect)

    changed("symbol-missing", CALLS, 127)
    changed("symbol-missing-and-never-called",
            "extern int foo(void);\nvolatile int no;\nint main(void) { return no ? foo() : 5; }\n",
            127, "-Wl,-z,lazy")
    changed("symbol-missing-weak", "extern int foo(void) __attribute__((weak));\n"
            "int main(void) { return foo ? foo() : 6; }\n", 6)
    name = b.fresh("symbol-missing-in-library")
    b.lib("libfoo.so", "extern int gone(void);\nint foo(void) { return gone(); }\n")
    b.judge(name, b.build("program", CALLS, b.at("libfoo.so"), *path(b.place), IGNORE), 127)
    name = b.fresh("first-definition-wins")
    one, two = b.foo("libone.so", 1), b.foo("libtwo.so", 2)
    b.judge(name, b.build("program", CALLS, one, two, *path(b.place)), 1, provider=("foo", one))
    name = b.fresh("library-before-libc")
    lib = b.lib("libfoo.so", "int abs(int x) { return 9; }\nint foo(void) { return 1; }\n")
    b.judge(name, b.build("program", "extern int abs(int), foo(void);\nint (*volatile call)(int) = abs;\n"
                          "int main(void) { return call(-3) + 0 * foo(); }\n", lib, "-fno-builtin",
                          *path(b.place)), 9, provider=("abs", lib))
    name = b.fresh("copy-relocation")
    lib = b.lib("libfoo.so", "int shared = 5;\nint get(void) { return shared; }\n")
    b.judge(name, b.build("program", "extern int shared; extern int get(void);\n"
                          "int main(void) { shared = 8; return get(); }\n", lib, "-no-pie",
                          "-fno-pie", *path(b.place)), 8)
    name = b.fresh("hidden-protects")
    one = b.foo("libone.so", 1)
    mid = b.lib("libmid.so", '__attribute__((visibility("hidden"))) int foo(void) { return 4; }\n'
                "int mid(void) { return foo(); }\n")
    b.judge(name, b.build("program", CALLS_MID, one, mid, *path(b.place)), 4)


def _versions(b):
    def versioned(name, source, script, expect):
        b.fresh(name)
        program = b.build("program", CALLS, b.foo("link/libfoo.so", 1, script="V1 { foo; };"),
                          *path(b.place))
        b.lib("libfoo.so", source, script=script)
        b.judge(name, program, expect)

    versioned("other-version-binds", "int foo(void) { return 2; }\n", "V2 { foo; };", 2)
    versioned("no-version-binds", "int foo(void) { return 2; }\n", None, 2)
    versioned("hidden-version-is-not-seen",
              'int f1(void) { return 1; }\n__asm__(".symver f1,foo@V1");\n', "V1 { f1; };", 127)
    versioned("default-version-instead-of-hidden",
              "int f1(void) { return 1; } int f2(void) { return 2; }\n"
              '__asm__(".symver f1,foo@V1"); __asm__(".symver f2,foo@@V2");\n',
              "V1 { f1; }; V2 { foo; } V1;", 2)


def _files(b):
    for name, offset, value in (("machine-is-not-checked", 18, 183), ("osabi-is-not-checked", 7, 9),
                                ("version-is-not-checked", 20, 9), ("padding-is-not-checked", 9, 1)):
        b.fresh(name)
        program = b.build("program", CALLS, b.foo("libfoo.so", 7), *path(b.place))
        elf = Elf(b.at("libfoo.so"))
        elf.data[offset] = value
        elf.save(b.at("libfoo.so"))
        b.judge(name, program, 7)
    for name, content in (("text-ends-the-search", "GROUP ( x )\n" + " " * 2000), ("empty-file", "")):
        b.fresh(name)
        program = b.build("program", CALLS, b.foo("two/libfoo.so", 7))
        with open(b.at("one/libfoo.so"), "w", encoding="ascii") as file:
            file.write(content)
        b.judge(name, program, 127, library_path=f"{b.at('one')}:{b.at('two')}")


def _glibc(b):
    """Libraries built for glibc: their needs are answered by musl, their symbols perhaps not."""
    for name, source, expect in (
            ("needs-of-glibc", "#include <stdlib.h>\nint foo(void) { return abs(-3); }\n", None),
            ("symbols-of-glibc", "extern int gnu_get_libc_version(void);\n"
             "int foo(void) { return gnu_get_libc_version(); }\n", 127)):
        b.fresh(name)
        lib = b.build("libfoo.so", source, "-shared", "-fPIC", "-Wl,-soname,libfoo.so", compiler="gcc")
        b.judge(name, b.build("program", CALLS, lib, *path(b.place), IGNORE), expect)
