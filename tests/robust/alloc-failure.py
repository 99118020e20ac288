#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes each allocation of a command fail in turn.

Every run must end with status 4 and the words for it, or with the very answer that
it gives with memory: never with a signal, never with another answer.
"""

import argparse
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

import fixtures
from fixtures import support

ONE = ["--threads", "1"]


def waivers(folder):
    path = folder / "waivers"
    path.write_text("rule = abi/*\nsubject = *\nreason = all\n\nrule = load/*\nsubject = *\n"
                    "input = nothing*\nreason = unused\n\nrule = abi/*\nsubject = *\nreason = over\n"
                    "expires = 2020-01-01\n")
    return path


def suppressions(folder):
    path = folder / "abignore"
    path.write_text("[suppress_function]\n name_regexp = ^(a|b).*\n[suppress_variable]\n label = x\n"
                    "[suppress_type]\n name = T\n[suppress_file]\n soname_not_regexp = lib\\{2\\}\n")
    return path


def classes(folder, functions):
    """A library with a class whose virtual functions stand in this order."""
    library = folder / f"lib{functions[0]}.so.1"
    if not library.exists():
        declared = " ".join(f"virtual int {name}();" for name in functions)
        code = f"struct B {{ virtual ~B(); }}; B::~B() {{ }} struct A : B {{ {declared} }}; "
        code += " ".join(f"int A::{name}() {{ return 1; }}" for name in sorted(functions))
        subprocess.run(["g++", "-x", "c++", "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libx.so.1", "-o", library, "-"],
                       input=code, text=True, check=True)
    return library


def objects(folder):
    """With debug information that has to be inflated and relocated, and such that has not."""
    source = folder / "debug.c"
    source.write_text("struct s { struct s *next; enum { A, B } kind; } s; int f(struct s *p) { return p->kind; }\n")
    support.build(["gcc", "-g", "-gz=zlib", "-c", "debug.c"], folder)
    support.build(["gcc", "-g", "-gdwarf-5", "-shared", "-fPIC", "debug.c", "-o", "debug.so"], folder)
    return [[folder / "debug.o"], [folder / "debug.so"]]


def debug_files(folder):
    """Libraries whose debug information is in other files."""
    source = folder / "debug.c"
    for name in "split", "packaged", "shared", "other":
        home = folder / name
        home.mkdir()
        (home / "a.c").write_text(source.read_text())
        (home / "b.c").write_text("struct t { struct t *next; int b : 3; }; int g(struct t *t) { return t->b; }\n")
        split = "-gsplit-dwarf" if name in ("split", "packaged") else ""
        support.build(f"gcc -gdwarf-4 {split} -shared -fPIC a.c b.c -o lib.so".split(), home)
    support.build("rm lib.so-b.dwo".split(), folder / "split")
    support.build("dwp -e lib.so -o lib.so.dwp".split(), folder / "packaged")
    support.build("dwz -m common -M common lib.so ../other/lib.so".split(), folder / "shared")
    support.build("objcopy --only-keep-debug lib.so lib.debug".split(), folder / "shared")
    support.build("objcopy -g --add-gnu-debuglink=lib.debug lib.so".split(), folder / "shared")
    return [[folder / name / "lib.so"] for name in ("split", "packaged", "shared")]


def packages(folder):
    """The releases of typed() as packages, one of them damaged at its end."""
    made = []
    for library, mode in zip(typed(folder), ("w", "w:xz")):
        path = library.with_suffix(".tar")
        with tarfile.open(path, mode) as tar:
            tar.add(library, "usr/lib/libtyped.so.1")
        made.append(path)
    cut = folder / "cut.tar"
    cut.write_bytes(made[1].read_bytes()[:-100])
    return [*made, cut]


SEEDS = Path(__file__).resolve().parents[2] / "fuzz" / "seeds" / "baseline"


def typed(folder):
    """Two releases of a C++ library, with debug information."""
    old = folder / "typed-old.so"
    new = folder / "typed-new.so"
    text = """struct v { int a; %s }; enum e { X, %s Y }; struct b { virtual ~b(); %s virtual int f(); int m; };
