#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads and patches ELF files in place, by bytes: what the fixtures need and no more.

An Elf is loaded whole, changed, and saved under another name. It never grows: a
changed string must fit in the room of the old one, a dynamic entry is taken over
or put into the spare room behind the last one. Both classes and byte orders.
As a program: `elfpatch.py IN OUT OPERATION [ARGUMENT]…`, see OPERATIONS.
"""

import mmap
import os
import struct
import sys

PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
PT_GNU_STACK, PT_GNU_PROPERTY = 0x6474E551, 0x6474E553
DT = {
    "NULL": 0, "NEEDED": 1, "PLTRELSZ": 2, "HASH": 4, "STRTAB": 5, "SYMTAB": 6, "RELA": 7,
    "RELASZ": 8, "STRSZ": 10, "INIT": 12, "FINI": 13, "SONAME": 14, "RPATH": 15, "SYMBOLIC": 16,
    "REL": 17, "RELSZ": 18, "PLTREL": 20, "DEBUG": 21, "TEXTREL": 22, "JMPREL": 23,
    "BIND_NOW": 24, "RUNPATH": 29, "FLAGS": 30, "RELR": 36, "GNU_HASH": 0x6FFFFEF5,
    "DEPAUDIT": 0x6FFFFEFB, "AUDIT": 0x6FFFFEFC, "VERSYM": 0x6FFFFFF0, "RELACOUNT": 0x6FFFFFF9,
    "FLAGS_1": 0x6FFFFFFB, "VERDEF": 0x6FFFFFFC, "VERDEFNUM": 0x6FFFFFFD,
    "VERNEED": 0x6FFFFFFE, "VERNEEDNUM": 0x6FFFFFFF, "AUXILIARY": 0x7FFFFFFD,
    "FILTER": 0x7FFFFFFF,
}
DT_NAMES = {number: name for name, number in DT.items()}
# In the range that the loader reads no entry of; what was there is as good as gone.
DT_GONE = 0x6FFFF000
DF_SYMBOLIC, DF_TEXTREL, DF_BIND_NOW, DF_STATIC_TLS = 2, 4, 8, 0x10
DF_1_NOW, DF_1_NODEFLIB, DF_1_PIE = 1, 0x800, 0x08000000
STB = {"LOCAL": 0, "GLOBAL": 1, "WEAK": 2, "GNU_UNIQUE": 10}
STV = {"DEFAULT": 0, "INTERNAL": 1, "HIDDEN": 2, "PROTECTED": 3}
STT = {"NOTYPE": 0, "OBJECT": 1, "FUNC": 2, "TLS": 6, "GNU_IFUNC": 10}
VER_FLG_BASE, VER_FLG_WEAK = 1, 2


class ElfError(Exception):
    """The file is not one that can be patched in the asked way."""


def sysv_hash(name):
    value = 0
    for byte in name:
        value = (value << 4) + byte
        high = value & 0xF0000000
        if high:
            value ^= high >> 24
        value &= ~high
    return value & 0xFFFFFFFF


def gnu_hash(name):
    value = 5381
    for byte in name:
        value = (value * 33 + byte) & 0xFFFFFFFF
    return value


class Symbol:
    __slots__ = ("index", "offset", "name", "info", "other", "shndx", "value", "size")

    def __init__(self, index, offset, name, info, other, shndx, value, size):
        self.index, self.offset, self.name = index, offset, name
        self.info, self.other, self.shndx = info, other, shndx
        self.value, self.size = value, size

    @property
    def bind(self):
        return self.info >> 4

    @property
    def type(self):
        return self.info & 15

    @property
    def defined(self):
        return self.shndx != 0


class Version:
    """A verdef (kind 'def', `file` None) or one vernaux (kind 'need')."""
    __slots__ = ("kind", "index", "flags", "hash", "name", "file", "offset", "name_offset",
                 "hidden")

    def __init__(self, kind, index, flags, hash_, name, file, offset, name_offset, hidden):
        self.kind, self.index, self.flags, self.hash = kind, index, flags, hash_
        self.name, self.file, self.offset = name, file, offset
        self.name_offset, self.hidden = name_offset, hidden


class Elf:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            # Mapped privately: changes stay in memory, and large files cost what is looked at.
            if not os.fstat(file.fileno()).st_size:
                raise ElfError(f"{path}: empty")
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        ident = self.data[:16]
        if len(self.data) < 52 or ident[:4] != b"\x7fELF":
            raise ElfError(f"{path}: no ELF file")
        if ident[4] not in (1, 2) or ident[5] not in (1, 2):
            raise ElfError(f"{path}: class or byte order")
        self.wide = ident[4] == 2
        self.order = "<" if ident[5] == 1 else ">"
        if self.wide and len(self.data) < 64:
            raise ElfError(f"{path}: header cut off")
        self.type, self.machine = self.get("HH", 16)
        if self.wide:
            self.phoff, = self.get("Q", 32)
            self.phentsize, self.phnum = self.get("HH", 54)
        else:
            self.phoff, = self.get("I", 28)
            self.phentsize, self.phnum = self.get("HH", 42)
        self.phdrs = [self._phdr(i) for i in range(self.phnum)]
        self._read_dynamic()

    # Plain access.
    def get(self, layout, offset):
        try:
            return struct.unpack_from(self.order + layout, self.data, offset)
        except struct.error as error:
            raise ElfError(f"{self.path}: offset {offset:#x} is outside") from error

    def put(self, layout, offset, *values):
        struct.pack_into(self.order + layout, self.data, offset, *values)

    def save(self, path, length=None):
        """By way of a new file: this one may be mapped from `path` itself."""
        with open(path + ".new", "wb") as file:
            file.write(self.data[:length])
        os.replace(path + ".new", path)

    def _phdr(self, index):
        at = self.phoff + index * self.phentsize
        if self.wide:
            type_, flags, offset, vaddr, _, filesz, memsz, align = self.get("IIQQQQQQ", at)
        else:
            type_, offset, vaddr, _, filesz, memsz, flags, align = self.get("IIIIIIII", at)
        return {"at": at, "type": type_, "flags": flags, "offset": offset, "vaddr": vaddr,
                "filesz": filesz, "memsz": memsz, "align": align}

    def segment(self, type_):
        return next((p for p in self.phdrs if p["type"] == type_), None)

    def put_phdr(self, phdr, field, value):
        places = ({"type": ("I", 0), "flags": ("I", 4), "offset": ("Q", 8), "vaddr": ("Q", 16),
                   "filesz": ("Q", 32), "memsz": ("Q", 40), "align": ("Q", 48)} if self.wide else
                  {"type": ("I", 0), "offset": ("I", 4), "vaddr": ("I", 8), "filesz": ("I", 16),
                   "memsz": ("I", 20), "flags": ("I", 24), "align": ("I", 28)})
        layout, at = places[field]
        self.put(layout, phdr["at"] + at, value)
        phdr[field] = value

    def offset_of(self, address):
        for phdr in self.phdrs:
            if phdr["type"] == PT_LOAD and phdr["vaddr"] <= address < phdr["vaddr"] + phdr["filesz"]:
                return address - phdr["vaddr"] + phdr["offset"]
        raise ElfError(f"{self.path}: address {address:#x} is in no segment")

    def string(self, offset):
        end = self.data.find(b"\0", self.strtab + offset)
        return bytes(self.data[self.strtab + offset:end])

    @property
    def interpreter(self):
        phdr = self.segment(PT_INTERP)
        if phdr is None:
            return None
        return bytes(self.data[phdr["offset"]:phdr["offset"] + phdr["filesz"]]).rstrip(b"\0").decode()

    # The dynamic section.
    def _read_dynamic(self):
        self.dynamic = []  # [tag, value, offset]
        phdr = self.segment(PT_DYNAMIC)
        self.strtab = None
        if phdr is None:
            return
        layout, size = ("qQ", 16) if self.wide else ("iI", 8)
        at, end = phdr["offset"], phdr["offset"] + phdr["filesz"]
        while at + size <= end:
            tag, value = self.get(layout, at)
            self.dynamic.append([tag, value, at])
            at += size
            if tag == 0:
                break
        self.dynamic_spare = (end - at) // size
        if self.tag("STRTAB") is not None:
            self.strtab = self.offset_of(self.tag("STRTAB"))

    def tag(self, name):
        number = DT[name] if isinstance(name, str) else name
        return next((value for tag, value, _ in self.dynamic if tag == number), None)

    def strings(self, name):
        return [self.string(value).decode() for tag, value, _ in self.dynamic if tag == DT[name]]

    @property
    def soname(self):
        found = self.strings("SONAME")
        return found[0] if found else None

    def put_dynamic(self, entry, tag=None, value=None):
        entry[0] = entry[0] if tag is None else (DT[tag] if isinstance(tag, str) else tag)
        entry[1] = entry[1] if value is None else value
        self.put("qQ" if self.wide else "iI", entry[2], entry[0], entry[1])

    def drop_tag(self, name):
        """Every entry of that tag becomes one that means nothing. Number of them."""
        count = 0
        for entry in self.dynamic:
            if entry[0] == DT[name]:
                self.put_dynamic(entry, tag=DT_GONE)
                count += 1
        return count

    def add_tag(self, name, value):
        """Behind the last entry if there is room, else in the place of DT_DEBUG or RELACOUNT."""
        size = 16 if self.wide else 8
        last = self.dynamic[-1]
        if last[0] == 0 and self.dynamic_spare > 0:
            self.put_dynamic(last, tag=name, value=value)
            self.dynamic.append([0, 0, last[2] + size])
            self.put_dynamic(self.dynamic[-1])
            self.dynamic_spare -= 1
            return
        for victim in ("DEBUG", "RELACOUNT"):
            for entry in self.dynamic:
                if entry[0] == DT[victim]:
                    self.put_dynamic(entry, tag=name, value=value)
                    return
        raise ElfError(f"{self.path}: no room for a dynamic entry")

    def change_flags(self, name, add=0, remove=0):
        for entry in self.dynamic:
            if entry[0] == DT[name]:
                self.put_dynamic(entry, value=(entry[1] | add) & ~remove)
                return
        if add:
            self.add_tag(name, add)

    # Strings: one that is the tail of another, or that others use the tail of, changes with it.
    def rename_string(self, offset, new):
        old = self.string(offset)
        if len(new) > len(old):
            raise ElfError(f"{self.path}: no room to rename {old!r}")
        at = self.strtab + offset
        self.data[at:at + len(old)] = new + bytes(len(old) - len(new))

    def find_string(self, text):
        """Offset of a string, whole or the tail of another, or None."""
        size = self.tag("STRSZ")
        table = bytes(self.data[self.strtab:self.strtab + size])
        at = table.find(text + b"\0")
        return None if at < 0 else at

    # Symbols.
    @property
    def symbol_count(self):
        if self.tag("HASH") is not None:
            layout = "QQ" if self.machine == 0x9026 or (self.machine == 22 and self.wide) else "II"
            return self.get(layout, self.offset_of(self.tag("HASH")))[1]
        if self.tag("GNU_HASH") is None:
            return 0
        table = self.gnu_hash_table()
        last = max(table["buckets"], default=0)
        if last < table["symoffset"]:
            return self._count_without_exports(table)
        while True:
            hash_, = self.get("I", table["chains"] + 4 * (last - table["symoffset"]))
            last += 1
            if hash_ & 1:
                return last

    def _count_without_exports(self, table):
        # Linkers put .dynstr right behind .dynsym; a table without exports tells no length.
        if self.strtab is not None and self.tag("STRTAB") > self.tag("SYMTAB"):
            return (self.tag("STRTAB") - self.tag("SYMTAB")) // (24 if self.wide else 16)
        return table["symoffset"]

    def gnu_hash_table(self):
        at = self.offset_of(self.tag("GNU_HASH"))
        count, symoffset, bloom, shift = self.get("IIII", at)
        word = 8 if self.wide else 4
        buckets = at + 16 + bloom * word
        return {"at": at, "symoffset": symoffset, "bloom": bloom, "shift": shift,
                "bucket_at": buckets, "buckets": list(self.get(f"{count}I", buckets)),
                "chains": buckets + 4 * count}

    def symbols(self):
        if self.tag("SYMTAB") is None:
            return []
        base, count = self.offset_of(self.tag("SYMTAB")), self.symbol_count
        result = []
        for index in range(count):
            if self.wide:
                at = base + 24 * index
                name, info, other, shndx, value, size = self.get("IBBHQQ", at)
            else:
                at = base + 16 * index
                name, value, size, info, other, shndx = self.get("IIIBBH", at)
            result.append(Symbol(index, at, self.string(name), info, other, shndx, value, size))
        return result

    def put_symbol(self, symbol, **fields):
        places = ({"name": ("I", 0), "info": ("B", 4), "other": ("B", 5), "shndx": ("H", 6),
                   "value": ("Q", 8), "size": ("Q", 16)} if self.wide else
                  {"name": ("I", 0), "value": ("I", 4), "size": ("I", 8), "info": ("B", 12),
                   "other": ("B", 13), "shndx": ("H", 14)})
        for field, value in fields.items():
            layout, at = places[field]
            self.put(layout, symbol.offset + at, value)
            if field != "name":
                setattr(symbol, field, value)

    def name_offset(self, symbol):
        return self.get("I", symbol.offset)[0]

    # Versions.
    def versym(self, symbol):
        if self.tag("VERSYM") is None:
            return None
        return self.get("H", self.offset_of(self.tag("VERSYM")) + 2 * symbol.index)[0]

    def put_versym(self, symbol, value):
        self.put("H", self.offset_of(self.tag("VERSYM")) + 2 * symbol.index, value)

    def verdefs(self):
        result = []
        if self.tag("VERDEF") is None:
            return result
        at = self.offset_of(self.tag("VERDEF"))
        for _ in range(self.tag("VERDEFNUM") or 0):
            _, flags, index, _, hash_, aux, following = self.get("HHHHIII", at)
            name, _ = self.get("II", at + aux)
            result.append(Version("def", index & 0x7FFF, flags, hash_, self.string(name).decode(),
                                  None, at, at + aux, False))
            if not following:
                break
            at += following
        return result

    def verneeds(self):
        result = []
        if self.tag("VERNEED") is None:
            return result
        at = self.offset_of(self.tag("VERNEED"))
        for _ in range(self.tag("VERNEEDNUM") or 0):
            _, count, file, aux, following = self.get("HHIII", at)
            entry = at + aux
            for _ in range(count):
                hash_, flags, other, name, next_ = self.get("IHHII", entry)
                result.append(Version("need", other & 0x7FFF, flags, hash_,
                                      self.string(name).decode(), self.string(file).decode(),
                                      entry, entry + 8, bool(other & 0x8000)))
                if not next_:
                    break
                entry += next_
            if not following:
                break
            at += following
        return result

    def rename_version(self, version, new, fix_hash=True):
        """Changes the string of a node; the entry's hash follows or stays what it was."""
        offset, = self.get("I", version.name_offset)
        self.rename_string(offset, new.encode())
        if fix_hash:
            at = version.offset + (8 if version.kind == "def" else 0)
            self.put("I", at, sysv_hash(new.encode()))
        version.name = new

    def put_need_flags(self, version, flags):
        self.put("H", version.offset + 4, flags)

    def hide_need(self, version):
        other, = self.get("H", version.offset + 6)
        self.put("H", version.offset + 6, other | 0x8000)

    def hash_instead_of_gnu_hash(self):
        """Overwrites the GNU hash table by one of the old kind, with a single bucket."""
        table, count = self.gnu_hash_table(), self.symbol_count
        room = table["chains"] + 4 * (count - table["symoffset"]) - table["at"]
        if 4 * (3 + count) > room:
            raise ElfError(f"{self.path}: no room for DT_HASH")
        self.put("II", table["at"], 1, count)
        self.put("I", table["at"] + 8, count - 1)
        for index in range(count):
            self.put("I", table["at"] + 12 + 4 * index, max(index - 1, 0))
        for entry in self.dynamic:
            if entry[0] == DT["GNU_HASH"]:
                self.put_dynamic(entry, tag="HASH")

    def note_offset(self, type_, owner=b"GNU\0"):
        """File offset of a note's descriptor, or None."""
        for phdr in self.phdrs:
            if phdr["type"] != PT_NOTE:
                continue
            at, end = phdr["offset"], phdr["offset"] + phdr["filesz"]
            align = 8 if phdr["align"] == 8 else 4
            while at + 12 <= end:
                namesz, descsz, kind = self.get("III", at)
                desc = at + (12 + namesz + align - 1) // align * align
                if self.data[at + 12:at + 12 + namesz] == owner and kind == type_:
                    return desc
                at = desc + (descsz + align - 1) // align * align
        return None


