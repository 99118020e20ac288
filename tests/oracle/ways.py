#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is a comparison of types the same however the libraries were built?

Pairs of releases in C and C++ that hold many differences, each built plainly by gcc and by
clang, and then in every form that their debug information can have. `abifit diff` must find
the same in each form, nothing between two forms of one source, and nothing between the two
compilers; the baseline of a form must be that of the plain build, and baselines compare as
libraries do. What a form cannot hold is named here, or by abifit as unchecked.

    ways.py --abifit PROGRAM [--count N] [--seed N] [--all] [--only WORD] [--keep DIR] [--time SECONDS]
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ways_pair  # noqa: E402
from compare import late  # noqa: E402

NAMES = {"c": {"gcc": "gcc", "clang": "clang"}, "cc": {"gcc": "g++", "clang": "clang++"}}
NAME = "libx.so.1"
LINK = ["-shared", "-Wl,-soname," + NAME, "-Wl,--build-id", "-nostdlib", "-Wl,--hash-style=gnu"]


def run(command, cwd, timeout=120):
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False,
                          errors="replace", stdin=subprocess.DEVNULL, timeout=timeout)
    if done.returncode:
        raise SystemExit(f"{cwd}: {' '.join(map(str, command))}: {done.stderr[:2000]}")
    return done.stdout


def build_id(path):
    return re.search(r"Build ID: ([0-9a-f]+)", run(["readelf", "-n", path], "/"))[1]


# What is done with the plain library of a folder, in which units.txt names its objects.
def compress(form):
    return lambda home: run(["objcopy", f"--compress-debug-sections={form}", NAME], home)


def by_build_id(home):
    number = build_id(home / NAME)
    debug = home / "debug" / ".build-id" / number[:2] / (number[2:] + ".debug")
    debug.parent.mkdir(parents=True)
    run(["objcopy", "--only-keep-debug", NAME, debug], home)
    run(["strip", "-s", NAME], home)


def by_link(home):
    run(["objcopy", "--only-keep-debug", NAME, NAME + ".debug"], home)
    run(["strip", "-s", NAME], home)
    run(["objcopy", f"--add-gnu-debuglink={NAME}.debug", NAME], home)


def by_eu_strip(home):
    run(["eu-strip", "-f", NAME + ".debug", NAME], home)


def dwz(home):
    run(["dwz", NAME], home)


def dwz_multi(*options):
    def work(home):
        shutil.copy(home / NAME, home / "second")
        run(["dwz", *options, "-m", "common.debug", "-M", "common.debug", NAME, "second"], home)
        if not (home / "common.debug").exists():
            raise SystemExit(f"{home}: dwz made no alternate file")
    return work


def dwz_apart(home):
    """As Debian's debug packages are: a debug file by build id, and an alternate file of it."""
    dwz_multi()(home)
    by_build_id(home)
    number = build_id(home / "common.debug")
    place = home / "debug" / ".build-id" / number[:2] / (number[2:] + ".debug")
    place.parent.mkdir(parents=True, exist_ok=True)
    (home / "common.debug").rename(place)


def package(tool):
    def work(home):
        parts = sorted(home.glob("*.dwo"))
        run([tool, "-o", NAME + ".dwp", *parts], home)
        for part in parts:
            part.unlink()
    return work


def hidden_symbols(home):
    run(["strip", "-g", "-o", "x", NAME], home)
    run(["objcopy", "--only-keep-debug", NAME, NAME + ".debug"], home)
    run(["strip", "-s", NAME], home)
    run(["objcopy", "--strip-all", "--keep-section=.debug_*", NAME + ".debug"], home)
    run(["objcopy", f"--add-gnu-debuglink={NAME}.debug", NAME], home)


# What a form cannot hold, or tells in other words, as it stands in a baseline.
LESS = {
    5: [(r"atomic ", ""), (r"^dwarf 4$", "")],
    4: [(r"&(?=&)", ""), (r" scoped", ""), (r"^dwarf 3$", ""), (r"^(enum .*?): .*", r"\1"), (r"^scalar .*", "")],
    3: [(r"restrict ", ""), (r" (public|private)\b", ""), (r"^dwarf 2$", "")],
}
# Declarations beside type units have no parameters: names and const come from the definition.
DEFINED = [(r"(?<=implicit )(this|__in_chrg|__vtt_parm): const (?=[*i])", ""), (r"(?<=[( ])\w+: (?!.* : \()", "")]
# Optimised code has other symbols: what is inline is not made, or not weak.
CODE = [(r"^((function|variable) \S+( \d+)?)( weak| open)+", r"\1"), (r"^import .*", ""), (r"^untyped (_edata|_end|__bss_start)$", ""), (r"^virtual .* (_ZT[hvc].*|.*D[012]Ev)$", ""),
        (r"^\tslot \? .*D4Ev$", ""),
        # Destructors that nobody wrote are told by their variants, with or without what the compiler hands to them.
        (r"^\tslot \S+ implicit name .*", ""), (r"^(function \S*D[012]Ev.* : implicit) \(.*", r"\1")]
