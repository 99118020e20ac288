#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Suppression files given to abidiff and to Abifit: which changed symbols are left?

The libraries are built here with debug information, so that both see the same
symbols. Where abidiff passes over what it cannot read, and then suppresses more
than was meant, Abifit must refuse the section and cover nothing (`refused` below).
Prints differences, then `N passed, N failed`.

    abignore.py --abifit PROGRAM [--time SECONDS]
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

OLD = """
int foo(void) { return 1; } int foo_x(void) { return 3; } int bar(void) { return 2; }
int data = 1; int grown[2] = { 1 };
"""
NEW = """
int bar(void) { return 2; } int more(void) { return 3; } int grown[4] = { 1 }; int variable = 3;
"""
OLD_CXX = """
namespace ns {
struct S { int a; };
struct K { int m(int); static int v; };
int K::m(int) { return 1; }
int K::v = 1;
int func(S *) { return 1; }
int func(int) { return 2; }
int kept() { return 2; }
}
"""
NEW_CXX = "namespace ns { int kept() { return 2; } }\n"
MAP = "V_1 { global: foo; bar; data; grown; }; V_2 { global: foo_x; more; variable; } V_1;\n"

FUNCTION, VARIABLE, FILE = "[suppress_function]\n", "[suppress_variable]\n", "[suppress_file]\n"
SECTIONS = [
    FUNCTION + "name = foo",
    FUNCTION + "name = data",
    FUNCTION + "name = foo ; comment",
    FUNCTION + "name = foo # comment",
    FUNCTION + "name_regexp = fo",
    FUNCTION + "name_regexp = ^foo$",
    FUNCTION + "name_regexp = ^fo[o]$",
    FUNCTION + "name_regexp = ^(foo|more)$",
    FUNCTION + "name_regexp = ^(foo|x=y)$",
    FUNCTION + r"name_regexp = ^fo\{2\}$",
    FUNCTION + r"name_regexp = f\\.o",
    FUNCTION + r"name_regexp = f\.o",
    FUNCTION + r"name_regexp = f\\wo",
    FUNCTION + "name_regexp = foo\nname_not_regexp = _x",
    FUNCTION + "name_not_regexp = o",
    FUNCTION + "symbol_name = foo",
    FUNCTION + "symbol_name_regexp = o_",
    FUNCTION + "symbol_name_not_regexp = ^bar$",
    FUNCTION + "symbol_name = foo\nsymbol_version = V_1",
    FUNCTION + "symbol_version = V_2",
    FUNCTION + "symbol_version_regexp = ^V",
    FUNCTION + "symbol_version_regexp = ^$",
    FUNCTION + "name = foo\nchange_kind = deleted-function",
    FUNCTION + "name_regexp = .\nchange_kind = added-function",
    FUNCTION + "name_regexp = .\nchange_kind = function-subtype-change",
    FUNCTION + "name_regexp = .\nchange_kind = added-variable",
    FUNCTION + "name_regexp = .\nchange_kind = all",
    FUNCTION + "change_kind = all",
    FUNCTION + "drop = yes",
    FUNCTION + "name = foo\ndrop = yes",
    FUNCTION + "name = foo\nname = foo_x",
    FUNCTION + "unknown = 1",
    FUNCTION + "name = foo\nunknown = 1",
    FUNCTION + "label = all",
    FUNCTION + "soname_regexp = libfoo",
    FUNCTION + "soname_not_regexp = libfoo",
    FUNCTION + "soname_not_regexp = libbar",
    FUNCTION + "file_name_regexp = /old/",
    FUNCTION + "file_name_regexp = /new/lib",
    FUNCTION + "file_name_regexp = ^lib",
    FUNCTION,
    "[ suppress_function ]\nname = foo",
    "[other]\nname = foo\n" + FUNCTION + "name = foo_x",
    "; comment\n# comment\n" + FUNCTION + "name = foo",
    VARIABLE + "name = data",
    VARIABLE + "name = grown",
    VARIABLE + "symbol_name_regexp = a",
    VARIABLE + "name_regexp = .\nchange_kind = added-variable",
    VARIABLE + "name_regexp = .\nchange_kind = deleted-variable",
    VARIABLE + "name_regexp = .\nchange_kind = variable-subtype-change",
    VARIABLE + "name_regexp = .\nchange_kind = added-function",
    VARIABLE + "symbol_version = V_1",
    FUNCTION + "name = foo\n" + VARIABLE + "name = data",
    FILE + "file_name_regexp = /old/",
    FILE + "file_name_regexp = ^libfoo",
    FILE + "file_name_not_regexp = ^libbar",
    FILE + "file_name_not_regexp = ^libfoo",
    FILE + "soname_regexp = libfoo",
    FILE + "label = a file",
]
CXX_SECTIONS = [
    FUNCTION + "name = func",
    FUNCTION + "name = ns::func",
    FUNCTION + "name_regexp = ^ns::func$",
    FUNCTION + "name_regexp = K::m",
    FUNCTION + "name_regexp = ^ns::",
    FUNCTION + "symbol_name_regexp = ^_ZN2ns4func",
    FUNCTION + "symbol_name = _ZN2ns1K1mEi",
    VARIABLE + "name = ns::K::v",
    VARIABLE + "name_regexp = v$",
]
REFUSED = [
    FUNCTION + "name_regexp = (",
    FUNCTION + "name = foo, foo_x",
    FUNCTION + "name_regexp = {fo}",
    FUNCTION + "name_regexp = .*\nchange_kind = added-function, deleted-function",
    FUNCTION + "name =\nsymbol_name = foo",
    FUNCTION + "return_type_name = int",
    VARIABLE + "type_name = int",
]
CHANGE = re.compile(r"^  \[[ADC]\] '(?P<declared>[^']*)'(?:\s*\{(?P<symbol>[^},]*))?", re.M)
SYMBOL_RULES = "abi/sym-", "abi/object-size-"


