#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `abifit diff` costs with types, beside libabigail's `abidiff`, on two builds of a library.

Each side is the root of a system with the library and, below usr/lib/debug, its debug
package. CPU is user + system time of the whole process, the least of some runs; memory is
the peak of what is private to it. What each tool finds stands beside its time.

    types.py --abifit PROGRAM --old ROOT --new ROOT [--runs N] LIBRARY...
"""

import argparse
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import least, private_peak  # noqa: E402

FOLDERS = "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"


def find(root, library):
    for folder in FOLDERS:
        path = os.path.join(root, folder, library)
        if os.path.exists(path):
            return path
    sys.exit(f"types.py: {root}: no {library}")


def verdict(command):
    """The lines and the status of what the tool says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{len(done.stdout.splitlines())} lines, status {done.returncode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--old", required=True, metavar="ROOT")
    parser.add_argument("--new", required=True, metavar="ROOT")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("libraries", nargs="+", metavar="LIBRARY")
    args = parser.parse_args()
    print(f"{'library':20} {'tool':8} {'CPU s':>8} {'MB':>8}  says")
    for library in args.libraries:
        old, new = find(args.old, library), find(args.new, library)
        debug = [os.path.join(root, "usr/lib/debug") for root in (args.old, args.new)]
        tools = {
            "abifit": [args.abifit, "diff", "--old-root", args.old, "--root", args.new,
                       "--debug-dir", args.old, "--debug-dir", args.new, old, new],
            "abidiff": ["abidiff", "--debug-info-dir1", debug[0], "--debug-info-dir2", debug[1], old, new],
        }
        for tool, command in tools.items():
            cpu = least(args.runs, command)[0]
            peak = private_peak(command)
            print(f"{library:20} {tool:8} {cpu:8.2f} {peak / 1024:8.1f}  {verdict(command)}", flush=True)


if __name__ == "__main__":
    main()
