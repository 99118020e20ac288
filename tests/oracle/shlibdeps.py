#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`abifit deps --deb` against dpkg-shlibdeps: the same Depends for packages of the system.

The programs and libraries of each package are given at once, as its build would; then with
a file of Build-Depends that ask for newer versions, with packages that are left out, and
with a shlibs file that goes before the others. Where dpkg-shlibdeps ends with an error, a
library that it does not find or that no package tells of, Abifit must break. Prints
differences, then `N passed, N failed`.

    shlibdeps.py --abifit PROGRAM [--sample N] [--seed N] [--time SECONDS]
"""

import argparse
import collections
import os
import random
import re
import subprocess
import sys
import tempfile
import time

MOST_FILES = 60
SHOWN = 8


def is_dynamic(path):
    """A program or library of this machine with a dynamic section."""
    try:
        if os.path.islink(path) or not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            head = file.read(64)
            if head[:6] != b"\x7fELF\x02\x01" or head[18:20] != b"\x3e\0" or head[16] not in (2, 3):
                return False
            file.seek(int.from_bytes(head[32:40], "little"))
            table = file.read(56 * int.from_bytes(head[56:58], "little"))
    except OSError:
        return False
    return any(table[i: i + 4] == b"\2\0\0\0" for i in range(0, len(table), 56))


def packages():
    """Package → its files, of those that have any."""
    found = collections.OrderedDict()
    names = subprocess.run(["dpkg-query", "-W", "-f", "${binary:Package}\\n"], capture_output=True,
                           text=True).stdout.split()
    for name in names:
        listed = subprocess.run(["dpkg-query", "-L", name], capture_output=True, text=True).stdout
        files = [path for path in listed.splitlines() if ".debug" not in path and is_dynamic(path)]
        real = sorted({os.path.realpath(path) for path in files})
        if real:
            found[name] = real[:MOST_FILES]
    return found


def field(text, name):
    match = re.search(rf"^{name}[=:] ?(.*)$", text, re.M)
    return match[1] if match else ""


class Pair:
    def __init__(self, abifit, folder):
        self.abifit, self.folder = abifit, folder
        os.makedirs(f"{folder}/debian", exist_ok=True)

    def control(self, build_depends):
        with open(f"{self.folder}/debian/control", "w") as file:
            file.write(f"Source: foo\nBuild-Depends: {build_depends}\n\n"
                       "Package: foo\nArchitecture: any\n")

    def ask(self, files, theirs, ours):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        one = subprocess.run(["dpkg-shlibdeps", "-O", *theirs, *files], cwd=self.folder,
                             capture_output=True, text=True, env=environment)
        other = subprocess.run([self.abifit, "deps", "--deb", "--control", "debian/control", *ours,
                                "--", *files], cwd=self.folder, capture_output=True, text=True,
                               env=environment)
        return one, other


def compare(one, other):
    """None, or how they differ."""
    if one.returncode:
        if other.returncode != 1:
            return f"theirs: {one.stderr[-300:]}; ours: {other.returncode} {other.stderr[-300:]}"
        return None
    if other.returncode:
        return f"ours: {other.returncode} {other.stderr[-300:]}"
    left, right = field(one.stdout, "shlibs:Depends"), field(other.stdout, "Depends")
    if left != right:
        a, b = set(left.split(", ")), set(right.split(", "))
        return f"only theirs {sorted(a - b)}, only ours {sorted(b - a)}, order of {len(a)}"
    return None


def ways(pair, files, rng, depends):
    """Options of both sides; what is asked first tells the packages for the others."""
    pair.control("debhelper (>= 13)")
    yield [], []
    yield ["--ignore-missing-info"], ["--ignore-missing-info"]
    names = re.findall(r"(?:^|, |\| )([a-z0-9.+-]+)", field(depends(), "Depends"))
    if not names:
        return
    chosen = rng.choice(names)
    yield ["--ignore-missing-info", f"-x{chosen}"], ["--ignore-missing-info", "-x", chosen]
    pair.control(", ".join(f"{name} (>= {rng.choice(['0.1', '99:1', '2.0~rc1'])}) [linux-any] "
                           f"<!nocheck>, other-{name} [!amd64] | {name} (<< 3)"
                           for name in development(files)) or "debhelper")
    yield ["--ignore-missing-info"], ["--ignore-missing-info"]
    with open(f"{pair.folder}/local", "w") as file:
        file.write(f"libc 6 my-{chosen} (>= 3), second | third (<< 4)\nudeb: libm 6 no\n"
                   "libm 6 general\ndeb: libm 6 special\n# comment\nlibstdc++ 6\n")
    yield (["--ignore-missing-info", "-Llocal"],
           ["--ignore-missing-info", "--shlibs-local", "local"])


def development(files):
    """The packages that symbols files name for building."""
    needed = set()
    for path in files:
        text = subprocess.run(["objdump", "-p", path], capture_output=True, text=True).stdout
        needed.update(re.findall(r"NEEDED\s+(\S+)", text))
    named = set()
    for path in sorted(os.listdir("/var/lib/dpkg/info")):
        if not path.endswith(".symbols"):
            continue
        text = open(f"/var/lib/dpkg/info/{path}", errors="replace").read()
        if any(re.search(rf"^{re.escape(soname)} ", text, re.M) for soname in needed):
            for value in re.findall(r"^\* Build-Depends-Packages?: (.*)$", text, re.M):
                named.update(re.split(r"[, ]+", value))
    return sorted(named)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--sample", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="only as a build asks")
    parser.add_argument("--time", type=float)
    args = parser.parse_args()
    start = time.monotonic()
    rng = random.Random(args.seed)
    found = packages()
    names = sorted(found)
    rng.shuffle(names)
    passed = failed = seen = 0
    with tempfile.TemporaryDirectory() as scratch:
        pair = Pair(os.path.abspath(args.abifit), scratch)
        for name in names[: args.sample]:
            if args.time and time.monotonic() - start > args.time:
                break
            seen += 1
            files = found[name]
            answers = []
            for theirs, ours in ways(pair, files, rng, lambda: answers[-1].stdout):
                one, other = pair.ask(files, theirs, ours)
                answers.append(other)
                different = compare(one, other)
                passed += not different
                failed += bool(different)
                if different:
                    print(f"{name} {' '.join(ours)}: {different}")
                if args.quick and len(answers) == 2:
                    break
    print(f"{seen} packages")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
