#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the names of tests that are found by their place: unit, cases, oracle, fuzz or all."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
KINDS = {
    "unit": (TESTS / "unit", "test-*.c", lambda path: path.stem),
    "cases": (TESTS / "cases", "*/*/case.toml",
              lambda path: path.parent.relative_to(TESTS / "cases").as_posix()),
    "oracle": (TESTS / "oracle", "oracle-*.py", lambda path: path.stem),
    "fuzz": (TESTS.parent / "fuzz", "fuzz-*.c", lambda path: path.stem),
}


def names(kind):
    folder, pattern, name = KINDS[kind]
    return sorted(name(path) for path in folder.glob(pattern))


wanted = sys.argv[1]
for kind in KINDS if wanted == "all" else [wanted]:
    for name in names(kind):
        print(name)