def build(folder, name, source, compiler, *options):
    path = folder / name / "libfoo.so.1"
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([compiler, "-x", "c++" if compiler == "g++" else "c", "-", "-g", "-shared", "-fPIC",
                    "-Wl,-soname,libfoo.so.1", *options, "-o", path], input=source, text=True, check=True)
    return path


def left_by_abidiff(old, new, suppressions):
    """The symbols that abidiff reports, without their versions."""
    result = subprocess.run(["abidiff", "--no-default-suppression", "--suppressions", suppressions, old, new],
                            capture_output=True, text=True, check=False)
    found = set()
    for match in CHANGE.finditer(result.stdout):
        word = match["symbol"] or re.sub(r"\[\d*\]$", "", match["declared"].split()[-1])
        found.add(word.split("@")[0])
    return found


def left_by_abifit(abifit, old, new, suppressions):
    """The same, and the rules of what is said about the file."""
    result = subprocess.run([abifit, "diff", "--symbols-only", "--format", "json", "--waivers", suppressions, old, new],
                            capture_output=True, text=True, check=False)
    findings = json.loads(result.stdout)["findings"]
    return ({f["subject"].split("@")[0] for f in findings
             if f["rule"].startswith(SYMBOL_RULES) and not f["waived"]},
            {f["rule"] for f in findings if f["rule"].startswith("waiver/")})


class Oracle:
    def __init__(self, abifit, folder):
        self.abifit, self.path = abifit, folder / "suppressions"
        self.passed = self.failed = 0

    def count(self, good, text, *differences):
        self.passed += good
        self.failed += not good
        if not good:
            print("differs:", repr(text), *differences)

    def compare(self, old, new, text):
        self.path.write_text(text + "\n")
        theirs = left_by_abidiff(old, new, self.path)
        ours, _ = left_by_abifit(self.abifit, old, new, self.path)
        self.count(theirs == ours, text, "abidiff leaves", sorted(theirs), "abifit", sorted(ours))

    def refuse(self, old, new, text):
        self.path.write_text("")
        everything, _ = left_by_abifit(self.abifit, old, new, self.path)
        self.path.write_text(text + "\n")
        ours, rules = left_by_abifit(self.abifit, old, new, self.path)
        told = bool(rules & {"waiver/malformed", "waiver/not-applied"})
        self.count(ours == everything and told, text, "abifit leaves", sorted(ours), "and tells", sorted(rules))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=Path)
    parser.add_argument("--time", type=float, metavar="SECONDS", help="it takes a few seconds anyway")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        folder = Path(name)
        (folder / "map").write_text(MAP)
        script = f"-Wl,--version-script={folder / 'map'}"
        pairs = {
            "plain": (build(folder, "old", OLD, "gcc"), build(folder, "new", NEW, "gcc"), SECTIONS),
            "versions": (build(folder, "v/old", OLD, "gcc", script), build(folder, "v/new", NEW, "gcc", script),
                         SECTIONS),
            "c++": (build(folder, "x/old", OLD_CXX, "g++"), build(folder, "x/new", NEW_CXX, "g++"), CXX_SECTIONS),
        }
        oracle = Oracle(args.abifit.resolve(), folder)
        for old, new, sections in pairs.values():
            for text in ["", *sections]:
                oracle.compare(old, new, text)
        for text in REFUSED:
            oracle.refuse(*pairs["plain"][:2], text)
    print(f"{oracle.passed} passed, {oracle.failed} failed")
    return 1 if oracle.failed or not oracle.passed else 0


sys.exit(main())
