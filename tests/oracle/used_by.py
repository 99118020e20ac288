#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`abifit diff --used-by` against the loader of the newer system.

For each pair of suites, all libraries that they share by soname are compared, as used
by the programs of the older one. A program is affected when the newer system's loader,
asked to load and to bind it (trace mode, chroot), complains about something that the
older system's loader did not; `diff` must say so of exactly these programs.
Programs that ask for $ORIGIN are left out: they are put elsewhere here.

    used_by.py --abifit PROGRAM [--sample N] [--time SECONDS] [OLD:NEW…]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare import late, sample  # noqa: E402
from foreign import fetch, roots_folder  # noqa: E402
from ldso import Loader, OracleError, select  # noqa: E402

LIBRARIES = "usr/lib/x86_64-linux-gnu"
# Oldest first; "here" is the running system.
SUITES = ["bullseye-amd64", "here", "trixie-amd64", "sid-amd64"]
GUESTS = "/tmp/abifit-used-by"
LEAST = 20      # programs that are compared whatever the time


def complaints(trace):
    """What keeps the program from running, in words that do not name its own path."""
    found = {("missing", name) for name in trace.missing}
    found |= {("undefined", symbol, version) for symbol, version, _ in trace.undefined}
    found |= {("version", os.path.basename(library), version)
              for library, version, _ in trace.version_errors}
    return found | {("fatal", len(trace.fatal))} if trace.fatal else found


class Suite:
    def __init__(self, name):
        self.name = name
        self.root = "/" if name == "here" else os.path.join(roots_folder(), name)
        self.loader = Loader(root=None if name == "here" else self.root)

    def host(self, path):
        return self.root.rstrip("/") + path


def guest(new, old, path):
    """The old program, as a path inside the newer system."""
    inner = f"{GUESTS}/{os.path.basename(path)}"
    shutil.copyfile(old.host(path), new.host(inner))
    os.chmod(new.host(inner), 0o755)
    return inner


def asks_for_origin(path):
    with open(path, "rb") as file:
        return b"$ORIGIN" in file.read()


def truth(old, new, path):
    """True when the newer loader complains about more than the older one."""
    before = complaints(old.loader.trace(path))
    after = complaints(new.loader.trace(guest(new, old, path)))
    return bool(after - before), sorted(after - before)


def ask(abifit, old, new, programs):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [abifit, "diff", "--symbols-only", "--format", "json", "-o", report.name, "--old-root", old.root,
                   "--root", new.root, old.host("/" + LIBRARIES), new.host("/" + LIBRARIES)]
        for path in programs:
            command += ["--used-by", old.host(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 3, 5):
            raise OracleError(f"abifit diff: status {done.returncode}: {done.stderr[-500:]}")
        with open(report.name, encoding="utf-8") as file:
            return json.load(file)


def compare(options, old, new, start):
    """(equal, different)"""
    shutil.rmtree(new.host(GUESTS), ignore_errors=True)
    os.makedirs(new.host(GUESTS))
    programs = [p for p in select(old.loader, libraries=False)
                if not asks_for_origin(old.host(p)) and old.loader.is_traceable(p) == "program"]
    programs = sample(programs, options.sample)
    report = ask(options.abifit, old, new, programs)
    said = {program["path"]: program for program in report["programs"]}
    passed = failed = affected = 0
    for path in programs:
        if late(start, options.time) and passed + failed >= LEAST:
            print(f"{old.name} -> {new.name}: no time left after {passed + failed} programs")
            break
        program = said.get(old.host(path))
        is_affected, why = truth(old, new, path)
        affected += is_affected
        if program and (program["verdict"] == "break") == is_affected:
            passed += 1
            continue
        failed += 1
        print(f"{path}: the loader says {why or 'nothing'}, diff says {program}")
    shutil.rmtree(new.host(GUESTS))
    print(f"{old.name} -> {new.name}: {len(report['pairs'])} libraries, {passed + failed} programs, "
          f"{affected} affected, {failed} differences", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--sample", type=int, metavar="N", help="N programs of each pair (all)")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    parser.add_argument("pairs", nargs="*", metavar="OLD:NEW")
    options = parser.parse_args()
    options.abifit = os.path.abspath(options.abifit)
    pairs = [tuple(p.split(":")) for p in options.pairs] or [
        (old, new) for i, old in enumerate(SUITES) for new in SUITES[i + 1:]]
    start = time.monotonic()
    passed = failed = 0
    try:
        for old, new in pairs:
            if late(start, options.time) and passed + failed:
                print(f"{old} -> {new}: no time left")
                continue
            if not fetch([name for name in (old, new) if name != "here"]):
                raise OracleError(f"{old} or {new} could not be had")
            result = compare(options, Suite(old), Suite(new), start)
            passed, failed = passed + result[0], failed + result[1]
    except OracleError as error:
        print(f"used_by.py: {error}", file=sys.stderr)
        return 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
