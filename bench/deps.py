#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `abifit deps` costs beside elfdeps, dpkg-shlibdeps and dpkg-gensymbols, on the same files.

CPU is user + system time of the whole process with its children, the least of some runs.
elfdeps and `abifit deps --rpm` read the same list of files on standard input; the others
get one program, package or library a process, as a build calls them.

    deps.py --abifit PROGRAM [--runs N] [--programs PATH...] [--library PATH]
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

ELFDEPS = "/usr/lib/rpm/elfdeps"


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def least(runs, command, stdin=None, cwd=None, repeat=1):
    """CPU seconds of one run; a short one is repeated, as the clock of the kernel is coarse."""
    best = None
    for _ in range(runs):
        start = children()
        for _ in range(repeat):
            with open(stdin or os.devnull, "rb") as source:
                subprocess.run(command, stdin=source, cwd=cwd, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
        spent = (children() - start) / repeat
        best = spent if best is None else min(best, spent)
    return best


def elf_files():
    for parent, _, names in os.walk("/usr"):
        for name in names:
            path = os.path.join(parent, name)
            try:
                if not os.path.islink(path) and os.path.isfile(path):
                    with open(path, "rb") as file:
                        if file.read(4) == b"\x7fELF":
                            yield path
            except OSError:
                continue


def row(what, ours, theirs, name):
    print(f"{what:44} {ours * 1e3:9.2f} ms   {name}: {theirs * 1e3:9.2f} ms, "
          f"{theirs / ours:.1f} times as much", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--programs", nargs="*", default=["/usr/bin/git", "/usr/bin/curl",
                                                          "/usr/bin/gdb", "/usr/bin/dpkg"])
    parser.add_argument("--library", default="/lib/x86_64-linux-gnu/libc.so.6")
    args = parser.parse_args()
    abifit = os.path.abspath(args.abifit)
    files = sorted(elf_files())
    with tempfile.TemporaryDirectory() as folder:
        listed = os.path.join(folder, "list")
        with open(listed, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("".join(f"{path}\n" for path in files))
        for way in "--requires", "--provides":
            ours = least(args.runs, [abifit, "deps", "--rpm", way], listed)
            theirs = least(args.runs, [ELFDEPS, way], listed)
            row(f"--rpm {way}, {len(files)} files", ours, theirs, "elfdeps")
            print(f"{'':44} {ours / len(files) * 1e3:9.4f} ms a file, elfdeps "
                  f"{theirs / len(files) * 1e3:.4f}")
        os.mkdir(os.path.join(folder, "debian"))
        with open(os.path.join(folder, "debian/control"), "w", encoding="utf-8") as file:
            file.write("Source: foo\n\nPackage: foo\nArchitecture: any\n")
        for path in filter(os.path.exists, args.programs):
            ours = least(args.runs, [abifit, "deps", "--deb", path], cwd=folder, repeat=20)
            theirs = least(args.runs, ["dpkg-shlibdeps", "-O", path], cwd=folder)
            row(f"--deb {os.path.basename(path)}", ours, theirs, "dpkg-shlibdeps")
        ours = least(args.runs, [abifit, "deps", "--symbols", "--package", "p",
                                 "--package-version", "1", args.library], cwd=folder, repeat=20)
        theirs = least(args.runs, ["dpkg-gensymbols", "-pp", "-v1", "-q", "-O",
                                   f"-e{args.library}"], cwd=folder)
        row(f"--symbols {os.path.basename(args.library)}", ours, theirs, "dpkg-gensymbols")


sys.exit(main())