CODE_RULES = {
    "abi/class-ctor-became-implicit", "abi/class-ctor-variant-lost", "abi/flag-compiler-abi-version",
    "abi/func-overload-removed", "abi/import-added", "abi/leak-runtime-symbol", "abi/sym-added",
    "abi/sym-binding-weak-changed", "abi/sym-function-removed", "abi/symbolic-functions-bound",
    "abi/tmpl-instantiation-removed", "abi/vis-exported-to-hidden",
}


class Way:
    def __init__(self, name, options=(), after=None, link=(), small=False, code=False):
        self.name, self.options, self.after, self.link = name, list(options), after, list(link)
        self.small, self.code = small, code
        self.version = next((int(word[7:]) for word in options if re.fullmatch("-gdwarf-[2-5]", word)), 5)

    def comparable(self, lines):
        """Lines of a baseline without what this form cannot hold."""
        patterns = [pattern for version in LESS if self.version < version for pattern in LESS[version]]
        patterns += DEFINED if "-fdebug-types-section" in self.options else []
        patterns += CODE if self.code else []
        found = []
        for line in lines:
            for pattern, put in patterns:
                line = re.sub(pattern, put, line)
            found.append(line)
        return sorted(line for line in found if line)


def ways_of(compiler, language):
    """All forms of the libraries of a compiler; `small`: in the quick run."""
    gcc = compiler == "gcc"
    yield Way("DWARF 2", ["-gdwarf-2"], small=True)
    yield Way("DWARF 3", ["-gdwarf-3"])
    yield Way("DWARF 4", ["-gdwarf-4"], small=True)
    yield Way("64 bits", ["-gdwarf-5", "-gdwarf64"], small=True)
    if gcc:
        yield Way("64 bits of DWARF 4", ["-gdwarf-4", "-gdwarf64"])
    yield Way("type units", ["-gdwarf-5", "-fdebug-types-section"], small=True)
    yield Way("type units of DWARF 4", ["-gdwarf-4", "-fdebug-types-section"], small=not gcc)
    for form in "zlib", "zlib-gnu", "zstd":
        yield Way(form, after=compress(form), small=form == "zstd")
    yield Way("optimised", ["-O2"], small=True, code=True)
    yield Way("small code", ["-Os", "-ffunction-sections", "-fdata-sections"], link=["-Wl,--gc-sections"], code=True)
    yield Way("by build id", after=by_build_id, small=True)
    yield Way("by debuglink", after=by_link, link=["-Wl,--build-id=none"], small=gcc)
    yield Way("by eu-strip", after=by_eu_strip)
    yield Way("no table of symbols", after=hidden_symbols)
    yield Way("macros", ["-g3"])
    yield Way("all types", ["-fno-eliminate-unused-debug-types"])
    for linker in "gold", "lld":
        yield Way(linker, link=[f"-fuse-ld={linker}"], code=True)
    yield Way("LTO", ["-O1", "-flto"], link=["-O1", "-flto", *([] if gcc else ["-fuse-ld=lld"])], small=True, code=True)
    for version, tools in ("4", ["dwp", "llvm-dwp"]), ("5", [] if gcc else ["llvm-dwp"]):
        yield Way(f"split DWARF {version}", [f"-gdwarf-{version}", "-gsplit-dwarf"], small=version == "5")
        # Binutils' dwp knows no DWARF 5, and the one of LLVM 14 comes to no end with gcc's.
        for tool in tools:
            yield Way(f"{tool} of DWARF {version}", [f"-gdwarf-{version}", "-gsplit-dwarf"], package(tool), small=tool == "llvm-dwp")
        yield Way(f"split type units of DWARF {version}", [f"-gdwarf-{version}", "-gsplit-dwarf", "-fdebug-types-section"])
    # dwz knows no .debug_addr.
    for version in ("4", "5") if gcc else "4":
        few = version == "4"
        yield Way(f"dwz of DWARF {version}", [f"-gdwarf-{version}"], dwz, small=few)
        yield Way(f"dwz -m of DWARF {version}", [f"-gdwarf-{version}"], dwz_multi(), small=not few)
        yield Way(f"dwz -m apart of DWARF {version}", [f"-gdwarf-{version}"], dwz_apart)
    yield Way("dwz of type units", ["-gdwarf-4", "-fdebug-types-section"], dwz)
    if gcc:
        yield Way("supplementary file", ["-gdwarf-5"], dwz_multi("--dwarf-5"), small=True)
        yield Way("strict DWARF 5", ["-gdwarf-5", "-gstrict-dwarf"])
        yield Way("LTO of one part", ["-O1", "-flto", "-flto-partition=none"], link=["-O1", "-flto", "-flto-partition=none"], code=True)
        yield Way("LTO in parts", ["-O1", "-flto"], link=["-O1", "-flto", "-flto-partition=max"], code=True)
        if language == "cc":
            yield Way("no classes of others", ["-fno-eliminate-unused-debug-symbols", "-femit-class-debug-always"])
    else:
        yield Way("whole classes", ["-fstandalone-debug"])
        yield Way("split in one", ["-gsplit-dwarf=single"])
        yield Way("thin LTO", ["-O1", "-flto=thin"], link=["-O1", "-flto=thin", "-fuse-ld=lld"], code=True)
        if language == "cc":
            yield Way("simple names", ["-gsimple-template-names"], small=True)
            yield Way("simple names of type units", ["-gsimple-template-names", "-fdebug-types-section", "-gsplit-dwarf"])
            yield Way("for profiling", ["-fdebug-info-for-profiling"])


