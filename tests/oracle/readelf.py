#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`abifit show --format json` against readelf, over files of the system and fixtures.

Compared: kind, soname, needed, run paths, loader, build id, version nodes with their
parents, needed versions, exports (name, version, default mark, kind, binding, size),
imports (name, version, library, weak, copied), RELRO, stack and binding flags; for
objects and archives, the symbols of each member. Fixtures are built for all machines
with a cross compiler. Prints differences, then `N passed, N failed`.

    readelf.py --abifit PROGRAM [--sample N | --all | FILE…]
"""

import argparse
import collections
import concurrent.futures
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import readelf_fixtures  # noqa: E402
import readelf_tables  # noqa: E402

FOLDERS = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/libx32", "/usr/libexec",
           "/usr/local", "/usr/s390x-linux-gnu", "/usr/aarch64-linux-gnu",
           "/usr/arm-linux-gnueabihf", "/usr/i686-linux-gnu")
BATCH = 20
SHOWN = 8


def files_of_system():
    """ELF files and archives, each inode once, sorted."""
    found = {}
    for folder in FOLDERS:
        for parent, folders, names in os.walk(folder):
            # Separate debug information has the headers of its program, but not what they point at.
            folders[:] = sorted(name for name in folders if name != ".build-id")
            for name in names:
                path = os.path.join(parent, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                try:
                    with open(path, "rb") as file:
                        magic = file.read(20)
                except OSError:
                    continue
                if magic[:4] == b"\x7fELF" or (magic[:8] == b"!<arch>\n" and name.endswith(".a")):
                    status = os.stat(path)
                    found.setdefault((status.st_dev, status.st_ino), path)
    return sorted(found.values())


def sample(files, count):
    if count is None or len(files) <= count:
        return files
    return [files[i * len(files) // count] for i in range(count)]


def abifit(program, files):
    """Path → image of the report; None for a file that it calls unreadable."""
    result = subprocess.run([program, "show", "--format", "json", "--", *files], capture_output=True,
                            stdin=subprocess.DEVNULL)
    if result.returncode not in (0, 3):
        raise RuntimeError(f"status {result.returncode}: {result.stderr[-500:]!r}")
    report = json.loads(result.stdout)
    images = {image["path"]: image for image in report["images"]}
    errors = {entry["path"]: entry["error"] for entry in report["inputs"] if entry["error"]}
    return images, errors


def kind_of(path, tables):
    """What readelf's tables and the file's name and mode make of it."""
    kind = tables.header.get("Type", "").split()[0]
    pie = "FLAGS_1:PIE" in tables.flags
    dynamic = any(name == "DYNAMIC" for name, _ in tables.segments)
    if kind == "EXEC":
        return "program" if tables.interpreter or dynamic else "static"
    if kind == "DYN":
        module = ".so" in os.path.basename(path) and not os.stat(path).st_mode & 0o111
        if tables.interpreter and (pie or not (tables.soname or module)):
            return "pie"
        return "static-pie" if pie else "library"
    return {"REL": "object", "CORE": "core"}.get(kind, "other")


def multiset(name, mine, theirs):
    """Differences of two lists of tuples."""
    mine, theirs = collections.Counter(mine), collections.Counter(theirs)
    for label, extra in ("abifit only", mine - theirs), ("readelf only", theirs - mine):
        for entry in sorted(extra, key=repr)[:SHOWN]:
            yield f"{name}: {label}: {entry}"


def facts(path, tables):
    stack = [flags for name, flags in tables.segments if name == "GNU_STACK"]
    return {
        "kind": kind_of(path, tables),
        "class": 64 if "64" in tables.header["Class"] else 32,
        "byte_order": "big" if "big" in tables.header["Data"] else "little",
        "soname": tables.soname,
        "interpreter": tables.interpreter,
        "build_id": tables.build_id,
        "needed": tables.needed,
        "rpath": None if tables.runpath is not None else tables.rpath,
        "runpath": tables.runpath,
        "bind_now": bool(tables.flags & {"BIND_NOW", "FLAGS:BIND_NOW", "FLAGS_1:NOW"}),
        "text_relocations": bool(tables.flags & {"TEXTREL", "FLAGS:TEXTREL"}),
        "stack_unmarked": not stack,
        "stack": bool(stack) and "E" in stack[-1],
        "relro": any(name == "GNU_RELRO" for name, _ in tables.segments),
    }


def compare_facts(path, image, tables):
    mine = dict(image)
    hardening = image["hardening"]
    mine["bind_now"] = hardening["bind_now"]
    mine["text_relocations"] = hardening["text_relocations"]
    mine["stack_unmarked"] = hardening["stack_unmarked"]
    mine["stack"] = hardening["executable_stack"] and not hardening["stack_unmarked"]
    mine["relro"] = hardening["relro"] != "none"
    for name, value in facts(path, tables).items():
        if mine[name] != value:
            yield f"{name}: abifit {mine[name]!r}, readelf {value!r}"
    filters = [entry["library"] for entry in image["filters"]]
    if filters != tables.filters:
        yield f"filters: abifit {filters}, readelf {tables.filters}"


def export_of(e):
    """readelf leaves out the version of a symbol that only stands for that version."""
    bare = e["version"] == e["name"]
    return (e["name"], None if bare else e["version"], None if bare else e["default"], e["kind"],
            e["binding"], e["visibility"], e["size"], e["copied"])


def compare_image(path, image, tables):
    yield from compare_facts(path, image, tables)
    defined = [{k: v for k, v in node.items() if k != "exports"}
               for node in image["versions"]["defined"]]
    if defined != tables.defined:
        yield f"version nodes: abifit {defined}, readelf {tables.defined}"
    if image["versions"]["needed"] != tables.needs:
        yield f"needed versions: abifit {image['versions']['needed']}, readelf {tables.needs}"
    yield from multiset("exports", [export_of(e) for e in image["exports"]], tables.exports())
    yield from multiset("imports", [
        (i["name"], i["version"], i["library"], i["kind"], i["weak"], i["copied"])
        for i in image["imports"]], tables.imports())


def joined(symbol):
    mark = {None: "", False: "@", True: "@@"}[symbol.get("default", False)]
    return symbol["name"] + (mark + symbol["version"] if symbol["version"] else "")


def compare_objects(image, members):
    """Members of one name are compared together."""
    mine = {}
    for member in image["members"]:
        defined, undefined = mine.setdefault(member["name"], ([], []))
        defined += [(joined(s), s["binding"], s["size"]) for s in member["defined"]]
        undefined += [(joined(s), s["weak"]) for s in member["undefined"]]
    for name in sorted({*mine, *members}, key=str):
        for what, a, b in zip(("defines", "needs"), mine.get(name, ([], [])),
                              members.get(name, ([], []))):
            yield from multiset(f"{name} {what}", a, b)


def compare_file(path, image):
    if image["kind"] in ("object", "archive"):
        return list(compare_objects(image, readelf_tables.read_objects(path)))
    return list(compare_image(path, image, readelf_tables.read(path)))


def compare_batch(program, files):
    """[(path, differences or None when the file is left out)]"""
    try:
        images, errors = abifit(program, files)
    except (RuntimeError, ValueError) as error:
        if len(files) == 1:
            return [(files[0], [f"abifit failed: {error}"])]
        return [pair for path in files for pair in compare_batch(program, [path])]
    results = []
    for path in files:
        if path in images:
            differences = compare_file(path, images[path])
            if path in errors:
                differences.append(f"error: {errors[path]}")
        else:
            differences = [f"not shown: {errors.get(path)}"]
        results.append((path, differences))
    return results


def compare_all(program, files, limit=None):
    start = time.monotonic()
    batches = [files[i:i + BATCH] for i in range(0, len(files), BATCH)]
    passed = failed = 0
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        # Two at a time, so that what is left can be dropped when the time is over.
        for at in range(0, len(batches), 2):
            if limit is not None and time.monotonic() - start > limit:
                print(f"out of time: {len(files) - at * BATCH} files not looked at")
                break
            pair = batches[at:at + 2]
            for path, differences in itertools.chain(*pool.map(compare_batch, [program] * len(pair), pair)):
                passed += not differences
                failed += bool(differences)
                for line in differences[:SHOWN]:
                    print(f"{path}: {line}"[:1000], flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, help="the program under test")
    parser.add_argument("--sample", type=int, default=400, metavar="N",
                        help="N files of the system, evenly spaced (default 400)")
    parser.add_argument("--all", action="store_true", help="all files of the system")
    parser.add_argument("--time", type=float, metavar="SECONDS", help="end early, and say so")
    parser.add_argument("files", nargs="*", help="these files instead")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="abifit-") as folder:
        files = args.files or sample(files_of_system(), None if args.all else args.sample) \
            + readelf_fixtures.build(folder)
        passed, failed = compare_all(args.abifit, files, args.time)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