struct d : b { int f() override; union { int i; %s }; }; b::~b() { } int b::f() { return 1; }
int d::f() { return 2; } int use(v x, e y, d *z, int (*w)(v)) { return x.a; } v glob;
"""
    for path, fills in (old, ("", "", "", "float u;")), (new, ("long l;", "Z,", "virtual int g() { return 3; }", "long u;")):
        source = path.with_suffix(".cc")
        source.write_text(text % fills)
        support.build(["g++", "-g", "-shared", "-fPIC", "-o", path, source], folder)
    return [old, new]


def builds(folder):
    """A library with types of two widths, which are told with status 1."""
    code = ("#include <stddef.h>\n#include <time.h>\nenum e { A }; struct s { enum e e; char c; wchar_t w; time_t t; };\n"
            "struct t { struct s s; union { long double x; void *p; }; };\n"
            "int f(struct t *t, wchar_t *w, long double *x) { return t->s.w + *w; }\n"
            "int g(NUMBER n, struct s *s) { return s->c + n; }\n")
    libraries = folder / "narrow.so", folder / "wide.so"
    for library, flags in zip(libraries, (["-DNUMBER=long"], ["-fshort-wchar", "-fshort-enums", "-funsigned-char", "-DNUMBER=int"])):
        if not library.exists():
            subprocess.run(["g++", "-g", *flags, "-x", "c++", "-shared", "-fPIC", "-nostdlib", "-o", library, "-"],
                           input=code, text=True, check=True)
    return libraries


def numbers(folder):
    """Build files whose numbers agree."""
    tree = folder / "tree"
    tree.mkdir(exist_ok=True)
    (tree / "meson.build").write_text("project('x', 'c', version : '2.0')\nso = '1'\nlibrary('x', soversion : so)\n")
    (tree / "x.pc.in").write_text("Name: x\nVersion: @VERSION@\n")
    (tree / "Makefile.am").write_text("libx_la_LDFLAGS = -version-info $(NOT_KNOWN)\n")
    (tree / "x.map").write_text("V_1.0 { global: x; };\n")
    return tree


def maps(good, bad):
    """Scripts of all styles beside libraries; of those that are refused, too."""
    folder = good.parent.parent
    library, old = good.parent / "libx.so.1", bad.parent / "libx.so.1"
    odd = folder / "odd.map"
    odd.write_text('V_1.0 {global:one;two; local:*;};\nV_1.0 { local: d*; [a-c]x; global: "t*"; '
                   'extern "C++" { ns::*; "f(int)"; }; } V_1.0 V_3;\nV_2.0 { two; };\n')
    few = folder / "few.map"
    few.write_text("V_1.0 {\n\tglobal:\n\t\tone;\n};\n")
    plain = folder / "plain.so"
    if not plain.exists():
        (folder / "few.c").write_text("int one(void) { return 1; } int three(void) { return 3; } int data_x = 4;\n")
        support.build(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", plain, "few.c"], folder)
        support.build(["gcc", "-c", "-fPIC", "-o", "old.o", "old.c"], folder)
    return [["map", "check", folder / "old.map", "--objects", folder / "old.o"],
            ["map", "check", folder / "lib.map", "--lib", library, "--last", old, "--headers", "/usr/include/elf.h"],
            ["map", "check", odd, "--lib", library, "--last", folder / "lib.map", "--format", "json"],
            ["map", "check", odd, "-v", "--waivers", waivers(good.parent)],
            ["map", "update", few, "--lib", plain, "--release", "2.0"],
            ["map", "freeze", folder / "lib.map", "--lib", library, "--format", "json"],
            ["map", "new", old, library, plain]]


def deb_packages(folder):
    """A root as dpkg keeps it, a program for it, and packages with that."""
    home = folder / "deps"
    if not home.exists():
        home.mkdir()
        (home / "template").write_text(
            'libsym.so.1 #PACKAGE# #MINVER#\n| other (>= 2)\n* Build-Depends-Package: x\n'
            ' (regex|optional)"^sym_.@V" 1\n (c++)"a::b()@V_1" 1 1\n (arch=any-amd64)gone@V_1 0.1\n')
        lines = f""". {Path(__file__).resolve().parents[1]}/cases/lib/deps.sh
