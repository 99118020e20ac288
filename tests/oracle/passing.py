#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does Abifit know how compilers pass values to functions and back?

Random C and C++ types with fixed seeds, on seven machines. clang tells in its
intermediate code what becomes of each argument and result. Programs built by gcc and
clang try which types of one size can stand for each other: the caller passes one, the
function takes the other, at several places of the list of arguments.

    passing.py --dump PROGRAM [--count N] [--rounds N]
"""

import argparse
import collections
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare import late  # noqa: E402
from passing_lowered import LoweredModule  # noqa: E402
from passing_run import program  # noqa: E402
from passing_types import Types  # noqa: E402

ARM_HARD, ARM_SOFT = "0x5000400", "0x5000200"
# machine, clang's target and options, e_flags where an object does not have them
TARGETS = [
    ("x86-64", ["--target=x86_64-linux-gnu", "-mavx"], None), ("i386", ["--target=i686-linux-gnu"], None),
    ("aarch64", ["--target=aarch64-linux-gnu"], None), ("arm-hard", ["--target=arm-linux-gnueabihf"], ARM_HARD),
    ("arm-soft", ["--target=arm-linux-gnueabi"], ARM_SOFT), ("riscv64", ["--target=riscv64-linux-gnu"], None),
    ("ppc64le", ["--target=powerpc64le-linux-gnu"], None), ("s390x", ["--target=s390x-linux-gnu"], None),
]
# machine, compilers for C and C++ (or none), what links, what runs, e_flags
RUNS = [
    ("x86-64", "gcc -mavx", "g++ -mavx", "gcc", [], None),
    ("x86-64", "clang -mavx", "clang++ -mavx", "gcc", [], None),
    ("i386", "i686-linux-gnu-gcc", "g++ -m32", "i686-linux-gnu-gcc", ["qemu-i386-static"], None),
    ("i386", "clang --target=i686-linux-gnu", "clang++ --target=i686-linux-gnu", "i686-linux-gnu-gcc", ["qemu-i386-static"], None),
    ("aarch64", "aarch64-linux-gnu-gcc", None, "aarch64-linux-gnu-gcc", ["qemu-aarch64-static"], None),
    ("aarch64", "clang --target=aarch64-linux-gnu", "clang++ --target=aarch64-linux-gnu", "aarch64-linux-gnu-gcc", ["qemu-aarch64-static"], None),
    ("arm-hard", "arm-linux-gnueabihf-gcc", None, "arm-linux-gnueabihf-gcc", ["qemu-arm-static"], ARM_HARD),
    ("arm-hard", "clang --target=arm-linux-gnueabihf", "clang++ --target=arm-linux-gnueabihf", "arm-linux-gnueabihf-gcc", ["qemu-arm-static"], ARM_HARD),
    ("s390x", "s390x-linux-gnu-gcc", None, "s390x-linux-gnu-gcc", ["qemu-s390x-static"], None),
    ("s390x", "clang --target=s390x-linux-gnu", "clang++ --target=s390x-linux-gnu", "s390x-linux-gnu-gcc", ["qemu-s390x-static"], None),
]


class Passing:
    """One line of the tool, half of it: argument or result."""

    def __init__(self, text):
        how, classes, size, align, extension = text.split(" ")
        self.how = how
        self.classes = classes.split(",") if classes else []
        self.size, self.align, self.extension = int(size), int(align), extension

    def key(self):
        return self.how, tuple(self.classes), self.size, self.align, self.extension

    def __str__(self):
        return f"{self.how} {','.join(self.classes)} size {self.size} align {self.align} {self.extension}"


def ours_of(dump, path, flags):
    """{name of the type: (argument, result)}"""
    output = subprocess.run([dump, *(["--flags", flags] if flags else []), path], capture_output=True, text=True,
                            check=True).stdout
    found = {}
    for line in output.splitlines():
        name, argument, result = line.split("\t")
        found[name[:-1]] = Passing(argument), Passing(result)
    return found


def compile_with(command, language, text, output, *options):
    subprocess.run([*command, "-x", language, "-w", "-ffreestanding", *options, "-o", output, "-"], input=text,
                   text=True, check=True)


class Count:
    def __init__(self):
        self.passed = self.failed = self.unknown = 0
        self.explained = collections.Counter()
        self.shown = 0

    def wrong(self, text):
        self.failed += 1
        self.shown += 1
        if self.shown <= 12:
            print(f"    {text}")


# Where clang passes otherwise than gcc, which is followed: (machine, is C++ or None, traits, why).
CLANG = [
    (("x86-64",), None, {"flexible"}, "clang has structs with a flexible array in memory"),
    (("x86-64",), None, {"__float128"}, "clang 14 has __float128 that is inside of something in memory"),
    *((("x86-64",), None, {"union", vector}, "clang takes a union of 32 bytes with a vector for one vector")
      for vector in ("v16", "v16f", "v32")),
    (("s390x",), None, {"flexible"}, "clang has structs with a flexible array behind a pointer"),
    (("ppc64le",), False, {"empty"}, "clang has empty structs in no bytes of memory"),
    (("riscv64",), True, {"base"}, "clang 14 loses a float of a base when it looks for two floats"),
    (("x86-64",), None, {"__int128"}, "clang 14 has half of a number in the last register, half in memory"),
    (("arm-hard", "arm-soft"), True, {"base"}, "clang leaves out what bases ask for"),
    *((("ppc64le",), True, {kind, own}, "clang 14 passes a class with one float in its register, whatever copies it")
      for kind in ("float", "double", "v16") for own in ("dtor", "copy", "late", "move", "deleted", "virtual")),
    (("i386", "aarch64", "arm-hard", "arm-soft", "riscv64"), True, {"empty"}, "clang passes nothing for a class without data"),
]


# What debug information does not tell of either compiler.
HIDDEN = [
    (tuple(target[0] for target in TARGETS), None, {"packed"}, "that a struct is packed shows only where a member or the end stands at an odd place"),
]


def unseen(machine, kind, a, b):
    """Why a difference that is there does not show when values are passed; None: it should."""
    if a.how == b.how and a.classes == b.classes and a.align == b.align:
        return "what extends an integer shows in code that relies on it only"
    if a.how == b.how and (a.how == "reference" or kind == "result") and a.classes == b.classes:
        return "alignment behind a pointer shows in code that relies on it only"
    if kind == "result" and machine == "arm-hard" and {str(a.classes), str(b.classes)} <= {
            "['f8']", "['f4', 'f4']", "['f8', 'f8']", "['f4', 'f4', 'f4', 'f4']"}:
        return "two small registers of arm are one of twice the size"
    if len(a.classes) == len(b.classes) and any("-" in pair and len(set(pair)) == 2 for pair in zip(a.classes, b.classes)):
        return "padding in one of them"
    return None


def explained(table, machine, is_cxx, traits):
    for machines, cxx, some, why in table:
        if machine in machines and cxx in (None, is_cxx) and some <= traits:
            return why
    return None


def check_compilers(dump, path, source, language, ours, types, totals):
    """gcc does not say which classes are passed by value: what they declare does."""
    compile_with(["g++" if language == "c++" else "gcc", "-mavx"], language, source, path + ".gcc.o", "-c", "-g", "-Wno-psabi")
    for name, both in ours_of(dump, path + ".gcc.o", None).items():
        t = next(t for t in types.types if t.name == name)
        for mine, other in zip(both, ours[name]):
            # A class with virtual functions is described where its table is only.
            if mine.how == "unknown" and "virtual" in t.traits:
                totals.unknown += 1
            elif mine.key() == other.key():
                totals.passed += 1
            elif mine.size != other.size and (mine.how, mine.classes) == (other.how, other.classes):
                totals.explained["gcc and clang do not lay it out alike (packed, behind a base)"] += 1
            else:
                totals.wrong(f"{language} {name}: {mine} by what gcc tells, {other} by clang; {t.text} {sorted(t.traits)}")


def check_lowered(dump, folder, seed, count, target, is_cxx, totals):
    machine, options, flags = target
    types = Types(seed, count, machine, is_cxx, runs=False)
    c = 'extern "C" ' if is_cxx else ""
    functions = "".join(f"{c}void a_{t.name}({t.name} x) {{ }}\n{c}{t.name} r_{t.name}(void) {{ for (;;); }}\n"
                        for t in types.types)
    source = types.text() + types.probe() + functions
    command = ["clang++" if is_cxx else "clang", *options]
    language = "c++" if is_cxx else "c"
    path = os.path.join(folder, "lowered")
    compile_with(command, language, source, path + ".o", "-c", "-g", "-fstandalone-debug")
    compile_with(command, language, source, path + ".ll", "-S", "-emit-llvm", "-fno-exceptions")
    ours = ours_of(dump, path + ".o", flags)
    if machine == "x86-64":
        check_compilers(dump, path, source, language, ours, types, totals)
    with open(path + ".ll", encoding="utf-8") as file:
        lowered = LoweredModule(file.read(), machine)
    for t in types.types:
        for is_result, mine in enumerate(ours[t.name]):
            if mine.how == "unknown":
                totals.unknown += 1
                continue
            theirs = lowered.result(t.name) if is_result else lowered.argument(t.name)
            difference = theirs.difference(mine)
            why = difference and explained(CLANG, machine, is_cxx, t.traits)
            if difference and not why and not theirs.difference(mine, with_align=False):
                why = explained(HIDDEN, machine, is_cxx, t.traits)
            if not difference:
                totals.passed += 1
            elif why:
                totals.explained[why] += 1
            else:
                totals.wrong(f"{machine} {language} {t.name} {'result' if is_result else 'argument'}: ours {mine}, "
                             f"clang {theirs}; {t.text} {sorted(t.traits)}")


def check_run(dump, folder, seed, count, run, is_cxx, totals):
    machine, c, cxx, linker, runner, flags = run
    compiler = (cxx if is_cxx else c).split(" ")
    types = Types(seed, count, machine, is_cxx, runs=True)
    usable = [t for t in types.types if t.can_copy]
    path = os.path.join(folder, "run")
    language = "c++" if is_cxx else "c"
    more = ["-fno-rtti", "-fno-exceptions", "-fno-threadsafe-statics"] if is_cxx else []
    if "clang" in compiler[0]:
        more.append("-fstandalone-debug")
    compile_with(compiler, language, types.text() + types.probe() + program(usable, is_cxx), path + ".o", "-c", "-g",
                 "-O1", "-fno-strict-aliasing", "-fno-stack-protector", "-Wno-psabi", "-Wno-packed-bitfield-compat", *more)
    subprocess.run([linker, "-static", "-o", path, path + ".o"], check=True)
    ours = ours_of(dump, path + ".o", flags)
    output = subprocess.run([*runner, path], capture_output=True, text=True, check=True).stdout
    lines = [line.split(" ") for line in output.splitlines()]
    lost = {(kind, first) for kind, first, second, outcome in lines if first == second and outcome == "other"}
    for kind, first, second, outcome in lines:
        a, b = usable[int(first)], usable[int(second)]
        mine = ours[a.name][kind == "result"], ours[b.name][kind == "result"]
        if "unknown" in (mine[0].how, mine[1].how):
            totals.unknown += 1
            continue
        equal = mine[0].key() == mine[1].key()
        if equal == (outcome == "same"):
            totals.passed += 1
            continue
        why = None if equal else unseen(machine, kind, *mine)
        if not why and "clang" in compiler[0]:
            why = explained(CLANG, machine, is_cxx, a.traits | b.traits)
        if lost & {(kind, first), (kind, second)} and "clang" in compiler[0] and "union" in a.traits | b.traits:
            why = why or "clang 14 does not bring all of a union to itself (a double beside a struct with a float)"
        if not equal and not (a.leaves and b.leaves):
            why = "there is nothing in it"
        if mine[0].classes == mine[1].classes and mine[0].how == mine[1].how:
            why = why or explained(HIDDEN, machine, is_cxx, a.traits | b.traits)
        if why:
            totals.explained[why] += 1
            continue
        totals.wrong(f"{machine} {compiler[0]} {language} {kind}: {a.name} and {b.name} are {outcome}, ours {mine[0]} "
                     f"and {mine[1]}; {a.text} | {b.text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True)
    parser.add_argument("--count", type=int, default=120, metavar="N", help="types in each program")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="programs of each kind")
    parser.add_argument("--only", metavar="MACHINE")
    parser.add_argument("--quick", action="store_true", help="run what gcc builds of C only")
    parser.add_argument("--kind", choices=["lowered", "run"])
    parser.add_argument("--time", type=float, metavar="SECONDS")
    arguments = parser.parse_args()
    passed = failed = 0
    start = time.monotonic()
    jobs = [(check_lowered, target, is_cxx) for target in TARGETS for is_cxx in (False, True)]
    runs = [run for run in RUNS if "gcc" in run[1]] if arguments.quick else RUNS
    jobs += [(check_run, run, is_cxx) for run in runs for is_cxx in (False, True)
             if not is_cxx or (run[2] and not arguments.quick)]
    with tempfile.TemporaryDirectory() as folder:
        for check, target, is_cxx in jobs:
            if (arguments.only and target[0] != arguments.only) or \
                    (arguments.kind and check.__name__ != "check_" + arguments.kind):
                continue
            totals = Count()
            for seed in range(arguments.rounds):
                if late(start, arguments.time):
                    print("no time left")
                    break
                check(arguments.dump, folder, seed, arguments.count, target, is_cxx, totals)
            how = "clang's code" if check is check_lowered else "run, " + target[1].split(" ")[0]
            print(f"{target[0]} {'C++' if is_cxx else 'C'}, {how}: {totals.passed} alike, {totals.failed} wrong, "
                  f"{totals.unknown} not known")
            for why, number in sorted(totals.explained.items()):
                print(f"    {number} × {why}")
            passed += totals.passed
            failed += totals.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