class Form:
    """Both releases of a pair, built in one way."""

    def __init__(self, place, way):
        self.way, self.place = way, place

    def library(self, side):
        return self.place / ("old", "new")[side] / NAME

    def options(self):
        return [word for side in (0, 1) for debug in [self.library(side).parent / "debug"] if debug.exists()
                for word in ("--debug-dir", debug)]


def findings_of(report, leave_out=()):
    return sorted((one["rule"], one["subject"], one["verdict"]["binary"], one["verdict"]["source"]) for one in report["findings"]
                  if one["rule"] not in leave_out)


def told_of(report):
    """What is unchecked; the options of the compiler are no part of a form, and clang and baselines do not have them."""
    return [f"{one['what']}: {one['why']}" for one in report["unchecked"] if not one["what"].startswith("the options that ")]


def symbols_of(lines):
    return {line.split(" ")[1] for line in lines if line.startswith("function ")}


class Build:
    """A pair by one compiler in all ways."""

    def __init__(self, abifit, pair, compiler, folder, arguments):
        self.abifit, self.pair, self.compiler, self.folder, self.arguments = abifit, pair, compiler, folder, arguments
        self.count, self.wrong, self.asked = 0, [], {}

    def make(self, way):
        form = Form(self.folder / way.name.replace(" ", "-"), way)
        compiler = NAMES[self.pair.language][self.compiler]
        common = ["-g", "-w"] + (["-fno-sized-deallocation"] if self.pair.language == "cc" else [])
        for side, units in enumerate(self.pair.sides):
            home = form.library(side).parent
            plain = self.folder / "plain" / home.name
            if not way.options and not way.link and way.name != "plain":
                shutil.copytree(plain, home)
            else:
                home.mkdir(parents=True)
                objects = []
                for number, unit in enumerate(units):
                    source = home / f"unit{number}.{self.pair.language}"
                    source.write_text(unit, encoding="ascii")
                    objects.append(f"unit{number}.o")
                    run([compiler, *common, "-fPIC", "-O0", *way.options, "-c", source.name, "-o", objects[-1]], home)
                run([compiler, *common, *(word for word in way.options if word.startswith("-g")), *LINK, *way.link, "-o", NAME,
                     *objects], home)
            if way.after:
                way.after(home)
        return form

    def ask(self, old, new, options=()):
        done = subprocess.run([self.abifit, "diff", "--format", "json", "--verbose", *map(str, options), str(old), str(new)],
                              capture_output=True, text=True, check=False, timeout=120)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"findings": [{"rule": f"status {done.returncode}", "subject": done.stderr[:300], "verdict": {"binary": "", "source": ""}}],
                    "unchecked": []}

    def fault(self, way, text):
        self.wrong.append(f"{self.pair.name[:60]}, {self.compiler}, {way}: {text}")

    def expect(self, way, what, report, wanted, leave_out=(), old_form=False):
        self.count += 1
        found = findings_of(report, leave_out)
        wanted = [one for one in wanted if one[0] not in leave_out]
        told = told_of(report)
        if old_form:
            told = [one for one in told if "cannot tell them" not in one]
        if found == wanted and not told:
            return
        lost, more = [one for one in wanted if one not in found], [one for one in found if one not in wanted]
        self.fault(way, f"{what}: lost {lost[:4]}, more {more[:4]}, unchecked {told[:3]}")

    def dump(self, form, side):
        out = form.place / f"{side}.abi"
        command = [self.abifit, "dump", "-o", out, *form.options(), form.library(side)]
        subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=120)
        return out

    def check_dumps(self, form, plain, wanted):
        outs = [self.dump(form, side) for side in (0, 1)]
        for side, out in enumerate(outs):
            self.count += 1
            mine, theirs = (form.way.comparable((one.place / f"{side}.abi").read_text().splitlines()) for one in (form, plain))
            if form.way.code:
                both = symbols_of(mine) & symbols_of(theirs)
                mine, theirs = ([one for one in lines if not one.startswith("function ") or one.split(" ")[1] in both]
                                for lines in (mine, theirs))
            if mine != theirs:
                lost, more = [one for one in theirs if one not in mine], [one for one in mine if one not in theirs]
                self.fault(form.way.name, f"baseline {side}: lost {lost[:4]}, more {more[:4]}")
        self.expect(form.way.name, "from baselines", self.ask(*outs), wanted, CODE_RULES if form.way.code else ())

    def check(self, names=None):
        plain = self.make(Way("plain"))
        self.plain = plain
        report = self.ask(plain.library(0), plain.library(1))
        self.wanted = findings_of(report)
        self.count += 1
        if not self.wanted or told_of(report):
            self.fault("plain", f"only {self.wanted}, {told_of(report)}")
        self.check_dumps(plain, plain, self.wanted)
        for way in ways_of(self.compiler, self.pair.language):
            if (self.arguments.all or way.small) and (not self.arguments.only or self.arguments.only in way.name):
                self.check_way(way)

    def check_way(self, way):
        form = self.make(way)
        rules, old_form = CODE_RULES if way.code else (), way.version < 5
        self.expect(way.name, "both", self.ask(form.library(0), form.library(1), form.options()), self.wanted, rules)
        self.expect(way.name, "beside the plain one", self.ask(self.plain.library(0), form.library(0), form.options()), [],
                    rules, old_form)
        self.expect(way.name, "before the plain one", self.ask(form.library(1), self.plain.library(1), form.options()), [],
                    rules, old_form)
        self.check_dumps(form, self.plain, self.wanted)
        if not self.arguments.keep:
            shutil.rmtree(form.place)


