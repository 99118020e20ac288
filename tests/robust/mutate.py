#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damaged copies of small real ELF files: no signal, no sanitizer report, bounded cost.

The damage depends on the seed and the number of a copy alone. Many copies go through
each call. A copy that breaks something is kept, and its path is told.
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

import fixtures
from fixtures import support

BATCH = 100
LARGEST = 40_000  # bytes of a file of the system
SYSTEM_FILES = 60
HOT = 8192  # headers, dynamic symbols, versions and hash tables lie in front
WORDS = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
         0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFF000]
FAULTS = 5  # enough of them to stop
STATUSES = {0, 1, 3, 5}
CALLS = [
    ["check"], ["show", "--format", "json"], ["tree"], ["check", "--format", "json", "--lint"],
]


def system_files():
    """Small programs and libraries of this system, spread evenly over their sorted names."""
    found = []
    for place in "/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib":
        for path in sorted(Path(place).glob("*")):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
                continue
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    step = max(len(found) // SYSTEM_FILES, 1)
    return found[::step]


def flip(data, rng, end):
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(end)] = rng.randrange(256)


def put_word(data, rng, end):
    """An interesting number in place of an aligned word."""
    for _ in range(rng.randint(1, 3)):
        width = rng.choice([2, 4, 8])
        value = rng.choice(WORDS + [len(data) - 1, len(data), len(data) + 1, rng.randrange(len(data))])
        at = rng.randrange(max(end // width, 1)) * width
        order = rng.choice(["little", "little", "big"])
        data[at:at + width] = (value % (1 << (8 * width))).to_bytes(width, order)


def move_block(data, rng, end):
    size = rng.choice([4, 8, 16, 24, 56, 64])
    source, target = rng.randrange(len(data)), rng.randrange(end)
    block = data[source:source + size]
    data[target:target + len(block)] = block


def damage(original, rng):
    data = bytearray(original)
    hot = min(HOT, len(data))
    kind = rng.random()
    if kind < 0.35:
        flip(data, rng, hot)
    elif kind < 0.65:
        put_word(data, rng, hot)
    elif kind < 0.75:
        put_word(data, rng, min(1024, len(data)))
    elif kind < 0.85:
        flip(data, rng, len(data))
    elif kind < 0.92:
        move_block(data, rng, hot)
    else:
        del data[rng.randrange(len(data)):]
        if data and rng.random() < 0.5:
            flip(data, rng, len(data))
    return bytes(data)


class Mutator:
    def __init__(self, args, folder, tap):
        self.abifit = args.abifit
        self.seed = args.seed
        self.keep = args.keep
        self.tap = tap
        self.sanitized = support.sanitized(args.abifit)
        self.folder = folder / "files"
        built = folder / "built"
        built.mkdir()
        self.program = built / "good/prog"
        self.originals = [path.read_bytes() for path in fixtures.variety(built)]
        self.originals += [path.read_bytes() for path in system_files()]
        self.library = (built / "good/libx.so.1").read_bytes()
        # Under AddressSanitizer the address space is no measure, and memory counts double.
        self.memory = (1500 if self.sanitized else 400) * support.MEGABYTE
        self.space = None if self.sanitized else 2048 * support.MEGABYTE

    def write(self, first, count, as_library):
        """`count` damaged copies; the files to name in the call."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        files = []
        for number in range(first, first + count):
            rng = random.Random(f"{self.seed}/{number}")
            original = self.library if as_library else rng.choice(self.originals)
            copy = damage(original, rng)
            if as_library:  # found through the $ORIGIN of an intact program beside it
                place = self.folder / f"{number:06}"
                place.mkdir()
                shutil.copy(self.program, place / "prog")
                (place / "libx.so.1").write_bytes(copy)
                files.append(place / "prog")
            else:
                files.append(self.folder / f"{number:06}.elf")
                files[-1].write_bytes(copy)
        return files

    def wrong(self, arguments, files):
        """What is wrong with one call, or None."""
        seconds = 5 + len(files) // (2 if self.sanitized else 10)
        result = support.run([self.abifit, *arguments, *map(str, files)], timeout=4 * seconds,
                             preexec=support.limits(seconds=seconds, address_space=self.space))
        if result.crash():
            return result.crash()
        if result.status not in STATUSES:
            return f"status {result.status}\n{result.text[-2000:]}"
        if result.peak > self.memory:
            return f"{result.peak >> 20} MB of memory"
        if "json" in arguments:
            return support.report_of(result, validate=False)[1]
        return None

    def batch(self, first, count, as_library):
        """Whether all calls over these copies went well."""
        files = self.write(first, count, as_library)
        good = True
        for arguments in CALLS:
            wrong = self.wrong(arguments, files)
            if wrong:
                good = False
                self.blame(arguments, files, wrong)
        return good

    def blame(self, arguments, files, wrong):
        """Finds and keeps the copies that are at fault."""
        details = [wrong[:3000]]
        for file in files:
            alone = self.wrong(arguments, [file])
            if alone:
                self.keep.mkdir(parents=True, exist_ok=True)
                fault = file.parent / "libx.so.1" if file.name == "prog" else file
                kept = self.keep / f"{self.seed}-{file.parent.name if fault != file else file.stem}.elf"
                shutil.copy(fault, kept)
                details.append(f"kept {kept}: {alone[:1000]}")
                if len(details) > 3:
                    break
        self.tap.ok(False, f"{' '.join(arguments)}: {files[0].name} to {files[-1].name}", *details)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=support.program)
    parser.add_argument("--count", type=int, default=2000, help="number of damaged copies")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=float, help="end early, and say so")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "abifit-mutants",
                        help="where copies that break something are kept")
    args = parser.parse_args()
    left = support.seconds_left(args.seconds)
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        mutator = Mutator(args, Path(name), tap)
        tap.ok(len(mutator.originals) > 30, f"{len(mutator.originals)} files to damage")
        done = 0
        while done < args.count and left() > 0 and tap.failed < FAULTS:
            count = min(BATCH, args.count - done)
            # Each fifth batch is damaged where a good program finds it.
            good = mutator.batch(done, count, done // BATCH % 5 == 4)
            if good and (done // BATCH) % 10 == 9:
                tap.ok(True, f"copies up to {done + count}")
            done += count
        tap.ok(done > 0, f"{done} of {args.count} damaged copies, {tap.failed} batches with faults")
    return tap.close()


sys.exit(main())
