#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Abifit against the real loader, over the programs and libraries of a system.

For each file: the list of libraries and its order (`abifit tree` and `abifit check`),
every binding, every unresolved reference, version errors and refusals, against the
loader's own trace. Batches of files on two processes, so memory stays bounded.
Prints each kind of difference with its first examples, then one line of sums, then
`N passed, N failed` (files). Status 1 on any difference that is not in EXPLAINED.

    compare.py --abifit PROGRAM [--sample N | --all | FILE…] [--root DIR]
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from forecast import Abifit, Comparison, ForecastError  # noqa: E402
from ldso import Loader, OracleError, canonical, select  # noqa: E402

BATCH = 40
SHOWN = 20

# Differences that are right: (kind, part of "FILE: text", why).
EXPLAINED = (
)


def explained(kind, line):
    return next((why for k, part, why in EXPLAINED if k == kind and part in line), None)


class Result:
    """Sums and differences of some files; adds up."""

    def __init__(self):
        self.files = self.libraries = self.bindings = self.failed = 0
        self.kinds = collections.Counter()
        self.explained = collections.Counter()
        self.examples = {}

    def take(self, path, differences):
        bad = False
        for kind, text in differences:
            line = f"{path}: {text}"
            why = explained(kind, line)
            if why:
                self.explained[why] += 1
                continue
            bad = True
            self.kinds[kind] += 1
            examples = self.examples.setdefault(kind, [])
            if len(examples) < SHOWN:
                examples.append(line)
        self.failed += bad

    def add(self, other):
        self.files += other.files
        self.libraries += other.libraries
        self.bindings += other.bindings
        self.failed += other.failed
        self.kinds += other.kinds
        self.explained += other.explained
        for kind, lines in other.examples.items():
            known = self.examples.setdefault(kind, [])
            known += lines[:SHOWN - len(known)]

    @property
    def differences(self):
        return sum(self.kinds.values())

    def show(self, label=""):
        for kind in sorted(self.examples):
            print(f"{kind}: {self.kinds[kind]}")
            for line in self.examples[kind]:
                print(f"  {line}")
        for why, count in sorted(self.explained.items()):
            print(f"explained, {count}: {why}")
        print(f"{label}files {self.files}, libraries {self.libraries}, bindings {self.bindings}, "
              f"differences {self.differences}", flush=True)


def compare_batch(loader, abifit, files, library_path=None, want_tree=True):
    """Compares `files`, paths of the loader's system, in one call of Abifit each way."""
    result = Result()
    files = [path for path in files if loader.is_traceable(path)]
    if not files:
        return result
    options = ["--library-path", library_path] if library_path else []
    try:
        forecasts = abifit.check(files, options=options)
        trees = abifit.tree(files, options=options) if want_tree else {}
    except ForecastError as error:
        if len(files) == 1:
            result.files = 1
            result.take(files[0], [("abifit failed", str(error))])
            return result
        # One at a time, to name the culprit.
        for path in files:
            result.add(compare_batch(loader, abifit, [path], library_path, want_tree))
        return result
    for path in files:
        trace = loader.trace(path, library_path=library_path)
        comparison = Comparison(loader, path)
        differences = comparison.run(trace, forecasts[path],
                                     trees.get(path, []) if want_tree else None)
        result.files += 1
        result.libraries += len(trace.libraries)
        result.bindings += len(trace.bindings)
        result.take(path, differences)
    return result


_state = {}


def _start(root, qemu, binary, options):
    _state["loader"] = Loader(root=root, qemu=qemu)
    _state["abifit"] = Abifit(binary, root=root, options=options)


def _work(files):
    return compare_batch(_state["loader"], _state["abifit"], files)


def compare_files(binary, files, root=None, qemu=None, limit=None, options=(), jobs=2):
    """Compares all `files`; stops handing out batches after `limit` seconds."""
    total, start = Result(), time.monotonic()
    # Neighbours in the alphabet are alike in size; spread them over the batches.
    count = max(1, (len(files) + BATCH - 1) // BATCH)
    batches = collections.deque(files[i::count] for i in range(count))
    with concurrent.futures.ProcessPoolExecutor(
            jobs, initializer=_start, initargs=(root, qemu, binary, tuple(options))) as pool:
        running = set()
        while batches or running:
            while batches and len(running) < jobs and not late(start, limit):
                running.add(pool.submit(_work, batches.popleft()))
            if not running:
                break
            done, running = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                total.add(future.result())
    if batches:
        print(f"stopped after {limit:.0f} s with {sum(map(len, batches))} files left", flush=True)
    return total


def late(start, limit):
    return limit is not None and time.monotonic() - start > limit


def sample(files, count):
    """`count` of them, evenly spaced; all when there are no more."""
    if count is None or len(files) <= count:
        return files
    return [files[i * len(files) // count] for i in range(count)]


def chosen(loader, options):
    if options.files:
        return [canonical(loader.root, os.path.abspath(path)) for path in options.files]
    both = options.programs == options.libraries
    count = None if options.all else options.sample
    files = []
    if both or options.programs:
        files += sample(select(loader, libraries=False), count)
    if both or options.libraries:
        files += sample(select(loader, programs=False, recursive=options.all), count)
    return sorted(set(files))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, help="the program under test")
    parser.add_argument("--sample", type=int, default=200, metavar="N",
                        help="N programs and N libraries, evenly spaced (default 200)")
    parser.add_argument("--all", action="store_true", help="all of them, subfolders too")
    parser.add_argument("--programs", action="store_true")
    parser.add_argument("--libraries", action="store_true")
    parser.add_argument("--root", help="another system's root folder")
    parser.add_argument("--qemu", help="emulator, as a path inside the root")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    parser.add_argument("files", nargs="*", help="paths inside the root")
    options = parser.parse_args()
    try:
        loader = Loader(root=options.root, qemu=options.qemu)
        files = chosen(loader, options)
    except OracleError as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return 1
    if not os.access(options.abifit, os.X_OK) or not files:
        print("compare.py: no program to test, or nothing to compare", file=sys.stderr)
        return 1
    result = compare_files(options.abifit, files, options.root, options.qemu, options.time)
    result.show()
    print(f"{result.files - result.failed} passed, {result.failed} failed")
    return 1 if result.failed or not result.files else 0


if __name__ == "__main__":
    sys.exit(main())
