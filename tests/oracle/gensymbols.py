#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`abifit deps --symbols` against dpkg-gensymbols: the same files, and the same status.

Over libraries of the system: a symbols file made anew; the one of the package that is
installed brought up to date, at a newer and at an older version; one whose lines were
changed at random (versions, names, tags, patterns, marks of what is missing), as text and
as template. With each level the status must tell the same. Prints differences, then
`N passed, N failed`.

    gensymbols.py --abifit PROGRAM [--sample N] [--seed N] [--time SECONDS]
"""

import argparse
import glob
import os
import random
import re
import subprocess
import sys
import tempfile
import time

ADMIN = "/var/lib/dpkg/info"
SHOWN = 8


def libraries():
    """Each soname once, with the symbols file of its package, or None."""
    files = {}
    for path in sorted(glob.glob(f"{ADMIN}/*.symbols")):
        for line in open(path, errors="replace"):
            if re.match(r"\S+\.so\S* ", line):
                files.setdefault(line.split()[0], path)
    seen = {}
    for folder in ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"):
        for path in sorted(glob.glob(f"{folder}/*.so.*")):
            real = os.path.realpath(path)
            with open(real, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    seen.setdefault(os.path.basename(path), real)
    chosen = {}
    for name, real in seen.items():
        chosen.setdefault(real, (name, real, files.get(name)))
    return list(chosen.values())


def version_of(path):
    package = os.path.basename(path)[:-len(".symbols")] if path else None
    if not package:
        return "libfoo1", "1.0-1"
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True,
                           text=True).stdout
    return package.split(":")[0], shown or "1.0-1"


class Pair:
    def __init__(self, abifit, folder):
        self.abifit, self.folder = abifit, folder
        os.makedirs(f"{folder}/debian", exist_ok=True)
        with open(f"{folder}/debian/control", "w") as file:
            file.write("Source: foo\n\nPackage: foo\nArchitecture: any\n")

    def ask(self, library, old, package, version, level, *flags):
        """(status of both, text of both); a status is 0, or the level that was passed."""
        theirs = ["dpkg-gensymbols", f"-p{package}", f"-v{version}", f"-e{library}", "-O", "-q",
                  f"-c{level}"]
        theirs += [f"-I{old}"] if old else []
        theirs += [{"--template": "-t", "--missing": "-V"}[flag] for flag in flags]
        ours = [self.abifit, "deps", "--symbols", "--package", package, "--package-version",
                version, f"-c{level}", *flags, library] + ([old] if old else [])
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        one = subprocess.run(theirs, cwd=self.folder, capture_output=True, env=environment)
        other = subprocess.run(ours, cwd=self.folder, capture_output=True, env=environment)
        return one, other


def demangled(name):
    symbol, at, version = name.partition("@")
    text = subprocess.run(["c++filt", symbol], capture_output=True, text=True).stdout.strip()
    return None if text == symbol else text + at + version


def changed(lines, rng):
    """Lines of a symbols file, some of them changed as a maintainer, or a mistake, might."""
    result = []
    for line in lines:
        spec = re.match(r" (\S+@(\S+)) (\S+)(.*)$", line)
        if not spec or rng.random() < 0.6:
            result.append(line)
            continue
        name, node, version, rest = spec.groups()
        choice = rng.randrange(13)
        if choice == 0:
            continue
        if choice == 1:
            result.append(f" {name}x 0.1{rest}")
        elif choice == 2:
            result.append(f" {name} {rng.choice(['999', '0~1', '1:0', '2.3+dfsg-1'])}{rest}")
        elif choice == 3:
            result.append(f"#MISSING: {rng.choice(['0.5', '77'])}# {name} {version}{rest}")
        elif choice == 4:
            tag = rng.choice(["optional", "arch=amd64", "arch=!amd64", "arch=linux-any i386",
                              "arch-bits=64", "arch-bits=32", "arch-endian=little",
                              "arch-endian=big|optional", "arch=any-arm64 armhf", "arch=any-amd64"])
            result.append(f" ({tag}){name} {version}{rest}")
        elif choice == 5:
            result.append(f" (optional=gone){name}_gone {version}{rest}")
        elif choice == 6 and node != "Base":
            result.append(rng.choice([f" *@{node} {version}", f" (symver){node} {version}"]))
        elif choice == 7:
            stem = re.escape(name[: rng.randrange(1, len(name))])
            result.append(f" (regex)\"^{stem}.*@{re.escape(node)}$\" {version}")
        elif choice == 8:
            text = demangled(name)
            if text and '"' not in text:
                result.append(f" (c++)\"{text}\" {version}{rest}")
        elif choice == 9:
            text = demangled(name)
            if text and '"' not in text:
                start = re.escape(text[: rng.randrange(1, len(text))])
                result.append(f" (c++|regex)\"^{start}\" {version}")
        elif choice == 10:
            result.append(f" (c++)\"no::such(function)@{node}\" {version}")
        elif choice == 11:
            result.append(f" (optional|regex)\"^no{rng.randrange(9)}(?:such|more)?\\d+.*?@\" 0.1")
        else:
            result.append(f" \t{name} {version}{rest}".replace(" \t", "  "))
    return result


def differences(one, other, level):
    found = []
    if one.returncode > 4:
        return ["dpkg-gensymbols: " + one.stderr.decode()[-300:]]
    if (other.returncode == 1) != (one.returncode != 0) or other.returncode not in (0, 1):
        found.append(f"-c{level}: status {one.returncode}, ours {other.returncode} "
                     + other.stderr.decode()[-300:])
    if one.stdout != other.stdout:
        left = one.stdout.decode().splitlines()
        right = other.stdout.decode().splitlines()
        extra = [line for line in left if line not in set(right)][:4]
        more = [line for line in right if line not in set(left)][:4]
        found.append(f"-c{level}: text differs, only theirs {extra}, only ours {more}")
    return found


def tries(pair, library, old, rng, scratch):
    package, version = version_of(old)
    yield "anew", pair.ask(library, None, package, version, 0), 0
    yield "anew", pair.ask(library, None, package, version, 4), 4
    if old:
        lines = open(old, errors="surrogateescape").read().splitlines()
    else:
        lines = pair.ask(library, None, package, version, 0)[0].stdout.decode().splitlines()
    if old:
        level = rng.randrange(5)
        yield "update", pair.ask(library, old, package, version, level), level
        yield "update", pair.ask(library, old, package, "0.0.1", 1, "--missing"), 1
    mixed = f"{scratch}/mixed.symbols"
    with open(mixed, "w", errors="surrogateescape") as file:
        file.write("\n".join(changed(lines, rng)) + "\n")
    for flags in ([], ["--missing"], ["--template"], ["--template", "--missing"]):
        level = rng.randrange(5)
        yield f"changed {' '.join(flags)}", pair.ask(library, mixed, package, version, level,
                                                     *flags), level


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--sample", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time", type=float)
    parser.add_argument("--keep")
    args = parser.parse_args()
    start = time.monotonic()
    passed = failed = seen = 0
    chosen = libraries()
    random.Random(7).shuffle(chosen)
    with tempfile.TemporaryDirectory() as scratch:
        pair = Pair(os.path.abspath(args.abifit), scratch)
        for name, library, old in chosen[: args.sample]:
            if args.time and time.monotonic() - start > args.time:
                break
            seen += 1
            for what, (one, other), level in tries(pair, library, old,
                                                   random.Random(f"{args.seed}{name}"), scratch):
                found = differences(one, other, level)
                passed += not found
                failed += bool(found)
                for text in found[:SHOWN]:
                    print(f"{name}, {what}: {text}")
                if found and args.keep:
                    os.system(f"cp {scratch}/mixed.symbols {args.keep}")
                    print(" ".join(one.args), "\n", " ".join(other.args))
                    sys.exit(1)
    print(f"{seen} libraries")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
