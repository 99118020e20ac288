#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Abifit against the loaders of other systems: other suites, other machines.

The systems are folders that foreign.sh unpacks (it is called for those that are not
there yet). In each, programs and libraries are compared as in compare.py, with that
system's own loader inside a chroot, through a static emulator where the machine is
another one. Then programs of each x86-64 system are put into each other one and
compared there; and the fixtures of matrix.py run on each x86-64 system's glibc.
Needs root, for chroot.

    foreign.py --abifit PROGRAM [--sample N | --all] [--time SECONDS] [NAME…]
"""

import argparse
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare import Result, compare_files, late, sample  # noqa: E402
from ldso import Loader, OracleError, select  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FETCH = os.path.join(HERE, "foreign.sh")


def roots_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("ABIFIT_ROOTS") or os.path.join(cache, "abifit-roots")


def names_of_all():
    return subprocess.run([FETCH, "--list"], capture_output=True, text=True,
                          check=True).stdout.split()


def fetch(names):
    """True when all are there."""
    wanted = [n for n in names if not os.path.exists(f"{roots_folder()}/{n}/.complete")]
    return not wanted or subprocess.run([FETCH, *wanted], check=False).returncode == 0


def fetch_in_time(names, tally):
    """The systems that are there once half of the time is used up; None: one cannot be had."""
    there = []
    for name in names:
        if tally.limit is not None and tally.left < tally.limit / 2:
            print(f"{name}: not fetched, no time left")
        elif fetch([name]):
            there.append(name)
        else:
            return None
    return there


class Tally:
    """Sums over all parts, and the time that is left."""

    def __init__(self, limit):
        self.passed = self.failed = 0
        self.start, self.limit = time.monotonic(), limit

    def take(self, label, result):
        result.show(f"{label}: ")
        self.passed += result.files - result.failed
        self.failed += result.failed
        if not result.files and self.over:
            print(f"{label}: no time left")
        elif not result.files:
            print(f"{label}: nothing was compared")
            self.failed += 1

    @property
    def left(self):
        return None if self.limit is None else max(
            0.0, self.limit - (time.monotonic() - self.start))

    @property
    def over(self):
        return late(self.start, self.limit)


def own_files(options, tally, systems):
    """Each system's programs and libraries, with its own loader."""
    for name, loader in systems.items():
        if tally.over:
            print(f"{name}: no time left")
            continue
        files = sample(select(loader, libraries=False), None if options.all else options.sample)
        files += sample(select(loader, programs=False, recursive=options.all),
                        None if options.all else options.sample)
        tally.take(name, compare_files(options.abifit, sorted(set(files)), loader.root, loader.qemu,
                                       tally.left))


def guests(options, tally, systems):
    """Programs of each system in each other one of the same machine."""
    for there, loader in systems.items():
        for source, other in systems.items():
            if source == there or other.kind != loader.kind or tally.over:
                continue
            if loader.root is None:
                continue        # nothing is put into the running system
            folder = f"/tmp/abifit-of-{source}"
            shutil.rmtree(loader.host(folder), ignore_errors=True)
            os.makedirs(loader.host(folder))
            files = []
            for path in sample(select(other, libraries=False), None if options.all else options.sample):
                inner = f"{folder}/{os.path.basename(path)}"
                shutil.copyfile(other.host(path), loader.host(inner))
                os.chmod(loader.host(inner), 0o755)
                if loader.is_traceable(inner) == "program":
                    files.append(inner)
            result = (compare_files(options.abifit, files, loader.root, loader.qemu, tally.left)
                      if files else Result())
            tally.take(f"programs of {source} on {there}", result)
            shutil.rmtree(loader.host(folder))


def fixtures(options, tally, systems):
    for name, loader in systems.items():
        if loader.kind[0] != 62 or loader.qemu or loader.root is None or tally.over:
            continue
        print(f"fixtures on {name}:", flush=True)
        done = subprocess.run([sys.executable, f"{HERE}/matrix.py", "--abifit", options.abifit, "--root",
                               loader.root], capture_output=True, text=True, check=False)
        print(done.stdout + done.stderr, end="", flush=True)
        words = done.stdout.split("\n")[-2].split() if done.stdout.count("\n") else []
        if len(words) == 4 and words[1] == "passed,":
            tally.passed += int(words[0])
            tally.failed += int(words[2])
        else:
            tally.failed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--sample", type=int, default=100, metavar="N",
                        help="N programs and N libraries of each system (default 100)")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    parser.add_argument("--part", choices=("own", "guests", "fixtures"), help="only this part")
    parser.add_argument("names", nargs="*", metavar="NAME", help="as foreign.sh --list prints them")
    options = parser.parse_args()
    options.abifit = os.path.abspath(options.abifit)
    if not os.access(options.abifit, os.X_OK):
        print(f"foreign.py: no program {options.abifit}", file=sys.stderr)
        return 1
    names = options.names or names_of_all()
    systems, tally = {}, Tally(options.time)
    names = fetch_in_time(names, tally)
    if not names:
        print("foreign.py: not all systems could be had", file=sys.stderr)
        return 1
    try:
        for name in names:
            systems[name] = Loader(root=os.path.join(roots_folder(), name))
        systems["here"] = Loader()
    except OracleError as error:
        print(f"foreign.py: {error}", file=sys.stderr)
        return 1
    foreign = {name: loader for name, loader in systems.items() if loader.root}
    for name, loader in foreign.items():
        print(f"{name}: glibc {loader.version[0]}.{loader.version[1]}"
              + (f", by way of {loader.qemu}" if loader.qemu else ""))
    for part, function, which in (("own", own_files, foreign), ("guests", guests, systems),
                                  ("fixtures", fixtures, foreign)):
        if options.part in (None, part):
            function(options, tally, which)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
