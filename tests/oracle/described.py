#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the debug information describe each function and variable that a library exports?

Those that Abifit does not find must have a reason that other tools tell: the compiler made
them, they are assembler, or the unit they come from has no entry with their address.
Prints a count for each reason; what has none fails.

    described.py --dump PROGRAM [--debug-dir DIR]… LIBRARY…
"""

import argparse
import collections
import os
import re
import subprocess
import sys


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, errors="replace").stdout


def symbols_of(library):
    """{name: (address, type)} of the functions and variables that are exported."""
    found = {}
    for line in output("readelf", "--dyn-syms", "-W", library).splitlines():
        words = line.split()
        if len(words) < 8 or words[6] in ("UND", "ABS") or words[3] == "TLS" or words[4] not in ("GLOBAL", "WEAK", "UNIQUE"):
            continue
        found[words[7].split("@")[0]] = (int(words[1], 16), words[3])
    return found


def debug_file(library, folders):
    number = re.search(r"Build ID: ([0-9a-f]+)", output("readelf", "-n", library))
    for folder in folders if number else []:
        path = os.path.join(folder, ".build-id", number[1][:2], number[1][2:] + ".debug")
        if os.path.exists(path):
            return path
    return library


class Names:
    """Names in the debug information, as readelf prints it: whether their entries have an address."""

    def __init__(self, path):
        self.path, self.known = path, None

    def take(self):
        self.known = collections.defaultdict(set)
        tag, names, placed, declared = "", [], False, False
        with subprocess.Popen(["readelf", "--debug-dump=info", "-W", self.path], stdout=subprocess.PIPE, text=True, errors="replace",
                              stderr=subprocess.DEVNULL) as dump:
            for line in dump.stdout:
                if line.startswith(" <") and "Abbrev Number" in line:
                    if tag in ("DW_TAG_subprogram", "DW_TAG_variable"):
                        for name in names:
                            self.known[name].add("placed" if placed else "declared" if declared else "abstract")
                    tag = line.rsplit("(", 1)[-1].rstrip(")\n")
                    names, placed, declared = [], False, False
                elif "DW_AT_name" in line or "linkage_name" in line:
                    names.append(line.rsplit(": ", 1)[-1].strip())
                elif "DW_AT_low_pc" in line or "DW_AT_location" in line or "DW_AT_ranges" in line:
                    placed = True
                elif "DW_AT_declaration" in line:
                    declared = True

    def of(self, name):
        if self.known is None:
            self.take()
        return self.known.get(name, set())


def reason_of(name, address, kind, debug, names):
    if name.startswith(("_ZT", "_ZG")):
        return "made by the compiler"
    if name.startswith("_ZZ"):
        return "static inside of a function"
    where = output("addr2line", "-e", debug, hex(address)).split(":")[0]
    if kind in ("FUNC", "IFUNC", "NOTYPE") and where.endswith((".S", ".s")):
        return "assembler"
    entries = names.of(name)
    if "placed" in entries:
        return None
    if entries:
        return "its entries have no address: made one with another"
    if where == "??" or kind == "OBJECT":
        return "no entry has its name or address"
    return None


def check(dump, library, folders):
    wanted = symbols_of(library)
    options = [word for folder in folders for word in ("--debug-dir", folder)]
    lost, read = set(), False
    for line in output(dump, "--symbols", library, *options, library).splitlines():
        if line.endswith(" not found"):
            lost.add(line.split(" ")[0])
        read |= line.startswith("units ")
    debug = debug_file(library, folders)
    names = Names(debug)
    reasons, failed = collections.Counter(), 0
    for name in sorted(lost):
        reason = reason_of(name, *wanted.get(name, (0, "?")), debug, names)
        reasons[reason or "no reason"] += 1
        if not reason:
            failed += 1
            print(f"    {name}: not found, though {sorted(names.of(name))}")
    text = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    print(f"{os.path.basename(library)}: {len(wanted)} symbols, {len(wanted) - len(lost)} described" + (f"; {text}" if text else "")
          + ("" if read else "; NO DEBUG INFORMATION"), flush=True)
    return len(wanted) - failed if read else 0, failed if read else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True, help="dump-types")
    parser.add_argument("--debug-dir", action="append", default=["/usr/lib/debug"])
    parser.add_argument("libraries", nargs="+")
    arguments = parser.parse_args()
    passed = failed = 0
    for library in arguments.libraries:
        good, bad = check(arguments.dump, library, arguments.debug_dir)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
