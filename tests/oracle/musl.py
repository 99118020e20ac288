#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Abifit against musl's loader: `ld-musl --list` over fixtures built by musl-gcc.

The loader lists what it maps and prints every symbol that it does not find; it starts
nothing. Compared are the list in its order, what is missing, and the symbols.

    musl.py --abifit PROGRAM
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOADER = "/lib/ld-musl-x86_64.so.1"


class Fixture:
    """One folder with a program `prog`, and what both say about it."""

    def __init__(self, place, name):
        self.place = Path(place) / name
        self.place.mkdir()
        self.options = []
        self.environment = {}

    def write(self, name, text):
        (self.place / name).write_text(text)
        return self

    def library(self, output, text, *flags):
        self.write("part.c", text)
        self.gcc("-shared", "-fPIC", "-o", output, "part.c", *flags)
        return self

    def program(self, text, *flags):
        self.write("main.c", text)
        self.gcc("-o", "prog", "main.c", *flags)
        return self

    def gcc(self, *arguments):
        (self.place / os.path.dirname(arguments[arguments.index("-o") + 1])).mkdir(
            parents=True, exist_ok=True)
        subprocess.run(["musl-gcc", *arguments], cwd=self.place, check=True,
                       capture_output=True, text=True)

    def remove(self, name):
        (self.place / name).unlink()
        return self

    def path(self, text):
        """LD_LIBRARY_PATH, for both."""
        self.environment["LD_LIBRARY_PATH"] = text
        self.options += ["--library-path", text]
        return self

    def preload(self, text):
        self.environment["LD_PRELOAD"] = text
        self.options += ["--preload", text]
        return self

    def loader(self):
        program = str(self.place / "prog")
        done = subprocess.run([LOADER, "--list", program], cwd="/", env=self.environment,
                              capture_output=True, text=True, timeout=20)
        listed = [path for _, path in re.findall(r"^\t(\S+) => (\S+) \(", done.stdout, re.M)]
        missing = set(re.findall(r"^Error loading shared library (\S+): ", done.stderr, re.M))
        symbols = set(re.findall(r"^Error relocating \S+: (\S+): symbol not found", done.stderr, re.M))
        real = [os.path.normpath(path) for path in listed if path != LOADER]
        return real, missing, symbols

    def forecast(self, abifit):
        program = str(self.place / "prog")
        done = subprocess.run([abifit, "check", "--bindings", "--format", "json", *self.options, program],
                              cwd="/", capture_output=True, text=True, timeout=20)
        report = json.loads(done.stdout)
        libraries = report["libraries"][0]["libraries"]
        listed = [os.path.normpath(entry["path"]) for entry in libraries
                  if entry["path"] and entry["rule"] != "interpreter"]
        missing = {entry["name"] for entry in libraries if not entry["path"]}
        symbols = {binding["symbol"] for part in report["bindings"] for binding in part["bindings"]
                   if binding["to"] is None and binding["kind"] != "weak"}
        return listed, missing, symbols, report["verdict"]["binary"], done.returncode


CALLS = "int f(void); int main(void) { return f(); }\n"
DEFINES = "int f(void) { return 0; }\n"
FORWARDS = "int g(void); int f(void) { return g(); }\n"


def fixtures(place):
    def new(name):
        return Fixture(place, name)

    yield new("plain").program("int main(void) { return 0; }\n")
    yield (new("runpath").library("lib/libf.so", DEFINES)
           .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib"))
    yield (new("missing").library("lib/libf.so", DEFINES)
           .program(CALLS, "-Llib", "-lf").remove("lib/libf.so"))
    yield (new("symbol-missing").library("lib/libf.so", DEFINES)
           .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib")
           .library("lib/libf.so", "int other(void) { return 0; }\n"))
    yield (new("inherited").library("lib/libg.so", "int g(void) { return 0; }\n")
           .library("lib/libf.so", FORWARDS, "-Llib", "-lg")
           .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib", "-Wl,-rpath-link,lib"))
    yield (new("token").library("lib/libf.so", DEFINES)
           .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib:$LIB"))
    both = (new("library-path-first").library("a/libf.so", DEFINES).library("b/libf.so", DEFINES)
            .program(CALLS, "-La", "-lf", "-Wl,-rpath,$ORIGIN/a"))
    yield both.path(str(both.place / "b"))
    soname = (new("soname-ignored").library("lib/libf.so", DEFINES, "-Wl,-soname,libother.so")
              .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib"))
    yield soname
    twice = (new("same-file-twice").library("lib/libf.so", DEFINES)
             .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib"))
    os.symlink("libf.so", twice.place / "lib" / "libalso.so")
    twice.gcc("-shared", "-fPIC", "-o", "lib/libuser.so", "part.c", "-Llib", "-lalso", "-Wl,--no-as-needed")
    yield twice
    weak = new("weak").program("int f(void) __attribute__((weak)); int main(void) { return f ? f() : 0; }\n")
    yield weak
    first = (new("preload").library("pre/libp.so", DEFINES).library("lib/libf.so", DEFINES)
             .program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib"))
    yield first.preload(str(first.place / "pre" / "libp.so"))
    yield (new("data").library("lib/libf.so", "int d[4] = { 1 };\n")
           .program("extern int d[4]; int main(void) { return d[1]; }\n", "-Llib", "-lf",
                    "-Wl,-rpath,$ORIGIN/lib"))
    versions = new("version-hidden").write("map", "V1 { global: f; local: *; };\nV2 { global: f; } V1;\n")
    versions.library("lib/libf.so",
                     "int f1(void) { return 0; }\nint f2(void) { return 0; }\n"
                     "__asm__(\".symver f1,f@V1\");\n__asm__(\".symver f2,f@@V2\");\n",
                     "-Wl,--version-script,map")
    yield versions.program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib")
    only = new("version-only-hidden").write("map", "V1 { global: f; local: *; };\n")
    only.library("lib/libf.so", DEFINES, "-Wl,--version-script,map")
    only.program(CALLS, "-Llib", "-lf", "-Wl,-rpath,$ORIGIN/lib")
    only.library("lib/libf.so", "int f1(void) { return 0; }\n__asm__(\".symver f1,f@V1\");\n",
                 "-Wl,--version-script,map")
    yield only


def compare(fixture, abifit):
    wanted = fixture.loader()
    got = fixture.forecast(abifit)
    problems = [f"{what}: the loader has {a}, Abifit {b}"
                for what, a, b in zip(("list", "missing", "symbols"), wanted, got) if a != b]
    fails = bool(wanted[1] or wanted[2])
    if fails != (got[3] == "break") or fails != (got[4] == 1):
        problems.append(f"verdict: the loader {'refuses' if fails else 'takes'} it, "
                        f"Abifit says {got[3]}, status {got[4]}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    options = parser.parse_args()
    if not os.path.exists(LOADER) or not shutil.which("musl-gcc"):
        print("musl.py: musl's loader or musl-gcc is missing", file=sys.stderr)
        return 1
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="abifit-musl-") as place:
        for fixture in fixtures(place):
            problems = compare(fixture, os.path.abspath(options.abifit))
            for problem in problems:
                print(f"{fixture.place.name}: {problem}")
            failed += bool(problems)
            passed += not problems
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
