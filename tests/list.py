#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the names of tests that are found by their place.

usage: list.py unit|unit-helpers|cases|fuzz|all
"""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def stems(folder, pattern):
    return [path.stem for path in folder.glob(pattern)]


def helpers():
    return [path.name for path in (TESTS / "unit").glob("*.c") if not path.match("test-*")]


def cases():
    start = TESTS / "cases"
    return [path.parent.relative_to(start).as_posix() for path in start.glob("*/*/case.toml")]


KINDS = {
    "unit": lambda: stems(TESTS / "unit", "test-*.c"),
    "unit-helpers": helpers,
    "cases": cases,
    "fuzz": lambda: stems(TESTS.parent / "fuzz", "fuzz-*.c"),
}
wanted = sys.argv[1]
for kind in KINDS if wanted == "all" else [wanted]:
    for name in sorted(KINDS[kind]()):
        print(name)
