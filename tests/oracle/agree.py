#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does `abifit diff` agree with itself, over the libraries of this system?

Of each library: it has not changed against itself, against a stripped copy, against
its own baseline. Of each two neighbours in the list, taken for two releases: exchanged,
they mirror each other (what one adds the other loses); a baseline in place of the old
one gives the same findings, and one in place of the new one the same but for what only
the file itself can tell.

    agree.py --abifit PROGRAM [--sample N | --all]
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare import late, sample  # noqa: E402
from ldso import Loader, select  # noqa: E402

# What a baseline of NEW cannot tell: what lies beside NEW, and what NEW only hides.
OF_THE_FILE = {"abi/sym-removed-provided-by-needed", "abi/ver-symbol-to-other-library", "abi/vis-exported-to-hidden", "abi/sym-added-clash",
               "abi/import-added", "abi/symbolic-functions-bound"}
# A loss that counts as a rename, or as moved, is none on the way back.
LOSSES = {"abi/sym-function-removed", "abi/sym-data-removed", "abi/sym-weak-data-removed"} | OF_THE_FILE


def diff(abifit, old, new):
    done = subprocess.run([abifit, "diff", "--symbols-only", "--format", "json", old, new], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 5):
        raise RuntimeError(f"diff {old} {new}: status {done.returncode}: {done.stderr[-300:]}")
    return json.loads(done.stdout)


def findings(report, but=()):
    """(rule, subject, verdicts), without the sum of them and without `but`."""
    return collections.Counter(
        (f["rule"], f["subject"], f["verdict"]["binary"], f["verdict"]["source"]) for f in report["findings"]
        if f["rule"] not in but and f["rule"] != "abi/soname-kept-on-break")


def renamed(report, name):
    """May `name` be one that `report` counts as a new name of an old symbol, and not as added?"""
    marks = (re.search('"([^"]*)" became "([^"]*)"', f["message"]) for f in report["findings"]
             if f["rule"] == "abi/sym-mass-rename")
    return any(mark and mark[2] in name for mark in marks)


def alone(abifit, path, folder):
    """What is wrong about one library, or None."""
    stripped, baseline = os.path.join(folder, "stripped"), os.path.join(folder, "baseline")
    subprocess.run(["strip", "-o", stripped, path], check=True, capture_output=True)
    subprocess.run([abifit, "dump", "--symbols-only", "-o", baseline, path], check=True)
    for other in path, stripped, baseline:
        report = diff(abifit, path, other)
        if report["findings"] or report["unchecked"]:
            return f"against {os.path.basename(other)}: {report['findings'][:3]} {report['unchecked'][:3]}"
    return None


def pair(abifit, old, new, folder):
    there, back = diff(abifit, old, new), diff(abifit, new, old)
    if len(there["pairs"]) != 1:
        return f"{len(there['pairs'])} pairs"
    one, other = there["pairs"][0], back["pairs"][0]
    for mine, theirs in ("added", "removed"), ("removed", "added"), ("old_symbols", "new_symbols"):
        if one[mine] != other[theirs]:
            return f"{mine} {one[mine]}, exchanged {theirs} {other[theirs]}"
    added = {f["subject"] for f in back["findings"] if f["after"] == f["subject"]}
    lost = {f["subject"] for f in there["findings"] if f["rule"] in LOSSES and f["before"] == f["subject"]}
    unheard = sorted(name for name in lost - added if not renamed(back, name))
    if unheard:
        return f"lost, but not added when exchanged: {unheard[:5]}"
    # A library without a soname is called after its file.
    old_text, new_text = (os.path.join(folder, side, os.path.basename(path))
                          for side, path in (("old", old), ("new", new)))
    for text in old_text, new_text:
        os.makedirs(os.path.dirname(text), exist_ok=True)
    subprocess.run([abifit, "dump", "--symbols-only", "-o", old_text, old], check=True)
    subprocess.run([abifit, "dump", "--symbols-only", "-o", new_text, new], check=True)
    wanted, found = findings(there), findings(diff(abifit, old_text, new))
    if wanted != found:
        return f"with a baseline of OLD: {list((wanted - found) + (found - wanted))[:5]}"
    told = {f["subject"] for f in there["findings"] if f["rule"] in OF_THE_FILE}
    for text in old, old_text:
        report = diff(abifit, text, new_text)
        found = findings(report, OF_THE_FILE)
        rest = (findings(there, OF_THE_FILE) - found) + (found - findings(there, OF_THE_FILE))
        rest = [(rule, name, *verdicts) for rule, name, *verdicts in rest if name not in told
                and not (rule == "abi/sym-mass-rename" and told)
                and not (rule == "abi/sym-added" and told and renamed(report, name))]
        if rest:
            return f"with a baseline of NEW: {rest[:5]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--sample", type=int, default=60, metavar="N")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    options = parser.parse_args()
    files = sample(select(Loader(), programs=False), None if options.all else options.sample)
    passed = failed = 0
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for i, path in enumerate(files):
            if i and late(start, options.time):
                print(f"no time left after {i} libraries")
                break
            checks = [("alone", lambda p=path: alone(options.abifit, p, folder))]
            if i:
                checks.append((files[i - 1], lambda p=path, q=files[i - 1]: pair(options.abifit, q, p, folder)))
            for label, check in checks:
                try:
                    wrong = check()
                except (RuntimeError, subprocess.CalledProcessError) as error:
                    wrong = str(error)
                passed += not wrong
                failed += bool(wrong)
                if wrong:
                    print(f"{path} ({label}): {wrong[:1000]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
