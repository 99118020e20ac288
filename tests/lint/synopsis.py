#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The usage that each command's --help prints is the SYNOPSIS of its manual, and fits the screen."""

import re
import sys

from lint import Lint, ask, text_of

WIDTH = 100


def synopses(manual):
    """The lines of the manual's SYNOPSIS without their markup."""
    part = re.search(r"^# SYNOPSIS\n+(.*?)^# ", manual, re.M | re.S)
    if not part:
        return []
    lines = (re.sub(r"\+\+$|\\(?=.)|[*_]", "", line) for line in part[1].splitlines())
    return [line.strip() for line in lines if line.strip()]


def usages(text):
    """The lines of the help's usage without what is said beside them."""
    part = re.match(r"Usage: (.*?)\n\n", text, re.S)
    if not part:
        return []
    return [re.split(r" {3,}", line.strip())[0] for line in part[1].splitlines()]


def check_help(lint, manual, text, is_subcommand):
    usage, synopsis = usages(text), synopses(text_of(manual))
    if is_subcommand:
        synopsis = synopsis[:len(usage)]
    if not usage or usage != synopsis:
        lint.complain(manual, f"SYNOPSIS is {synopsis}, but --help says {usage}")
    for line in text.splitlines():
        if len(line) > WIDTH:
            lint.complain(manual.stem, f"--help has a line of {len(line)} columns: {line}")


def main():
    lint = Lint(__doc__)
    lint.parser.add_argument("--abifit", required=True)
    args = lint.parse()
    commands = ask(args.abifit, "--list-commands").split()
    for command in [None, *commands]:
        name = f"abifit-{command}" if command else "abifit"
        manual = lint.root / f"man/{name}.1.scd"
        if manual.is_file():
            words = [command, "--help"] if command else ["--help"]
            check_help(lint, manual, ask(args.abifit, *words), command is not None)
        else:
            lint.complain(manual, "does not exist")
    return lint.done(len(commands))


sys.exit(main())