debian_root; installed pkg-sym 2 pkg-shl 3; program two sym shl -- sym_a shl_a
note wants '[{{"soname":["libshl.so.1","libbare.so.1"],"priority":"suggested"}}]'
gcc -nostdlib -fPIC -Wl,-e,start_of_it -o noted two.c wants.o root/usr/lib/libs*.so.1
package app 1 'pkg-sym, gone (>= 2) | pkg-data, pkg-shl (= 4)' two
rpm_package agent 1.2 two /usr/bin/two 'Requires: libs = 2'; mkdir rpms; cp agent*.rpm rpms
rpm_package libs 1 root/usr/lib/libsym.so.1.0 /usr/lib64/libsym.so.1 'Provides: rtld(GNU_HASH)' \\
	'Provides: libshl.so.1()(64bit)' 'Provides: libshl.so.1(V_1)(64bit)'; cp libs*.rpm rpms
printf 'Source: x\nBuild-Depends: x (>= 3) [any] <!a>, y | z\n' >control"""
        subprocess.run(["sh", "-e", "-c", lines], cwd=home, check=True, stdout=subprocess.DEVNULL)
    return home


ROOT = "--root"
def headed(folder):
    """Arguments for two releases with public headers. What the compiler says is prepared, for speed."""
    texts = {
        "old": """#define LIMIT 8
#define ADD(a, b) ((a) + (b))
static inline int half(int a) { return a / 2; }
int foo(int a[4]) __attribute__((pure)); int bar(int a); extern const int fixed; typedef int gone;
""",
        "new": """#define LIMIT 9
