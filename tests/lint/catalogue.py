#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule's row is complete, and each checked rule has a case where it fires and one where not."""

import re
import sys
import tomllib

from lint import Lint, ask_json

ID = re.compile(r"(load|abi|map|deps|target|kmod|input|waiver)/[a-z0-9]+(-[a-z0-9]+)*")
NEEDED = "summary", "effect", "harmless", "fix"
CHOICES = {
    "verdict": {"ok", "risk", "break"},
    "severity": {"low", "medium", "high"},
    "status": {"checked", "unchecked"},
}


def verdicts(value):
    """A rule's default verdicts as a list: one word, or an object by axis."""
    return list(value.values()) if isinstance(value, dict) else [value]


def check_row(lint, rule):
    name = rule.get("id") or "a rule without id"
    if not ID.fullmatch(name):
        lint.complain(name, "not an id of the form area/name")
    for member in NEEDED:
        if not str(rule.get(member) or "").strip():
            lint.complain(name, f"no {member}")
    for member, allowed in CHOICES.items():
        for value in verdicts(rule.get(member)):
            if value not in allowed:
                lint.complain(name, f"{member} is {value!r}")
    if str(rule.get("summary", "")).rstrip().endswith("."):
        lint.complain(name, "the summary ends with a full stop")


def check_case(lint, name):
    path = lint.root / "tests/cases" / name / "case.toml"
    if not path.is_file():
        lint.complain(name, f"no case {path.relative_to(lint.root)}")
        return
    tests = tomllib.loads(path.read_text()).get("test", [])
    for member, meaning in ("rules", "fires"), ("absent", "does not fire"):
        if not any(name in test.get(member, []) for test in tests):
            lint.complain(path, f"no [[test]] where {name} {meaning} ({member} = [\"{name}\"])")


def main():
    lint = Lint(__doc__)
    lint.parser.add_argument("--abifit", required=True)
    args = lint.parse()
    rules = ask_json(args.abifit, "rules", "--format", "json").get("rules", [])
    ids = [rule.get("id", "") for rule in rules]
    if ids != sorted(set(ids)):
        lint.complain("rules", "not sorted by id, or one is there twice")
    for rule in rules:
        check_row(lint, rule)
        if rule.get("status") == "checked":
            check_case(lint, rule["id"])
    return lint.done(len(rules))


sys.exit(main())
