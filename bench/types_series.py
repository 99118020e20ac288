#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the cost of `abifit diff` with types grow no faster than its input?

Builds two releases of a C++ library of 8, 16, 32, ... units; each unit has classes,
templates and enums of its own and all that some standard headers define. CPU is user +
system time of one process, the least of some runs.

    types_series.py --abifit PROGRAM [--runs N] [--steps N]
"""

import argparse
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import least  # noqa: E402

HEADERS = ["string", "vector", "map", "memory", "functional"]
CLASSES = 40  # of each unit


def unit(number, is_new):
    """The source of one unit; every tenth class of the new release is larger."""
    lines = [f"#include <{header}>" for header in HEADERS]
    for i in range(CLASSES):
        name = f"c{number}_{i}"
        more = " long more;" if is_new and i % 10 == 0 else ""
        lines.append(f"enum class e_{name} {{ one, two = {i + 2} }};")
        lines.append(f"struct {name} {{ virtual ~{name}(); std::string text; std::map<int, std::vector<e_{name}>> map;{more} }};")
        lines.append(f"{name}::~{name}() {{ }}")
        lines.append(f"int f_{name}({name} *p, const std::vector<{name}> &v) {{ return p->map.size() + v.size(); }}")
    return "\n".join(lines) + "\n"


def build(folder, first, count, is_new):
    """Compiles units [first, count), and links all of them."""
    os.makedirs(folder, exist_ok=True)
    jobs = []
    for number in range(first, count):
        path = os.path.join(folder, f"{number}.cc")
        with open(path, "w", encoding="ascii") as file:
            file.write(unit(number, is_new))
        jobs.append(subprocess.Popen(["g++", "-g", "-O0", "-fPIC", "-c", "-o", path[:-2] + "o", path]))
        if len(jobs) == 4:
            finish(jobs)
    finish(jobs)
    library = os.path.join(folder, "libseries.so.1")
    objects = [os.path.join(folder, f"{number}.o") for number in range(count)]
    subprocess.run(["g++", "-shared", "-Wl,-soname,libseries.so.1", "-o", library, *objects], check=True)
    return library


def finish(jobs):
    for job in jobs:
        if job.wait():
            sys.exit("types_series.py: g++ failed")
    jobs.clear()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=5)
    args = parser.parse_args()
    print(f"{'units':>6} {'MB':>6} {'CPU s':>7} {'a MB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        done = 0
        for step in range(args.steps):
            count = 8 << step
            old = build(os.path.join(folder, "old"), done, count, False)
            new = build(os.path.join(folder, "new"), done, count, True)
            done = count
            size = (os.path.getsize(old) + os.path.getsize(new)) / 1e6
            cpu = least(args.runs, [args.abifit, "diff", old, new])[0]
            print(f"{count:6} {size:6.1f} {cpu:7.3f} {cpu / size * 1000:5.1f} ms", flush=True)


if __name__ == "__main__":
    main()
