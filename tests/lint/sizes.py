#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No source file has more than 800 lines. Pure tables are called …-table.c or .h."""

import sys

from lint import Lint, text_of

LINES = 800
SUFFIXES = {".c", ".h", ".py", ".sh"}


def main():
    lint = Lint(__doc__)
    lint.parse()
    seen = 0
    for path in lint.files("src", "include", "tests", "tools", "bench", "fuzz"):
        if path.suffix not in SUFFIXES or path.stem.endswith("-table"):
            continue
        seen += 1
        lines = text_of(path).count("\n")
        if lines > LINES:
            lint.complain(path, f"{lines} lines, more than {LINES}")
    return lint.done(seen)


sys.exit(main())