#define ADD(x) (x)
static inline int half(int a) { return a / 3; }
int foo(int a[5]); static inline int bar(int a) { return a; } int more(int a);
enum { fixed = 3 };
"""}
    code = {"old": "int foo(int *a) { return *a; } int bar(int a) { return a; } const int fixed = 3; int inner;",
            "new": "int foo(int *a) { return *a; }"}
    for name, text in texts.items():
        home = folder / name
        home.mkdir(exist_ok=True)
        (home / "foo.h").write_text(text)
        (home / "unit.c").write_text(code[name])
        support.build("gcc -g -shared -fPIC -o libfoo.so -Wl,-soname,libfoo.so.1 unit.c".split(), home)
        (home / "probe.c").write_text(f'#include "{home}/foo.h"\n')
        support.build("gcc -g -fno-eliminate-unused-debug-types -fno-eliminate-unused-debug-symbols -c probe.c".split(), home)
        support.build("gcc -E -dD -o probe.i probe.c".split(), home)
    script = folder / "compiler"
    script.write_text("""for word; do
	case $word in -I*) home=${word#-I} ;; -dD) from=probe.i ;; -c) from=probe.o ;; esac
	[ "$last" != -o ] || out=$word
	last=$word
done
[ -z "$from" ] || cp "$home/$from" "$out"
""")
    return ["diff", *ONE, folder / "old" / "libfoo.so", folder / "new" / "libfoo.so", "--cc",
            f"env -u LD_PRELOAD sh {script}", "--headers-old", folder / "old" / "foo.h",
            "--headers-new", folder / "new" / "foo.h"]


def lined(folder):
    """A program with debug information, and its object."""
    (folder / "lined.c").write_text("#include <stdio.h>\nint main(void) { puts(\"a\"); return puts(\"b\"); }\n")
    support.build("gcc -g -c lined.c".split(), folder)
    support.build("gcc -o lined lined.o".split(), folder)
    return [["why", folder / "lined", "puts"],
            ["why", "--format", "json", "--objects", folder / "lined.o", folder / "lined", "puts"]]


WHAT = {
    # A hidden program, given as --abifit: the reader of debug information.
    "dwarf": lambda good, bad: objects(good.parent),
    "types": lambda good, bad: [*objects(good.parent),
                                ["--symbols", good.parent / "debug.so", good.parent / "debug.so"],
                                [SEEDS.parent / "dwarf" / "gsimple-template-names-fdebug-types-section"],
                                *debug_files(good.parent)],
    "check": lambda good, bad: [["check", *ONE, good], ["check", *ONE, bad, "--lint", "-v"]],
    "check-json": lambda good, bad: [
        ["check", *ONE, "--format", "json", "--bindings", good, bad],
        ["check", *ONE, "--format", "json", "-o", "/dev/stdout", bad]],
    "tree": lambda good, bad: [["tree", good], ["tree", "--format", "json", good]],
    "show": lambda good, bad: [["show", good.parent / "libx.so.1"],
                               ["show", "--format", "json", good]],
    "diff": lambda good, bad: [
        ["diff", good.parent / "libx.so.1", good],
        ["diff", "--format", "json", good.parent / "libx.so.1", good],
        ["diff", *ONE, classes(good.parent, "fgh"), classes(good.parent, "hgf")],
        ["dump", good.parent / "libx.so.1"],
        ["diff", "--threads", "1", "-v", good.parent / "libx.so.1", good, "--used-by", good]],
    "diff-types": lambda good, bad: [
        ["diff", *ONE, SEEDS / "types-old", SEEDS / "types-new"],
        ["diff", *ONE, *typed(good.parent)],
        ["dump", "--format", "text", typed(good.parent)[0]],
        ["dump", SEEDS / "types-cxx"]],
    "packages": lambda good, bad: [
        ["diff", *ONE, *packages(good.parent)[:2]],
        ["show", packages(good.parent)[0]],
        ["dump", *packages(good.parent)[:1]],
        ["versions", packages(good.parent)[0]]],
    "diff-headers": lambda good, bad: [headed(good.parent)],
    "formats": lambda good, bad: [
        ["diff", *ONE, good.parent / "libx.so.1", good, good, "--format", "sarif", "--source-root", "/"],
        ["diff", *ONE, good.parent / "libx.so.1", good, "--format", "junit", "--used-by", good],
        ["check", *ONE, good, bad, "--format", "markdown"]],
    "backport": lambda good, bad: [
        ["backport", "one", "--from", good.parent / "libx.so.1", "--to", good],
        ["backport", "one", "--from", good.parent / "libx.so.1", "--to", good, "--format", "json"]],
    "leaks": lambda good, bad: [
        ["leaks", good, good.parent / "libx.so.1", "--headers", "/usr/include/elf.h"],
        ["leaks", "--format", "json", good], ["leaks", "--script", good]],
    "map": lambda good, bad: maps(good, bad),
    "versions": lambda good, bad: [["versions", numbers(good.parent.parent), good.parent / "libx.so.1", "--last",
                                    bad.parent / "libx.so.1"],
                                   ["versions", "--format", "json", numbers(good.parent.parent)]],
    "deps": lambda good, bad: [
        ["deps", "--rpm", "-P", "-R", "--recommends", good, deb_packages(good.parent) / "noted"],
        ["deps", "--symbols", "--package", "p", "--package-version", "2", "--missing", "-c4",
         deb_packages(good.parent) / "root/usr/lib/libsym.so.1", deb_packages(good.parent) / "template"],
        ["deps", "--deb", ROOT, deb_packages(good.parent) / "root", "--control",
         deb_packages(good.parent) / "control", deb_packages(good.parent) / "noted"]],
    "deps-packages": lambda good, bad: [
        ["deps", "--check", ROOT, deb_packages(good.parent) / "root", deb_packages(good.parent) / "app.deb"],
        ["deps", "--check", ROOT, deb_packages(good.parent) / "root",
         deb_packages(good.parent) / "rpms/agent-1.2-1.x86_64.rpm", "--packages",
         deb_packages(good.parent) / "rpms"],
        ["deps", "--names", "--format", "json", deb_packages(good.parent) / "two", "--from",
         deb_packages(good.parent) / "rpms", "--from", deb_packages(good.parent) / "root"]],
    "layout": lambda good, bad: [["layout", *builds(good.parent)],
                                 ["layout", "--format", "json", *builds(good.parent)]],
    "waivers": lambda good, bad: [
        ["diff", "--format", "json", "--waivers", waivers(good.parent), "--waivers",
         suppressions(good.parent), good.parent / "libx.so.1", good],
        ["check", *ONE, "--waivers", waivers(good.parent), bad, "-v"]],
    "fix": lambda good, bad: [
        ["fix", bad.parent / "libx.so.1", good.parent / "libx.so.1", "one", "two"],
        ["fix", "--whole-map", good.parent / "libx.so.1", bad.parent / "libx.so.1"],
        ["fix", "--format", "json", good.parent / "libx.so.1", bad.parent / "libx.so.1"]],
    "why": lambda good, bad: [["why", good, "V_2.0"], ["why", good, "printf"], *lined(good.parent)],
    "rules": lambda good, bad: [["rules"], ["rules", "--format", "json"],
                                ["explain", "load/version-missing"], ["features"]],
}
# libarchive, and the loader when it is asked for it, may end the process: only the program itself is asked.
OWN = {"packages", "deps-packages"}
BATCH = 64
MOST = 100_000  # allocations; more means that the count itself is wrong


def first_difference(wanted, found):
    wanted, found = (data.decode("utf-8", "replace").splitlines() for data in (wanted, found))
    for left, right in zip_longest(wanted, found, fillvalue="(nothing)"):
        if left != right:
            return f"  wanted {left[:300]}\n  found  {right[:300]}"
    return "  in the last newline"


class Failure:
    """One command, run with the N-th allocation failing."""

    def __init__(self, abifit, preload, arguments, folder, everything, own):
        self.command = [abifit, *map(str, arguments)]
        self.preload = preload
        self.folder = folder
        self.everything = everything
        self.own = own
        self.wanted = support.run(self.command)
        self.out_of_memory = 0

    def run(self, number):
        """(whether an allocation failed, what is wrong or None)."""
        report = self.folder / f"fired-{number}"
        report.write_bytes(b"")
        more = {"LD_PRELOAD": str(self.preload), "ABIFIT_FAIL_AT": str(number),
                "ABIFIT_FAIL_REPORT": str(report)}
        if self.everything:
            more["ABIFIT_FAIL_ALL"] = "1"
        if self.own:
            more["ABIFIT_FAIL_OWN"] = "1"
        result = support.run(self.command, env=support.environment(**more), timeout=30)
        fired = bool(report.stat().st_size)
        report.unlink()
        wrong = self.judge(result)
        return fired, wrong and f"allocation {number}: {wrong}"

    def judge(self, result):
        crash = result.crash()
        if crash:
            return crash
        if result.status == 4:
            self.out_of_memory += 1
            return None if b"out of memory" in result.err else "status 4 without the reason"
        if result.status != self.wanted.status:
            return f"status {result.status}, with memory {self.wanted.status}"
        if result.out != self.wanted.out:
            return "another answer than with memory:\n" + first_difference(self.wanted.out, result.out)
        return None

    def all(self):
        """(number of allocations, problems)."""
        problems, number = [], 1
        with ThreadPoolExecutor(2) as pool:
            while number < MOST and len(problems) < 5:
                for fired, wrong in pool.map(self.run, range(number, number + BATCH)):
                    if not fired:
                        return number - 1, problems + ([wrong] if wrong else [])
                    number += 1
                    if wrong:
                        problems.append(wrong)
        return number - 1, problems or ["no end of allocations"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=support.program)
    parser.add_argument("--preload", required=True, type=Path, help="the built failmalloc.so")
    parser.add_argument("what", choices=WHAT)
    args = parser.parse_args()
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        folder = Path(name)
        good, bad = fixtures.pair(folder)
        for arguments in WHAT[args.what](good, bad):
            for everything in False, True:
                failure = Failure(args.abifit, args.preload.resolve(), arguments, folder, everything,
                                  args.what in OWN)
                shown = " ".join(Path(str(word)).name for word in arguments)
                wanted = failure.wanted
                if not tap.ok(wanted.status in {0, 1} and not wanted.crash(),
                              f"{shown}: runs with memory", f"status {wanted.status}", wanted.text):
                    continue
                count, problems = failure.all()
                tap.ok(not problems and count > 0 and failure.out_of_memory > 0,
                       f"{shown}: {'all allocations from' if everything else 'allocation'} "
                       f"1 to {count} {'on' if everything else ''} failing", *problems)
    return tap.close()


sys.exit(main())
