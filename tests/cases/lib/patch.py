#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damages an ELF file on purpose, for cases.

    patch.py IN OUT OPERATION [ARGUMENT]…
    patch.py IN                             what follows IN is in each line of standard input

The operations of elfpatch.py, and these. Numbers may be hexadecimal. An OFFSET is a number,
or the name of a dynamic entry whose value is an address, such as VERDEF+8.

    segment TYPE[:N] FIELD VALUE    field of the first, or the Nth, program header of that type
    entry TAG VALUE                 value of the first dynamic entry of that tag
    byte OFFSET VALUE, word OFFSET VALUE    one byte, four bytes
    property TYPE VALUE             four bytes of a GNU property
    cut PLACE[+N|-N]                the file ends there: a number; `dynamic`, where that begins;
                                    `load:N` and `loaded:N`, where the Nth PT_LOAD begins and ends
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../oracle"))
import elfpatch  # noqa: E402

SEGMENTS = {"LOAD": 1, "DYNAMIC": 2, "INTERP": 3, "NOTE": 4, "PHDR": 6, "TLS": 7,
            "STACK": elfpatch.PT_GNU_STACK, "PROPERTY": elfpatch.PT_GNU_PROPERTY}


def number(text):
    return int(text, 0)


def find_segment(elf, text):
    name, _, index = text.partition(":")
    found = [phdr for phdr in elf.phdrs if phdr["type"] == SEGMENTS[name.upper()]]
    if not found:
        raise elfpatch.ElfError(f"no segment {name}")
    return found[int(index or 0)]


def offset(elf, text):
    name, _, distance = text.partition("+")
    if not name[0].isalpha():
        return number(text)
    return elf.offset_of(elf.tag(name)) + number(distance or "0")


def put_segment(elf, segment, field, value):
    elf.put_phdr(find_segment(elf, segment), field, number(value))


def put_entry(elf, tag, value):
    for entry in elf.dynamic:
        if entry[0] == elfpatch.DT[tag]:
            elf.put_dynamic(entry, value=number(value))
            return
    raise elfpatch.ElfError(f"no dynamic entry {tag}")


def put_property(elf, kind, value):
    note = find_segment(elf, "PROPERTY")
    at, end = note["offset"] + 16, note["offset"] + note["filesz"]
    align = 8 if elf.wide else 4
    while at + 8 <= end:
        found, size = elf.get("II", at)
        if found == number(kind):
            elf.put("I", at + 8, number(value))
            return
        at += 8 + (size + align - 1) // align * align
    raise elfpatch.ElfError(f"no property {kind}")


def cut(elf, place):
    sign = max(place.find("+"), place.find("-"))
    name, distance = (place[:sign], int(place[sign:])) if sign > 0 else (place, 0)
    if name == "dynamic":
        length = find_segment(elf, name)["offset"]
    elif name.startswith("loaded"):
        phdr = find_segment(elf, name.replace("loaded", "load"))
        length = phdr["offset"] + phdr["filesz"]
    elif name.startswith("load"):
        length = find_segment(elf, name)["offset"]
    else:
        length = number(name)
    elf.length = length + distance


OPERATIONS = elfpatch.OPERATIONS | {
    "segment": (3, put_segment),
    "entry": (2, put_entry),
    "byte": (2, lambda elf, at, value: elf.put("B", offset(elf, at), number(value))),
    "word": (2, lambda elf, at, value: elf.put("I", offset(elf, at), number(value))),
    "property": (2, put_property),
    "cut": (1, cut),
}


def patch(source, target, operations):
    elf = elfpatch.Elf(source)
    elf.length = None
    while operations:
        name, *operations = operations
        count, function = OPERATIONS[name]
        function(elf, *operations[:count])
        operations = operations[count:]
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    elf.save(target, elf.length)
    os.chmod(target, os.stat(source).st_mode)


def main(arguments):
    if len(arguments) == 1:
        lines = [line.split() for line in sys.stdin if line.strip()]
    elif len(arguments) > 2:
        lines = [arguments[1:]]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for target, *operations in lines:
        patch(arguments[0], target, operations)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
