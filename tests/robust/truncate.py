#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""All truncations of a small library, through check, show and tree.

Each one that cannot be read gives exactly one line of error that names it, and
status 3; a good file of the same call is still answered.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import fixtures
from fixtures import support

BATCH = 500
COMMANDS = "check", "show", "tree"
NAME = re.compile(r"(?:^|[\s/])(cut\d+\.so): ")
ID = re.compile(r"\[(input/[a-z0-9-]+)\]")


def problems_of(command, program, files, good, folder, validate):
    """What is wrong with one call over many truncated files and the good one."""
    names = [file.name for file in files]
    call = [program, command, *names, good]
    limits = support.limits(seconds=120)
    as_json = support.run(call + ["--format", "json"], cwd=folder, timeout=240, preexec=limits)
    text = support.run(call, cwd=folder, timeout=240, preexec=limits)
    for result in as_json, text:
        if result.crash():
            return [result.crash()]
    report, wrong = support.report_of(as_json, validate)
    if wrong:
        return [wrong]
    inputs = {entry["path"]: entry for entry in report["inputs"]}
    problems = []
    if text.status != as_json.status:
        problems.append(f"status {text.status} as text, {as_json.status} as JSON")
    unreadable = {name for name in names if inputs.get(name, {}).get("error")}
    if (as_json.status == 3) != bool(unreadable):
        problems.append(f"status {as_json.status} with {len(unreadable)} unreadable files")
    if good not in inputs or inputs[good].get("error"):
        problems.append(f"{good}: not answered")
    said = Counter(match[1] for line in text.text.splitlines() if ID.search(line)
                   for match in [NAME.search(line)] if match)
    for name in names:
        if name not in inputs:
            problems.append(f"{name}: not among the inputs")
        elif name in unreadable and said[name] != 1:
            problems.append(f"{name}: {said[name]} lines of error, expected 1: "
                            + json.dumps(inputs[name]["error"]))
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=support.program)
    parser.add_argument("--step", type=int, default=1, help="only each STEP-th length")
    args = parser.parse_args()
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        folder = Path(name)
        data = fixtures.small_library(folder).read_bytes()
        good = "./libsmall.so.1"
        files = []
        for length in range(0, len(data), args.step):
            file = folder / f"cut{length:05}.so"
            file.write_bytes(data[:length])
            files.append(file)
        for command in COMMANDS:
            for start in range(0, len(files), BATCH):
                batch = files[start:start + BATCH]
                problems = problems_of(command, args.abifit, batch, good, folder, start == 0)
                tap.ok(not problems, f"{command}: {batch[0].name} to {batch[-1].name}",
                       *problems[:20])
        alone = support.run([args.abifit, "check", files[len(files) // 2].name], cwd=folder)
        tap.ok(alone.status == 3 and len(ID.findall(alone.text)) == 1,
               "check of one truncated file alone", f"status {alone.status}", alone.text)
    return tap.close()


sys.exit(main())
