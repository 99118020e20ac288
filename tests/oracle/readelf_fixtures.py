# SPDX-License-Identifier: Apache-2.0
"""ELF files of several machines, built on the spot for the comparison with readelf."""

import shutil
import subprocess
from pathlib import Path

COMPILERS = ("gcc", "i686-linux-gnu-gcc", "s390x-linux-gnu-gcc", "arm-linux-gnueabihf-gcc",
             "aarch64-linux-gnu-gcc", "musl-gcc")

LIBRARY = """
#include <stddef.h>
int answer = 42;
int table[7] = { 1 };
__thread int per_thread;
int old_1(void) { return 1; }
int old_2(void) { return 2; }
__asm__(".symver old_1,change@FIX_1.0");
__asm__(".symver old_2,change@@FIX_1.1");
int first(void) { return answer; }
int second(void) { return per_thread; }
__attribute__((weak)) int lenient(void) { return 3; }
__attribute__((visibility("protected"))) int own(void) { return 4; }
__attribute__((visibility("hidden"))) int inner(void) { return 5; }
extern int missing(void) __attribute__((weak));
int call_missing(void) { return missing ? missing() : inner(); }
"""
MAP = """
FIX_1.0 { global: first; answer; table; change; lenient; local: *; };
FIX_1.1 { global: second; per_thread; own; change; call_missing; } FIX_1.0;
FIX_1.2 { } FIX_1.1;
"""
IFUNC = """
static int plain(void) { return 1; }
static int (*pick(void))(void) { return plain; }
int picked(void) __attribute__((ifunc("pick")));
"""
PROGRAM = """
#include <stdio.h>
extern int answer, table[7];
int first(void), second(void);
int main(void) { return fprintf(stderr, "%d", first() + second() + answer + table[0]) < 0; }
"""
UNVERSIONED = "int shared = 1; int bare(void) { return shared; }\n"
USES_BARE = "extern int shared; int bare(void); int main(void) { return bare() + shared; }\n"
EMPTY = "static int nothing; int main(void) { return nothing; }\n"


class Builder:
    def __init__(self, folder, compiler):
        self.compiler = compiler
        self.folder = folder / compiler
        self.folder.mkdir()
        self.built = []

    def make(self, name, source, *options, needed=True):
        path = self.folder / name
        result = subprocess.run([self.compiler, "-x", "c", "-", "-o", name, "-x", "none", *options],
                                input=source.encode(), cwd=self.folder, capture_output=True)
        if result.returncode and needed:
            raise SystemExit(f"{self.compiler} {name}: {result.stderr.decode()}")
        if not result.returncode:
            self.built.append(path)
        return path

    def libraries(self):
        (self.folder / "fix.map").write_text(MAP)
        shared = ("-shared", "-fPIC", "-O1")
        for style in "gnu", "sysv", "both":
            self.make(f"libfix-{style}.so", LIBRARY, *shared, "-Wl,--version-script=fix.map",
                      f"-Wl,--hash-style={style}", f"-Wl,-soname,libfix-{style}.so.1",
                      "-Wl,-rpath,$ORIGIN/lib:/opt/x", "-Wl,--build-id=sha1")
        self.make("libbare.so", UNVERSIONED, *shared, "-Wl,-rpath,/a", "-Wl,--disable-new-dtags",
                  "-Wl,-z,now", "-Wl,-z,nodelete")
        self.make("libfilter.so", UNVERSIONED, *shared, "-Wl,-f,libaux.so", "-Wl,-F,libreal.so",
                  "-Wl,-z,execstack", "-Wl,--build-id=none", needed=self.compiler != "musl-gcc")
        self.make("libifunc.so", IFUNC, *shared, needed=False)

    def programs(self):
        for style in "gnu", "sysv":
            with_lib = ("-O1", f"-Wl,--hash-style={style}", "./libfix-gnu.so")
            self.make(f"pie-{style}", PROGRAM, "-fPIE", "-pie", *with_lib)
            self.make(f"fixed-{style}", PROGRAM, "-fno-pie", "-no-pie", "-Wl,-z,norelro", *with_lib)
            self.make(f"empty-{style}", EMPTY, f"-Wl,--hash-style={style}")
        self.make("bare", USES_BARE, "-fno-pie", "-no-pie", "./libbare.so")
        self.make("static", EMPTY, "-static")
        self.make("static-pie", EMPTY, "-static-pie", "-fPIE", needed=False)

    def objects(self):
        self.make("lib.o", LIBRARY, "-c", "-fPIC")
        self.make("main.o", PROGRAM, "-c", "-fcommon")
        subprocess.run(["ar", "rcs", "both.a", "lib.o", "main.o"], cwd=self.folder, check=True)
        self.built.append(self.folder / "both.a")


def build(folder):
    """Paths of all files built below the empty folder."""
    files = []
    for compiler in COMPILERS:
        if not shutil.which(compiler):
            raise SystemExit(f"{compiler} is missing; tools/setup.sh test installs it")
        builder = Builder(Path(folder), compiler)
        builder.libraries()
        builder.programs()
        builder.objects()
        files += [str(path) for path in builder.built]
    return files
