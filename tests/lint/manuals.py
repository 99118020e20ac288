#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each command has a manual that names all its options, and a case folder."""

import re
import sys

from lint import Lint, ask, text_of

EVERYWHERE = {"--help", "-h"}  # told once, in abifit(1)


def names_option(text, option):
    return re.search(r"(?<![\w-])" + re.escape(option) + r"(?![\w-])", text)


def main():
    lint = Lint(__doc__)
    lint.parser.add_argument("--abifit", required=True)
    args = lint.parse()
    commands = ask(args.abifit, "--list-commands").split()
    if not (lint.root / "man/abifit.1.scd").is_file():
        lint.complain("man/abifit.1.scd", "does not exist")
    for command in commands:
        manual = lint.root / f"man/abifit-{command}.1.scd"
        cases = lint.root / "tests/cases/cmd" / command
        if not (cases / "case.toml").is_file():
            lint.complain(command, f"no case {cases.relative_to(lint.root)}/case.toml")
        if not manual.is_file():
            lint.complain(command, f"no manual {manual.relative_to(lint.root)}")
            continue
        text = text_of(manual).replace("\\", "")
        options = set(ask(args.abifit, command, "--list-options").split()) - EVERYWHERE
        for option in sorted(options):
            if not names_option(text, option):
                lint.complain(manual, f"does not name {option}")
    known = {f"abifit-{command}.1.scd" for command in commands}
    for manual in lint.files("man"):
        if manual.match("abifit-*.1.scd") and manual.name not in known:
            lint.complain(manual, "describes no command of the program")
    return lint.done(len(commands))


sys.exit(main())
