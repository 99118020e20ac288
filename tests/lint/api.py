#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The public header stands alone, and header, map and exported symbols are the same list."""

import re
import subprocess
import sys
from pathlib import Path

from lint import Lint, text_of

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]
COMPILERS = [
    ["gcc", "-std=c99", "-x", "c"],
    ["clang", "-std=c99", "-x", "c"],
    ["g++", "-std=c++11", "-x", "c++"],
    ["clang++", "-std=c++11", "-x", "c++"],
]
DECLARATION = re.compile(r"\bABIFIT_API\b([^;]*?)\b(abifit_\w+)\s*\(", re.S)
NODE = re.compile(r"(\w[\w.]*)\s*\{([^}]*)\}\s*([\w.]*)\s*;")


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


def check_alone(lint, header):
    source = f'#include "{header}"\n#include "{header}"\n'
    for compiler in COMPILERS:
        try:
            result = subprocess.run([*compiler, *STRICT, "-I", lint.root / "include", "-"],
                                    input=source, capture_output=True, text=True)
        except FileNotFoundError:
            lint.complain(header, f"{compiler[0]} is missing")
            continue
        if result.returncode:
            lint.complain(header, f"does not compile alone with {compiler[0]} {compiler[1]}:\n"
                          + result.stderr)


def declared(header):
    text = re.sub(r"^[ \t]*#[^\n]*", "", without_comments(text_of(header)), flags=re.M)
    return [match[2] for match in DECLARATION.finditer(text)]


def mapped(lint, path):
    """{symbol: node} of the map file."""
    symbols = {}
    for node, body, _ in NODE.findall(without_comments(text_of(path))):
        scope = "global"
        for token in re.findall(r"[^\s;:]+\s*:|[^\s;:]+\s*;", body):
            name = token[:-1].strip()
            if token.endswith(":"):
                scope = name
            elif scope == "global":
                if "*" in name:
                    lint.complain(path, f"{node}: a pattern, {name}, is exported")
                symbols[name] = node
    return symbols


def exported(library):
    """{symbol: node} of the built library."""
    listing = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library],
                             check=True, capture_output=True, text=True).stdout
    symbols = {}
    for line in listing.splitlines():
        kind, name = line.split()[-2:]
        symbol, _, node = name.partition("@@")
        if kind != "A":  # the nodes themselves
            symbols[symbol] = node
    return symbols


def compare(lint, place, what, left, right):
    for name in sorted(set(left) - set(right)):
        lint.complain(place, f"{name} {what}")


def main():
    lint = Lint(__doc__)
    lint.parser.add_argument("--library", type=Path, required=True, help="the built libabifit.so")
    args = lint.parse()
    header_names = []
    for header in lint.files("include"):
        check_alone(lint, header)
        header_names += declared(header)
    path = lint.root / "src/lib/libabifit.map"
    map_names = mapped(lint, path)
    library_names = exported(args.library)
    compare(lint, "include", "is not in libabifit.map", header_names, map_names)
    compare(lint, path, "is not declared with ABIFIT_API", map_names, header_names)
    compare(lint, path, "is not exported by the library", map_names, library_names)
    compare(lint, "library", "is exported, but not in libabifit.map", library_names, map_names)
    for name, node in map_names.items():
        if library_names.get(name, node) != node:
            lint.complain("library", f"{name} has the node {library_names[name]}, not {node}")
    return lint.done(len(header_names))


sys.exit(main())
