#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No file names a place outside the project, and no source holds an open end."""

import re
import sys

from lint import Lint, text_of

# Spelt so that this file does not find itself.
PLACES = re.compile(r"/wor[k]/|\.\./share[d]\b|\.librar[y]/")
OPEN_ENDS = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")


def main():
    lint = Lint(__doc__)
    lint.parse()
    seen = 0
    for path in lint.files("."):
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        seen += 1
        parts = path.relative_to(lint.root).parts
        for number, line in enumerate(text_of(path).splitlines(), 1):
            found = PLACES.search(line)
            if not found and parts[0] in {"src", "include"}:
                found = OPEN_ENDS.search(line)
            if found:
                lint.complain(f"{path.relative_to(lint.root)}:{number}", f"'{found[0]}'")
    return lint.done(seen)


sys.exit(main())
