#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `abifit diff` costs, beside libabigail's `abidiff`, over the libraries that two systems share.

Both sides are stripped copies, so that neither tool has debug information to read: each
compares symbols only. CPU is user + system time of the whole process, the least of some
runs. A row in which one tool compares pair by pair has the other do so too.

    diff.py --abifit PROGRAM --old ROOT [--new ROOT] [--pairs N] [--runs N]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import least, private_peak, row  # noqa: E402

FOLDER = "usr/lib/x86_64-linux-gnu"


def sonames(folder):
    """soname → file, of the libraries at the top of the folder."""
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if ".so" not in name or os.path.islink(path) or not os.path.isfile(path):
            continue
        dynamic = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=False).stdout
        for line in dynamic.splitlines():
            if "(SONAME)" in line:
                found.setdefault(line.split("[")[1].rstrip("]"), path)
    return found


def copies(old, new, folder):
    """[(old copy, new copy)], stripped."""
    pairs = []
    for side in "old", "new":
        os.makedirs(os.path.join(folder, side))
    for soname in sorted(old.keys() & new.keys()):
        pair = []
        for side, path in ("old", old[soname]), ("new", new[soname]):
            target = os.path.join(folder, side, soname)
            if subprocess.run(["strip", "-o", target, path], capture_output=True, check=False).returncode:
                break
            pair.append(target)
        if len(pair) == 2:
            pairs.append(tuple(pair))
    return pairs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--old", required=True, metavar="ROOT", help="the older system")
    parser.add_argument("--new", default="/", metavar="ROOT", help="the newer one (/)")
    parser.add_argument("--pairs", type=int, default=100, help="pairs that abidiff compares as well (100)")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    if not shutil.which("abidiff"):
        raise SystemExit("abidiff is not installed: nothing to compare with")
    old, new = (sonames(os.path.join(root, FOLDER)) for root in (args.old, args.new))
    with tempfile.TemporaryDirectory() as folder:
        pairs = copies(old, new, folder)
        if not pairs:
            raise SystemExit("the systems share no library")
        print(f"{len(pairs)} libraries; CPU seconds, least of {args.runs} runs")
        libc = next((p for p in pairs if p[0].endswith("/libc.so.6")), pairs[0])
        ours, theirs = (least(args.runs, [*tool, *libc])[0] for tool in ([args.abifit, "diff", "--symbols-only"], ["abidiff"]))
        row(f"abifit diff, {os.path.basename(libc[0])}", f"{ours:.3f}")
        row(f"abidiff, {os.path.basename(libc[0])}", f"{theirs:.3f}", f"{theirs / ours:.0f} times abifit's")
        some = pairs[::max(1, len(pairs) // args.pairs)]
        ours = sum(least(args.runs, [args.abifit, "diff", "--symbols-only", *pair])[0] for pair in some)
        theirs = sum(least(1, ["abidiff", *pair])[0] for pair in some)
        row(f"abifit diff, {len(some)} pairs, a process each", f"{ours:.3f}")
        row(f"abidiff, {len(some)} pairs, a process each", f"{theirs:.3f}", f"{theirs / ours:.0f} times abifit's")
        whole = [args.abifit, "diff", "--symbols-only", os.path.join(folder, "old"), os.path.join(folder, "new")]
        cost = least(args.runs, whole)[0]
        row(f"abifit diff, {len(pairs)} pairs, one process", f"{cost:.3f}", f"{1000 * cost / len(pairs):.2f} ms a pair")
        row("private memory of that (MB)", f"{private_peak(whole) / 1024:.0f}")


if __name__ == "__main__":
    main()
