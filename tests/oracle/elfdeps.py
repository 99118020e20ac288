#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`abifit deps --rpm` against rpm's elfdeps: the same bytes for every ELF file below /usr.

Both read the same list on standard input, once for each set of options; a difference is
then looked for file by file. With --multifile, rpm's program of that release is needed
(--elfdeps PROGRAM, "--multifile" in its help); without one, the lines are made from those
of single files. Prints differences, then `N passed, N failed`.

    elfdeps.py --abifit PROGRAM [--elfdeps PROGRAM] [--sample N | --all]
"""

import argparse
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from readelf import sample  # noqa: E402

ELFDEPS = "/usr/lib/rpm/elfdeps"
OPTIONS = (
    ["--provides"],
    ["--requires"],
    ["--requires", "--soname-only"],
    ["--provides", "--soname-only"],
    ["--provides", "--no-fake-soname"],
    ["--provides", "--no-filter-soname"],
    ["--requires", "--no-filter-soname", "--require-interp"],
    ["--requires", "--require-interp", "--soname-only"],
)
SHOWN = 8


def elf_files():
    """Every ELF file below /usr, objects and separate debug files too."""
    for parent, folders, names in os.walk("/usr"):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)
            if os.path.islink(path) or not os.path.isfile(path) or "\n" in path:
                continue
            try:
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield path
            except OSError:
                continue


def ask(command, files):
    result = subprocess.run(command, input="".join(f"{path}\n" for path in files).encode(),
                            capture_output=True)
    return result.returncode, result.stdout


def compare(ours, theirs, files, options):
    """Files that differ; the whole list is asked at once, and only then each by itself."""
    if ask(ours + options, files) == ask(theirs + options, files):
        return []
    different = [path for path in files
                 if ask(ours + options, [path]) != ask(theirs + options, [path])]
    return different or ["the list as a whole"]


def multifile(ours, theirs, files, options):
    """The lines of each file, after one with its name where there are any."""
    help_text = subprocess.run(theirs + ["--help"], capture_output=True, text=True).stdout
    if "--multifile" in help_text:
        expected = ask(theirs + options + ["--multifile"], files)
    else:
        expected = 0, b""
        for path in files:
            lines = ask(theirs + options, [path])[1]
            expected = 0, expected[1] + (f";{path}\n".encode() + lines if lines else b"")
    return [] if ask(ours + options + ["--multifile"], files) == expected else ["--multifile"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--elfdeps", default=ELFDEPS)
    parser.add_argument("--sample", type=int, default=600)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--time", type=float, help="ignored: all files take seconds")
    args = parser.parse_args()
    if not os.access(args.elfdeps, os.X_OK):
        sys.exit(f"{args.elfdeps} is not there: install rpm")
    files = sample(list(elf_files()), None if args.all else args.sample)
    ours, theirs = [args.abifit, "deps", "--rpm"], [args.elfdeps]
    passed = failed = 0
    for options in OPTIONS:
        different = compare(ours, theirs, files, options)
        failed += len(different)
        passed += len(files) - len(different)
        for path in different[:SHOWN]:
            print(f"{' '.join(options)}: {path} differs")
    for options in (["--provides"], ["--requires"]):
        different = multifile(ours, theirs, files[::10], options)
        failed += len(different)
        passed += not different
        for what in different:
            print(f"{' '.join(options)}: {what} differs")
    print(f"{len(files)} files, {len(OPTIONS)} sets of options")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