# The program's own operations: name → (number of arguments, function).
def _all_symbols(elf, name):
    found = [s for s in elf.symbols() if s.name == name.encode()]
    if not found:
        raise ElfError(f"no symbol {name}")
    return found


def _undefine(elf, name):
    for symbol in _all_symbols(elf, name):
        elf.put_symbol(symbol, shndx=0, value=0)


def _rename_symbol(elf, name, new):
    for symbol in _all_symbols(elf, name)[:1]:
        elf.rename_string(elf.name_offset(symbol), new.encode())


def _bind(elf, name, bind):
    for symbol in _all_symbols(elf, name):
        elf.put_symbol(symbol, info=STB[bind] << 4 | symbol.type)


def _visibility(elf, name, visibility):
    for symbol in _all_symbols(elf, name):
        elf.put_symbol(symbol, other=symbol.other & ~3 | STV[visibility])


def _byte(elf, offset, value):
    elf.data[int(offset, 0)] = int(value, 0)


OPERATIONS = {
    "undefine": (1, _undefine),
    "rename-symbol": (2, _rename_symbol),
    "bind": (2, _bind),
    "visibility": (2, _visibility),
    "byte": (2, _byte),
    "drop-tag": (1, lambda elf, name: elf.drop_tag(name)),
    "add-tag": (2, lambda elf, name, value: elf.add_tag(name, int(value, 0))),
}


def main(arguments):
    if len(arguments) < 3 or arguments[2] not in OPERATIONS:
        print("usage: elfpatch.py IN OUT " + "|".join(OPERATIONS) + " ARGUMENT…", file=sys.stderr)
        return 2
    elf = Elf(arguments[0])
    rest = arguments[2:]
    while rest:
        count, function = OPERATIONS[rest[0]]
        function(elf, *rest[1:1 + count])
        rest = rest[1 + count:]
    elf.save(arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