def beside(report):
    """Without what the compilers make differently: symbols of inline functions, covariant thunks, names of operators they call."""
    report["findings"] = [one for one in report["findings"] if one["rule"] not in CODE_RULES or (
        one["verdict"]["binary"] != "ok" and one["rule"] != "abi/import-added" and "_ZTc" not in one["subject"])]
    if all(one["verdict"]["binary"] != "break" or one["rule"] == "abi/soname-kept-on-break" for one in report["findings"]):
        report["findings"] = [one for one in report["findings"] if one["rule"] != "abi/soname-kept-on-break"]
    return report


def check_pair(abifit, pair, folder, arguments):
    builds = []
    for compiler in "gcc", "clang":
        build = Build(abifit, pair, compiler, folder / compiler, arguments)
        build.check()
        builds.append(build)
    gcc, clang = builds
    for side in (0, 1):
        for one, other in (gcc, clang), (clang, gcc):
            one.expect("plain", f"beside {other.compiler}, {('old', 'new')[side]}",
                       beside(one.ask(one.plain.library(side), other.plain.library(side))), [])
    gcc.expect("plain", "gcc's OLD, clang's NEW", beside(gcc.ask(gcc.plain.library(0), clang.plain.library(1))), gcc.wanted,
               CODE_RULES)
    if not arguments.keep:
        shutil.rmtree(folder)
    return builds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--all", action="store_true", help="all ways, and the pairs by hand also change by change")
    parser.add_argument("--count", type=int, default=0, metavar="N", help="made pairs of each language")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--only", metavar="WORD", help="ways whose names hold it")
    parser.add_argument("--pair", metavar="WORD", help="pairs whose names hold it")
    parser.add_argument("--keep", metavar="DIR", help="leave sources and files there")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    arguments = parser.parse_args()
    arguments.abifit = os.path.abspath(arguments.abifit)
    start = time.monotonic()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = Path(arguments.keep or scratch).resolve()
        pairs = ways_pair.pairs(arguments.count, arguments.seed, arguments.all)

        def work(number):
            if late(start, arguments.time):
                return []
            pair = pairs[number]()
            if arguments.pair and arguments.pair not in pair.name:
                return []
            return check_pair(arguments.abifit, pair, folder / str(number), arguments)
        for builds in pool.map(work, range(len(pairs))):
            for build in builds:
                passed += build.count - len(build.wrong)
                failed += len(build.wrong)
                for text in build.wrong:
                    print(text[:1200], flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
